// The times and uids of a run as text: each is formatted once, however many rows of however many files show it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "traces/format.h"

namespace nandtlm {

/// A number with its comma.
class NumberText {
 public:
  /// Characters that copy() may write: the longest numbers have 21, and a comma.
  static constexpr std::size_t kRoom = 23;

  NumberText() = default;
  /// Of what print(out) writes without its comma; not more than 22 characters.
  template <typename Print>
  [[gnu::noinline]] explicit NumberText(Print print) {
    std::array<char, kMaxNumberText> text;
    char* const end = print(text.data());
    *end = ',';
    std::memcpy(text_.data(), text.data(), kRoom);
    size_ = static_cast<std::uint8_t>(end + 1 - text.data());
  }

  char* copy(char* out) const {
    std::memcpy(out, text_.data(), kRoom);
    return out + size_;
  }

 private:
  std::array<char, kRoom> text_{};
  std::uint8_t size_ = 0;
};

/// The texts of the numbers that were asked for last. A time or an uid stands in several rows soon after one another:
/// in the sequence, the timelines and the events, as the end of one op and the start of the next. `Form` says how a
/// number is printed and where it is kept.
template <typename Form>
class NumberTexts {
 public:
  using Number = typename Form::Number;

  NumberTexts() { entries_[Form::slot(0) % kEntries].text = text_of(0); }

  /// Valid until the next call.
  const NumberText& operator[](Number number) {
    Entry& entry = entries_[Form::slot(number) % kEntries];
    if (entry.number != number) entry = {number, text_of(number)};
    return entry.text;
  }

 private:
  struct Entry {
    Number number = 0;
    NumberText text;
  };
  static constexpr std::size_t kEntries = 256;

  static NumberText text_of(Number number) {
    return NumberText([number](char* out) { return Form::print(out, number); });
  }

  std::array<Entry, kEntries> entries_{};
};

/// Times in µs, see format_us().
struct TimeForm {
  using Number = Time;
  static std::size_t slot(Time time) { return static_cast<std::uint64_t>(time) * 0x9E37'79B9'7F4A'7C15 >> 56; }
  static char* print(char* out, Time time) { return format_us(out, time); }
};
/// Uids of living ops are close together.
struct UidForm {
  using Number = Uid;
  static std::size_t slot(Uid uid) { return uid; }
  static char* print(char* out, Uid uid) { return format_integer(out, uid); }
};

/// What the rows of one run share.
struct SharedTexts {
  NumberTexts<TimeForm> times;
  NumberTexts<UidForm> uids;
};

}  // namespace nandtlm
