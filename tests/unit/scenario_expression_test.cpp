#include <gtest/gtest.h>

#include "testbench/scenario/expression.h"

namespace nandtlm {
namespace {

std::optional<std::int64_t> value(const std::string& text, const Counters& counters = {}) {
  const std::vector<std::string> names = {"i", "k"};
  const Parsed<Expression> parsed = Expression::parse(
      text, std::vector<std::string>(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(counters.size())));
  return parsed.value ? parsed.value->evaluate(counters) : std::nullopt;
}

std::string problem(const std::string& text) {
  return Expression::parse(text, {"i"}).problem;
}

// Section 1: no floating point; a time in us is a whole number of ps.
TEST(ScenarioExpressionTest, DecimalsAreExact) {
  EXPECT_EQ(value("0.000001"), 1);
  EXPECT_EQ(value("309.824399 + 0.000001"), 309'824'400);
  EXPECT_EQ(value("0.1 + 0.2 - 0.3"), 0);
  EXPECT_EQ(value("7000.11 + 1000 * 250.37"), 257'370'110'000);
}

TEST(ScenarioExpressionTest, OperatorsBindAsInArithmetic) {
  EXPECT_EQ(value("2 + 3 * 4"), 14'000'000);
  EXPECT_EQ(value("(2 + 3) * 4"), 20'000'000);
  EXPECT_EQ(value("10 - 2 - 3"), 5'000'000);
  EXPECT_EQ(value("-2 * 3 + 10"), 4'000'000);
  EXPECT_EQ(value("7 / 4 + 7 % 4"), 4'000'000);
  EXPECT_EQ(value("1.5 * 4"), 6'000'000);
  EXPECT_EQ(value("4 * 1.5"), 6'000'000);
}

TEST(ScenarioExpressionTest, CountersTakeTheirRounds) {
  EXPECT_EQ(value("10 + 255.37 * $i", {1000}), 255'380'000'000);
  EXPECT_EQ(value("$k % 4 + $i", {3, 7}), 6'000'000);
}

TEST(ScenarioExpressionTest, HexadecimalIsWhole) {
  EXPECT_EQ(value("0x5A + 1"), 91'000'000);
}

TEST(ScenarioExpressionTest, WhatHasNoExactValueHasNone) {
  EXPECT_EQ(value("0.5 * 0.5"), std::nullopt);
  EXPECT_EQ(value("1 / 0"), std::nullopt);
  EXPECT_EQ(value("1.5 / 2"), std::nullopt);
  EXPECT_EQ(value("1000000000 * 1000000000"), std::nullopt);
}

TEST(ScenarioExpressionTest, WholeNumbersHaveNoFraction) {
  EXPECT_EQ(Expression::parse("6 / 2", {}).value->evaluate_whole({}), 3);
  EXPECT_EQ(Expression::parse("2.5", {}).value->evaluate_whole({}), std::nullopt);
}

TEST(ScenarioExpressionTest, EveryMistakeIsTold) {
  EXPECT_NE(problem("").find("a number is missing"), std::string::npos);
  EXPECT_NE(problem("1 +").find("a number is missing"), std::string::npos);
  EXPECT_NE(problem("(1").find("a ')' is missing"), std::string::npos);
  EXPECT_NE(problem("1 2").find("unexpected '2'"), std::string::npos);
  EXPECT_NE(problem("$n").find("unknown counter 'n', there is i"), std::string::npos);
  EXPECT_NE(problem("0.0000001").find("finer than 1 ps"), std::string::npos);
  EXPECT_NE(problem("0xZ").find("hexadecimal"), std::string::npos);
  EXPECT_NE(problem("1e3").find("unexpected 'e3'"), std::string::npos);
  EXPECT_NE(problem(std::string(100, '(')).find("nested too deep"), std::string::npos);
}

}  // namespace
}  // namespace nandtlm
