#include <gtest/gtest.h>

#include "config/scalars.h"

namespace nandtlm {
namespace {

Time ps(const char* text) {
  return parse_duration(text).value.value_or(-1);
}
std::string problem(const char* text) {
  return parse_duration(text).problem;
}

// SPEC section 1, CFG-04: us become ps without a floating point on the way.
TEST(ConfigScalars, DurationsAreExact) {
  EXPECT_EQ(ps("0.1"), 100'000);
  EXPECT_EQ(ps("9.8244"), 9'824'400);
  EXPECT_EQ(ps("42.2826"), 42'282'600);
  EXPECT_EQ(ps("0.000001"), 1);
  EXPECT_EQ(ps("0.0000010"), 1);
  EXPECT_EQ(ps("7000"), 7'000'000'000);
  EXPECT_EQ(ps("7000.0"), 7'000'000'000);
  EXPECT_EQ(ps("0"), 0);
  EXPECT_EQ(ps("1000000000"), kMaxDuration);
  // A double would make ...999 or ...001 of these.
  EXPECT_EQ(ps("123456789.123457"), 123'456'789'123'457);
}

// CFG-04
TEST(ConfigScalars, DurationUnits) {
  EXPECT_EQ(ps("25us"), 25'000'000);
  EXPECT_EQ(ps("25 us"), 25'000'000);
  EXPECT_EQ(ps("25 \xC2\xB5s"), 25'000'000);
  EXPECT_EQ(ps("0.001ns"), 1);
  EXPECT_EQ(ps("120ns"), 120'000);
  EXPECT_EQ(ps("7 ms"), 7'000'000'000);
  EXPECT_EQ(ps("17ps"), 17);
}

// CFG-04
TEST(ConfigScalars, DurationsRefused) {
  EXPECT_EQ(problem("0.0000001"), "'0.0000001' is finer than 1 ps, expected a whole number of ps");
  EXPECT_EQ(problem("0.5ps"), "'0.5ps' is finer than 1 ps, expected a whole number of ps");
  EXPECT_EQ(problem("-1"), "'-1' is negative, expected 0 or more");
  EXPECT_EQ(problem("1000000000.000001"), "'1000000000.000001' is too long, expected at most 1000 s");
  EXPECT_EQ(problem("99999999999999999999999"), "'99999999999999999999999' is too long, expected at most 1000 s");
  EXPECT_EQ(problem("010"), "'010' has a leading zero, expected a decimal number without it");
  EXPECT_EQ(problem("5s"),
            "'5s' has the unknown unit 's', expected a decimal number in us, or with a unit us, ns, ms or ps");
  for (const char* text : {"", ".5", "5.", "nan", ".nan", "inf", "1e3", "0x10", "1,5", "+1", "1.2.3", "us", " 1"}) {
    EXPECT_FALSE(parse_duration(text).value) << text;
    EXPECT_FALSE(problem(text).empty()) << text;
  }
}

// SPEC section 9: as many decimals as needed, read back unchanged.
TEST(ConfigScalars, DurationTextRoundTrip) {
  for (const Time time : {Time{0}, Time{1}, Time{100'000}, Time{9'824'400}, Time{7'000'000'000}, kMaxDuration}) {
    EXPECT_EQ(parse_duration(us_text(time)).value, time);
  }
  EXPECT_EQ(us_text(9'824'400), "9.8244");
  EXPECT_EQ(us_text(7'000'000'000), "7000");
  EXPECT_EQ(us_text(1), "0.000001");
}

// CFG-04: 010 would be 8 to a YAML 1.1 reader.
TEST(ConfigScalars, CountsRefuseOctalSignsAndRanges) {
  EXPECT_EQ(parse_count("10", {1, 10}).value, 10U);
  EXPECT_EQ(parse_count("0", {}).value, 0U);
  EXPECT_EQ(parse_count("18446744073709551615", {}).value, UINT64_MAX);
  EXPECT_EQ(parse_count("010", {1, 10}).problem,
            "'010' has a leading zero, expected a whole number from 1 to 10 without it");
  EXPECT_EQ(parse_count("11", {1, 10}).problem, "'11' is out of range, expected a whole number from 1 to 10");
  EXPECT_EQ(parse_count("18446744073709551616", {}).problem,
            "'18446744073709551616' is out of range, expected a whole number of at least 0");
  for (const char* text : {"", "-1", "+1", "1.0", "0x8", "0o7", "1_000", "16K"}) {
    EXPECT_FALSE(parse_count(text, {}).value) << text;
  }
}

// CFG-02: upper and lower case.
TEST(ConfigScalars, Bools) {
  EXPECT_EQ(parse_bool("True").value, true);
  EXPECT_EQ(parse_bool("OFF").value, false);
  EXPECT_FALSE(parse_bool("1").value);
  EXPECT_FALSE(parse_bool("maybe").value);
}

}  // namespace
}  // namespace nandtlm
