// The times and uids of a run as text: each is formatted once, however many rows of however many files show it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "traces/format.h"

namespace nandtlm {

/// The texts of the numbers that were asked for last. A time or an uid stands in several rows soon after one another:
/// in the sequence, the timelines and the events, as the end of one op and the start of the next. `Form` says how a
/// number is printed, how long its text is at most and where it is kept.
template <typename Form>
class NumberTexts {
 public:
  using Number = typename Form::Number;
  /// Characters that put() may write.
  static constexpr std::size_t kRoom = Form::kRoom;

  NumberTexts() { entries_[Form::slot(0)].print(0); }

  /// Writes the text of `number` at `out`, returns its end. Needs kRoom characters.
  char* put(char* out, Number number) {
    Entry& entry = entries_[Form::slot(number)];
    if (entry.number != number) {
      // Printed twice, because to read at once what was written in small pieces makes the processor wait.
      entry.print(number);
      return Form::print(out, number);
    }
    std::memcpy(out, entry.text.data(), Form::kFirst);
    if constexpr (Form::kFirst < Form::kLongest) {
      if (entry.size > Form::kFirst)
        std::memcpy(out + Form::kFirst, entry.text.data() + Form::kFirst, Form::kLongest - Form::kFirst);
    }
    return out + entry.size;
  }

 private:
  struct Entry {
    Number number = 0;
    std::array<char, Form::kRoom> text{};
    std::uint8_t size = 0;

    [[gnu::noinline]] void print(Number shown) {
      number = shown;
      size = static_cast<std::uint8_t>(Form::print(text.data(), shown) - text.data());
    }
  };

  std::array<Entry, 256> entries_{};
};

/// Of the entries of NumberTexts, for numbers that have nothing in common.
inline std::size_t number_slot(std::uint64_t number) {
  return number * 0x9E37'79B9'7F4A'7C15 >> 56;
}

/// Times in µs with a comma, see format_us().
struct TimeForm {
  using Number = Time;
  static constexpr std::size_t kLongest = 23;  ///< sign, 13 digits, point, 6 digits, comma
  static constexpr std::size_t kFirst = kLongest;
  static constexpr std::size_t kRoom = kMaxNumberText + 7;
  static std::size_t slot(Time time) { return number_slot(static_cast<std::uint64_t>(time)); }
  static char* print(char* out, Time time) {
    out = format_us(out, time);
    *out = ',';
    return out + 1;
  }
};
/// Uids with a comma. Those of living ops are close together.
struct UidForm {
  using Number = Uid;
  static constexpr std::size_t kLongest = 23;
  static constexpr std::size_t kFirst = kLongest;
  static constexpr std::size_t kRoom = kMaxNumberText + 7;
  static std::size_t slot(Uid uid) { return uid & 0xFF; }
  static char* print(char* out, Uid uid) {
    out = format_integer(out, uid);
    *out = ',';
    return out + 1;
  }
};
/// Values of a VCD, `b101`. An uid stands on the bus and on every plane of its op.
struct BinaryForm {
  using Number = std::uint64_t;
  static constexpr std::size_t kLongest = 65;
  static constexpr std::size_t kFirst = 32;  ///< enough for most
  static constexpr std::size_t kRoom = 1 + kMaxBinaryText;
  static std::size_t slot(std::uint64_t number) { return number_slot(number); }
  static char* print(char* out, std::uint64_t number) {
    *out = 'b';
    return format_binary(out + 1, number);
  }
};

/// What the rows of one run share.
struct SharedTexts {
  NumberTexts<TimeForm> times;
  NumberTexts<UidForm> uids;
};

}  // namespace nandtlm
