// Decimal text to integers, exactly: no floating point between a file and a verdict.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nandtlm::check {

/// Time and durations in picoseconds.
using Ps = std::int64_t;

enum class Parsed : std::uint8_t { Exact, Rounded, NotANumber, OutOfRange };

/// Reads decimal µs, exponent forms included. Digits below 1 ps are rounded (half away from zero); `Rounded` tells that
/// something was lost. `out` is valid for Exact and Rounded.
Parsed parse_us(std::string_view text, Ps& out);

/// Reads a whole decimal integer; false where `text` is none or does not fit.
bool parse_integer(std::string_view text, std::int64_t& out);
bool parse_unsigned(std::string_view text, std::uint64_t& out);

/// µs with as many decimals as needed.
std::string us_text(Ps time);

}  // namespace nandtlm::check
