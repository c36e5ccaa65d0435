// The meaning of single words in a configuration: numbers, bools, durations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tlm/types.h"

namespace nandtlm {

/// Longest duration that a configuration may give: 1000 s in ps.
inline constexpr Time kMaxDuration = Time{1000} * 1'000'000 * kPsPerUs;

/// A value, or what is wrong with the text and what was expected.
template <typename T>
struct Parsed {
  std::optional<T> value;
  std::string problem;
};

/// Inclusive bounds of a whole number.
struct Range {
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
};

/// A plain decimal number, read exactly (no floating point), in us or in the unit that follows: "25", "0.12",
/// "25us", "120 ns", "2 ms", "250ps". At most kMaxDuration; finer than 1 ps, signs, exponents are errors.
Parsed<Time> parse_duration(std::string_view text);
/// Decimal digits without sign or leading zero ("010" would be 8 to some readers and 10 to others).
Parsed<std::uint64_t> parse_count(std::string_view text, Range range);
/// true/false, yes/no, on/off in any case.
Parsed<bool> parse_bool(std::string_view text);
/// A finite number, at least `min`.
Parsed<double> parse_real(std::string_view text, double min, double max);

/// us with as many decimals as needed, never an exponent: parse_duration() reads back the same time.
std::string us_text(Time time);

/// ASCII upper case.
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Letters, digits and "_.-", not empty: what a name may be in CSV headers, file names and dotted keys.
bool is_name(std::string_view text);

}  // namespace nandtlm
