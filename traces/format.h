// Numbers to text for the writers of traces/: exact, no locale, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tlm/types.h"

namespace nandtlm {

/// Characters that the longest integer or time may touch (sign, 19 digits; or sign, 13 digits, point and 8 at once).
inline constexpr std::size_t kMaxNumberText = 32;
/// Characters that the longest binary number may touch.
inline constexpr std::size_t kMaxBinaryText = 72;

namespace format_detail {

/// "00000000" .. "11111111", one after the other.
constexpr std::array<char, std::size_t{256} * 8> make_bytes() {
  std::array<char, std::size_t{256} * 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>('0' + (i / 8 >> (7 - i % 8) & 1U));
  return bytes;
}
inline constexpr std::array<char, std::size_t{256}* 8> kBytes = make_bytes();

/// A number below 1000 as it is printed, from the left, and how many characters that are.
struct SmallNumber {
  std::array<char, 3> text{};
  std::uint8_t size = 0;
};
constexpr std::array<SmallNumber, 1000> make_small_numbers() {
  std::array<SmallNumber, 1000> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    SmallNumber& number = numbers[i];
    if (i >= 100) number.text[number.size++] = static_cast<char>('0' + i / 100);
    if (i >= 10) number.text[number.size++] = static_cast<char>('0' + i / 10 % 10);
    number.text[number.size++] = static_cast<char>('0' + i % 10);
  }
  return numbers;
}
inline constexpr std::array<SmallNumber, 1000> kSmallNumbers = make_small_numbers();

/// The eight decimal digits of a number below 10^8, one per byte, the first in the lowest byte. Works on all of them at
/// once: halves, then pairs, then digits, each divided by multiplying.
inline std::uint64_t eight_digits(std::uint32_t value) {
  const std::uint64_t halves = value / 10'000 | std::uint64_t{value % 10'000} << 32;
  const std::uint64_t upper = (halves * 10'486 >> 20) & 0x7F'0000'007F;  // of each half: / 100
  const std::uint64_t pairs = ((halves - 100 * upper) << 16) + upper;
  const std::uint64_t tens = (pairs * 103 >> 10) & 0x000F'000F'000F'000F;  // of each pair: / 10
  return ((pairs - 10 * tens) << 8) + tens;
}
inline constexpr std::uint64_t kZeros = 0x3030'3030'3030'3030;  // "00000000"

/// Eight characters, the first from the lowest byte, on any machine.
inline void store(char* out, std::uint64_t characters) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>(characters >> 8 * i & 0xFF);
}

/// Of a number that is not small. May write 8 characters behind `out`, whatever it returns.
[[gnu::noinline]] inline char* format_large(char* out, std::uint64_t value) {
  constexpr std::uint64_t kBlock = 100'000'000;
  if (value >= kBlock) {
    out = format_large(out, value / kBlock);
    store(out, eight_digits(static_cast<std::uint32_t>(value % kBlock)) + kZeros);
    return out + 8;
  }
  const std::uint64_t digits = eight_digits(static_cast<std::uint32_t>(value));
  const int leading = __builtin_ctzll(digits) / 8;
  store(out, (digits + kZeros) >> 8 * leading);
  return out + 8 - leading;
}

/// Most columns are small most of the time: those are looked up, without a branch by length.
inline char* format_unsigned(char* out, std::uint64_t value) {
  if (value >= kSmallNumbers.size()) return format_large(out, value);
  const SmallNumber& small = kSmallNumbers[value];
  std::memcpy(out, &small, sizeof small);
  return out + small.size;
}

}  // namespace format_detail

/// Writes a decimal integer at `out`, returns the end. Needs kMaxNumberText characters.
template <typename Integer>
inline char* format_integer(char* out, Integer value) {
  if constexpr (std::is_signed_v<Integer>) {
    const auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    if (value < 0) {
      *out = '-';
      return format_detail::format_unsigned(out + 1, 0 - wide);
    }
    return format_detail::format_unsigned(out, wide);
  } else {
    return format_detail::format_unsigned(out, value);
  }
}

/// Writes `time` (ps) in µs with as many decimals as needed, never in exponent form: 9824400 -> "9.8244" (SPEC
/// section 9). Returns the end. Needs kMaxNumberText characters.
inline char* format_us(char* out, Time time) {
  auto ps = static_cast<std::uint64_t>(time);
  if (time < 0) {
    *out++ = '-';
    ps = 0 - ps;
  }
  constexpr auto kPs = static_cast<std::uint64_t>(kPsPerUs);
  out = format_detail::format_unsigned(out, ps / kPs);
  const std::uint64_t fraction = ps % kPs;
  if (fraction == 0) return out;
  *out++ = '.';
  const std::uint64_t digits = format_detail::eight_digits(static_cast<std::uint32_t>(fraction * 100));
  format_detail::store(out, digits + format_detail::kZeros);
  return out + 8 - __builtin_clzll(digits) / 8;
}

/// Writes `value` in binary without leading zeros, "0" for zero. Returns the end. Needs kMaxBinaryText characters.
inline char* format_binary(char* out, std::uint64_t value) {
  int bytes = 1;
  while (bytes < 8 && value >> (8 * bytes) != 0) ++bytes;
  const auto byte_text = [value](int i) { return format_detail::kBytes.data() + 8 * (value >> (8 * i) & 0xFF); };
  const char* first = byte_text(bytes - 1);
  const char* last = first + 7;
  while (first < last && *first == '0') ++first;
  std::memcpy(out, first, 8);  // with characters of the table behind it, which the next byte overwrites
  out += last + 1 - first;
  for (int i = bytes - 2; i >= 0; --i, out += 8) std::memcpy(out, byte_text(i), 8);
  return out;
}

}  // namespace nandtlm
