#include "config/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace nandtlm {
namespace {

constexpr const char* kDurationForm = "expected a decimal number in us, or with a unit us, ns, ms or ps";

struct Unit {
  std::string_view name;
  std::size_t decimals;  ///< decimal places of one unit in ps
};
constexpr std::array<Unit, 7> kUnits = {
    {{"", 6}, {"us", 6}, {"ns", 3}, {"ms", 9}, {"ps", 0}, {"\xC2\xB5s", 6}, {"\xCE\xBCs", 6}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// The digits as ps, std::nullopt above kMaxDuration.
std::optional<Time> to_ps(std::string_view whole, std::string_view fraction, std::size_t decimals) {
  std::string digits(whole);
  digits += fraction;
  digits.append(decimals - fraction.size(), '0');
  Time ps = 0;
  for (const char digit : digits) {
    ps = ps * 10 + (digit - '0');
    if (ps > kMaxDuration) return std::nullopt;
  }
  return ps;
}

template <typename T>
Parsed<T> wrong(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

std::string shown(std::string_view text) {
  return fmt::format("'{}'", text.substr(0, 60));
}

}  // namespace

Parsed<Time> parse_duration(std::string_view text) {
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == '-') return wrong<Time>(shown(text) + " is negative, expected 0 or more");
  const std::string_view whole = take_digits(rest);
  if (whole.empty()) return wrong<Time>(fmt::format("{} is not a duration, {}", shown(text), kDurationForm));
  if (whole.size() > 1 && whole.front() == '0') {
    return wrong<Time>(shown(text) + " has a leading zero, expected a decimal number without it");
  }
  std::string_view fraction;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    fraction = take_digits(rest);
    if (fraction.empty()) return wrong<Time>(fmt::format("{} ends with a point, {}", shown(text), kDurationForm));
  }
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == rest; });
  if (unit == kUnits.end()) {
    return wrong<Time>(fmt::format("{} has the unknown unit '{}', {}", shown(text), rest.substr(0, 20), kDurationForm));
  }
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > unit->decimals) {
    return wrong<Time>(shown(text) + " is finer than 1 ps, expected a whole number of ps");
  }
  const std::optional<Time> ps = to_ps(whole, fraction, unit->decimals);
  if (!ps) return wrong<Time>(shown(text) + " is too long, expected at most 1000 s");
  return {ps, {}};
}

Parsed<std::uint64_t> parse_count(std::string_view text, Range range) {
  const std::string expected = range.max == UINT64_MAX
                                   ? fmt::format("expected a whole number of at least {}", range.min)
                                   : fmt::format("expected a whole number from {} to {}", range.min, range.max);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return wrong<std::uint64_t>(fmt::format("{} is not a whole number, {}", shown(text), expected));
  }
  if (text.size() > 1 && text.front() == '0') {
    return wrong<std::uint64_t>(fmt::format("{} has a leading zero, {} without it", shown(text), expected));
  }
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || value < range.min || value > range.max) {
    return wrong<std::uint64_t>(fmt::format("{} is out of range, {}", shown(text), expected));
  }
  return {value, {}};
}

Parsed<bool> parse_bool(std::string_view text) {
  for (const std::string_view yes : {"true", "yes", "on"}) {
    if (equal_ignoring_case(text, yes)) return {true, {}};
  }
  for (const std::string_view no : {"false", "no", "off"}) {
    if (equal_ignoring_case(text, no)) return {false, {}};
  }
  return wrong<bool>(shown(text) + " is not a bool, expected true or false");
}

Parsed<double> parse_real(std::string_view text, double min, double max) {
  const std::string expected = std::isfinite(max) ? fmt::format("expected a number from {} to {}", min, max)
                                                  : fmt::format("expected a number of at least {}", min);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return wrong<double>(fmt::format("{} is not a number, {}", shown(text), expected));
  }
  if (value < min || value > max) return wrong<double>(fmt::format("{} is out of range, {}", shown(text), expected));
  return {value, {}};
}

std::string us_text(Time time) {
  std::string text = fmt::format("{}.{:06}", time / kPsPerUs, time % kPsPerUs);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && upper(a) == upper(b);
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
  });
}

}  // namespace nandtlm
