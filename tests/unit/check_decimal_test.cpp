// Text to picoseconds and back, without floating point.
#include <gtest/gtest.h>

#include "testbench/check/decimal.h"

namespace nandtlm::check {
namespace {

struct Case {
  const char* text;
  Parsed parsed;
  Ps ps;
};

// MET-03: exact, also for numbers that pass through floating point elsewhere
TEST(CheckDecimal, ReadsMicroseconds) {
  const Case cases[] = {
      {"0", Parsed::Exact, 0},
      {"9.8244", Parsed::Exact, 9'824'400},
      {"0.000001", Parsed::Exact, 1},
      {".5", Parsed::Exact, 500'000},
      {"7.", Parsed::Exact, 7'000'000},
      {"+1", Parsed::Exact, 1'000'000},
      {"-1.5", Parsed::Exact, -1'500'000},
      {"1.2500000000", Parsed::Exact, 1'250'000},
      {"9.824399999999999", Parsed::Rounded, 9'824'400},
      {"0.30000000000000004", Parsed::Rounded, 300'000},
      {"0.0000005", Parsed::Rounded, 1},
      {"0.0000004", Parsed::Rounded, 0},
      {"0.00000009", Parsed::Rounded, 0},
      {"1e3", Parsed::Exact, 1'000'000'000},
      {"1.5E-05", Parsed::Exact, 15},
      {"1e-7", Parsed::Rounded, 0},
      {"5e-7", Parsed::Rounded, 1},
      {"1e-999999999999999999999", Parsed::Rounded, 0},
      {"0e99999", Parsed::Exact, 0},
      {"9223372036854.775807", Parsed::Exact, 9'223'372'036'854'775'807},
  };
  for (const Case& one : cases) {
    Ps ps = -7;
    EXPECT_EQ(parse_us(one.text, ps), one.parsed) << one.text;
    EXPECT_EQ(ps, one.ps) << one.text;
  }
}

// MET-03
TEST(CheckDecimal, RefusesWhatIsNoTime) {
  Ps ps = 0;
  for (const char* text :
       {"", " 1", "1 ", ".", "-", "e5", "1e", "1e+", "1,5", "0x10", "nan", "inf", "1.2.3", "--1", "400.6036\xCB\x9D"}) {
    EXPECT_EQ(parse_us(text, ps), Parsed::NotANumber) << text;
  }
  for (const char* text : {"9223372036854.775808", "9223372036854.7758075", "1e20", "99999999999999999999"}) {
    EXPECT_EQ(parse_us(text, ps), Parsed::OutOfRange) << text;
  }
}

// MET-03
TEST(CheckDecimal, ReadsIntegers) {
  std::int64_t value = 0;
  EXPECT_TRUE(parse_integer("-1", value));
  EXPECT_EQ(value, -1);
  for (const char* text : {"", "1.0", "1x", " 1", "9223372036854775808"})
    EXPECT_FALSE(parse_integer(text, value)) << text;
  std::uint64_t uid = 0;
  EXPECT_TRUE(parse_unsigned("18446744073709551615", uid));
  for (const char* text : {"", "-1", "18446744073709551616"}) EXPECT_FALSE(parse_unsigned(text, uid)) << text;
}

// MET-03
TEST(CheckDecimal, WritesAsManyDecimalsAsNeeded) {
  EXPECT_EQ(us_text(0), "0");
  EXPECT_EQ(us_text(9'824'400), "9.8244");
  EXPECT_EQ(us_text(1'000'000), "1");
  EXPECT_EQ(us_text(-1), "-0.000001");
  EXPECT_EQ(us_text(10'000'000), "10");
}

}  // namespace
}  // namespace nandtlm::check
