// Section 9: µs with as many decimals as needed, never in exponent form; RFC 4180 fields.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "traces/csv_names.h"
#include "traces/format.h"
#include "traces/ready_text.h"

namespace nandtlm {
namespace {

std::string us(Time time) {
  std::array<char, kMaxNumberText> text{};
  return std::string(text.data(), format_us(text.data(), time));
}

std::string binary(std::uint64_t value) {
  std::array<char, kMaxBinaryText> text{};
  return std::string(text.data(), format_binary(text.data(), value));
}

TEST(TraceFormat, MicrosecondsHaveAsManyDecimalsAsNeeded) {
  EXPECT_EQ(us(0), "0");
  EXPECT_EQ(us(1), "0.000001");
  EXPECT_EQ(us(9'824'400), "9.8244");
  EXPECT_EQ(us(300'000'000), "300");
  EXPECT_EQ(us(999'999), "0.999999");
  EXPECT_EQ(us(10'010'000), "10.01");
  EXPECT_EQ(us(-185'000), "-0.185");
}

TEST(TraceFormat, LongTimesStayExactAndWithoutExponent) {
  EXPECT_EQ(us(86'400'000'000'000'000 + 1), "86400000000.000001");
  EXPECT_EQ(us(kNever), "9223372036854.775807");
  EXPECT_EQ(us(std::numeric_limits<Time>::min()), "-9223372036854.775808");
}

TEST(TraceFormat, EveryFractionReadsBackAsItself) {
  for (Time ps = 0; ps < 2 * kPsPerUs; ps += 37) {
    const std::string text = us(ps);
    const std::size_t point = text.find('.');
    std::string digits = point == std::string::npos ? "" : text.substr(point + 1);
    ASSERT_TRUE(digits.empty() || digits.back() != '0') << text;
    digits.resize(6, '0');
    ASSERT_EQ(std::stoll(text.substr(0, point)) * kPsPerUs + std::stoll(digits), ps) << text;
  }
}

TEST(TraceFormat, IntegersOfEveryLength) {
  const auto integer = [](auto value) {
    std::array<char, kMaxNumberText> text{};
    return std::string(text.data(), format_integer(text.data(), value));
  };
  std::uint64_t value = 0;
  for (std::uint64_t digit = 1; digit <= 19; ++digit) {
    value = value * 10 + digit % 10;
    for (const std::uint64_t near : {value - 1, value, value / 10 * 10, value + 9}) {
      EXPECT_EQ(integer(near), std::to_string(near));
      EXPECT_EQ(integer(-static_cast<std::int64_t>(near)), std::to_string(-static_cast<std::int64_t>(near)));
    }
  }
  for (std::uint64_t power = 1; power <= 1'000'000'000'000'000'000; power *= 10) {
    EXPECT_EQ(integer(power), std::to_string(power));
    EXPECT_EQ(integer(power - 1), std::to_string(power - 1));
  }
  EXPECT_EQ(integer(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(integer(std::int32_t{-1}), "-1");
}

TEST(TraceFormat, ReadyTextsOfEveryLength) {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string text(size, 'x');
    const ReadyText ready(text);
    EXPECT_EQ(ready.size(), size);
    EXPECT_LE(ready.room(), size + ReadyText::kBlock);
    std::string out(ready.room() + 1, '#');
    EXPECT_EQ(ready.copy(out.data()), out.data() + size);
    EXPECT_EQ(out.substr(0, size), text);
    EXPECT_EQ(out.back(), '#') << "nothing is written behind the room";
  }
}

TEST(TraceFormat, BinaryHasNoLeadingZeros) {
  EXPECT_EQ(binary(0), "0");
  EXPECT_EQ(binary(1), "1");
  EXPECT_EQ(binary(10), "1010");
  EXPECT_EQ(binary(0x1F0), "111110000");
  EXPECT_EQ(binary(0x80000100), "10000000000000000000000100000000");
  EXPECT_EQ(binary(~std::uint64_t{0}), std::string(64, '1'));
}

TEST(TraceFormat, FieldsAreQuotedWhereNeededOnly) {
  EXPECT_EQ(csv_field("Page_Program_SLC"), "Page_Program_SLC");
  EXPECT_EQ(csv_field("a b;c"), "a b;c");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

}  // namespace
}  // namespace nandtlm
