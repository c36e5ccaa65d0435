// Numbers to text for the writers of traces/: exact, no locale, no allocation.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tlm/types.h"

namespace nandtlm {

/// Characters that the longest integer or time takes (sign, 13 digits, point, 6 decimals: 21).
inline constexpr std::size_t kMaxNumberText = 24;

/// Writes a decimal integer at `out`, returns the end. Needs kMaxNumberText characters.
template <typename Integer>
inline char* format_integer(char* out, Integer value) {
  if (value >= 0 && value < 10) {  // most columns most of the time
    *out = static_cast<char>('0' + value);
    return out + 1;
  }
  return std::to_chars(out, out + kMaxNumberText, value).ptr;
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
  out = format_integer(out, ps / kPs);
  auto fraction = static_cast<std::uint32_t>(ps % kPs);
  if (fraction == 0) return out;
  *out++ = '.';
  constexpr int kDecimals = 6;
  for (int i = kDecimals - 1; i >= 0; --i, fraction /= 10) out[i] = static_cast<char>('0' + fraction % 10);
  out += kDecimals;
  while (out[-1] == '0') --out;
  return out;
}

/// Writes `value` in binary without leading zeros, "0" for zero. Returns the end. Needs 64 characters.
inline char* format_binary(char* out, std::uint64_t value) {
  int bits = 1;
  while (bits < 64 && (value >> bits) != 0) ++bits;
  for (int bit = bits - 1; bit >= 0; --bit) *out++ = static_cast<char>('0' + ((value >> bit) & 1U));
  return out;
}

}  // namespace nandtlm
