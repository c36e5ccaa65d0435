#include "testbench/check/decimal.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace nandtlm::check {
namespace {

constexpr Ps kMax = std::numeric_limits<Ps>::max();
constexpr int kUsDigits = 6;  // 1 µs is 10^6 ps
constexpr std::int64_t kMaxExponent = 1000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A number as text: the digits around the dot, and where the decimal point of the ps value falls.
struct Pieces {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& rest) {
  std::size_t n = 0;
  while (n < rest.size() && is_digit(rest[n])) ++n;
  const std::string_view digits = rest.substr(0, n);
  rest.remove_prefix(n);
  return digits;
}

bool take_sign(std::string_view& rest) {
  if (rest.empty() || (rest.front() != '-' && rest.front() != '+')) return false;
  const bool negative = rest.front() == '-';
  rest.remove_prefix(1);
  return negative;
}

bool take_exponent(std::string_view& rest, std::int64_t& exponent) {
  rest.remove_prefix(1);
  const bool negative = take_sign(rest);
  const std::string_view digits = take_digits(rest);
  if (digits.empty()) return false;
  if (!parse_integer(digits, exponent) || exponent > kMaxExponent) exponent = kMaxExponent;
  if (negative) exponent = -exponent;
  return true;
}

bool split(std::string_view text, Pieces& out) {
  out.negative = take_sign(text);
  out.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    out.fraction = take_digits(text);
  }
  if (out.whole.empty() && out.fraction.empty()) return false;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    if (!take_exponent(text, out.exponent)) return false;
  }
  return text.empty();
}

/// Appends a digit; false on overflow.
bool push_digit(Ps& value, int digit) {
  if (value > (kMax - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

}  // namespace

Parsed parse_us(std::string_view text, Ps& out) {
  Pieces pieces;
  if (!split(text, pieces)) return Parsed::NotANumber;
  // Digits that stand left of the ps value's decimal point.
  const std::int64_t kept = static_cast<std::int64_t>(pieces.whole.size()) + pieces.exponent + kUsDigits;
  Ps value = 0;
  bool lost = false;
  bool round_up = false;
  std::int64_t position = 0;
  for (const std::string_view part : {pieces.whole, pieces.fraction}) {
    for (const char c : part) {
      const int digit = c - '0';
      if (position < kept) {
        if (!push_digit(value, digit)) return Parsed::OutOfRange;
      } else {
        lost = lost || digit != 0;
        if (position == kept) round_up = digit >= 5;
      }
      ++position;
    }
  }
  for (; position < kept && value != 0; ++position) {
    if (!push_digit(value, 0)) return Parsed::OutOfRange;
  }
  if (round_up && value == kMax) return Parsed::OutOfRange;
  if (round_up) ++value;
  out = pieces.negative ? -value : value;
  return lost ? Parsed::Rounded : Parsed::Exact;
}

bool parse_integer(std::string_view text, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool parse_unsigned(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string us_text(Ps time) {
  const bool negative = time < 0;
  const Ps whole = time / 1'000'000;
  const Ps rest = time % 1'000'000;
  std::string text = fmt::format("{}{}.{:06}", negative ? "-" : "", negative ? -whole : whole, negative ? -rest : rest);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace nandtlm::check
