// Randomness of the generator: the same everywhere, and distributed as it should be.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "testbench/generator/alias_table.h"
#include "testbench/generator/rng.h"

namespace nandtlm {
namespace {

/// Chi square of counts against expected shares.
template <typename Counts, typename Shares>
double chi_square(const Counts& counts, const Shares& shares, double draws) {
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = draws * shares[i];
    if (expected > 0) sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

// GEN-06: these numbers are part of what a seed means; they may never change.
TEST(GeneratorRng, DrawsTheSameOnEveryMachine) {
  Rng rng(1, 0);
  EXPECT_EQ(rng.next(), 12793040940332582595U);
  EXPECT_EQ(rng.next(), 17925934194126948328U);
  EXPECT_EQ(Rng(1, 1).next(), 13341209923332438058U);
  EXPECT_EQ(Rng(2, 0).next(), 1825907084063272085U);
  EXPECT_EQ(Rng(1, 7).below(1000), 675U);
  EXPECT_EQ(Rng(1, 7).exponential(1'000'000), 392988);
}

// GEN-06: what one hook draws does not move what another draws.
TEST(GeneratorRng, StreamsAreIndependentOfEachOther) {
  Rng other(5, 1);
  for (int i = 0; i < 1000; ++i) other.next();
  EXPECT_EQ(Rng(5, 2).next(), Rng(5, 2).next());
  EXPECT_NE(Rng(5, 1).next(), Rng(5, 2).next());
}

// GEN-06
TEST(GeneratorRng, BoundedDrawsAreUniform) {
  std::array<double, 7> counts{};
  const std::array<double, 7> shares = {1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7., 1 / 7.};
  Rng rng(3, 0);
  for (int i = 0; i < 70'000; ++i) ++counts[rng.below(7)];
  EXPECT_LT(chi_square(counts, shares, 70'000), 22.5);  // 6 degrees of freedom, 0.1 %
}

// GEN-06: first draws of many streams, as hooks make them.
TEST(GeneratorRng, FirstDrawsOfStreamsAreUniform) {
  std::array<double, 16> counts{};
  std::array<double, 16> shares{};
  shares.fill(1 / 16.);
  for (std::uint64_t hook = 0; hook < 160'000; ++hook) ++counts[Rng(42, hook).below(16)];
  EXPECT_LT(chi_square(counts, shares, 160'000), 37.7);  // 15 degrees of freedom, 0.1 %
}

// GEN-03, GEN-06: Poisson arrivals without a library's logarithm.
TEST(GeneratorRng, WaitingTimesAreExponential) {
  Rng rng(9, 0);
  constexpr int kDraws = 100'000;
  constexpr double kMean = 400e6;
  double sum = 0;
  int longer_than_mean = 0;
  for (int i = 0; i < kDraws; ++i) {
    const auto wait = static_cast<double>(rng.exponential(static_cast<Time>(kMean)));
    sum += wait;
    longer_than_mean += wait > kMean ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws / kMean, 1, 0.015);
  EXPECT_NEAR(longer_than_mean / double{kDraws}, std::exp(-1), 0.006);
}

TEST(GeneratorRng, LogarithmIsRight) {
  for (const std::uint64_t x : {std::uint64_t{1}, std::uint64_t{12345}, std::uint64_t{1} << 63U, ~std::uint64_t{0}}) {
    const double exact = -std::log(static_cast<double>(x | 1U) / std::ldexp(1, 64));
    EXPECT_NEAR(std::ldexp(static_cast<double>(Rng::minus_ln(x)), -32), exact, 1e-7);
  }
}

// GEN-01, GEN-02: an op is drawn as often as its weight says.
TEST(GeneratorAliasTable, DrawsByWeight) {
  const std::vector<Weight> weights = {0, 500'000'000, 1, 250'000'000, 0, 249'999'999, 1'000'000'000};
  const AliasTable table(weights);
  std::array<double, 7> counts{};
  std::array<double, 7> shares{};
  for (std::size_t i = 0; i < weights.size(); ++i) shares[i] = static_cast<double>(weights[i]) / 2e9;
  constexpr int kDraws = 200'000;
  for (std::uint64_t hook = 0; hook < kDraws; ++hook) {
    Rng rng(7, hook);
    ++counts[table.draw(rng)];
  }
  EXPECT_EQ(counts[0], 0);
  EXPECT_EQ(counts[4], 0);
  EXPECT_LT(chi_square(counts, shares, kDraws), 20.5);  // 5 degrees of freedom, 0.1 %
}

TEST(GeneratorAliasTable, KnowsWhenNothingCanBeDrawn) {
  EXPECT_TRUE(AliasTable().empty());
  EXPECT_TRUE(AliasTable({0, 0, 0}).empty());
  EXPECT_FALSE(AliasTable({0, 1}).empty());
}

TEST(GeneratorAliasTable, HoldsManyHeavyItems) {
  const std::vector<Weight> weights(60'000, 1000 * kWeightOne);
  const AliasTable table(weights);
  Rng rng(1, 1);
  std::uint32_t highest = 0;
  for (int i = 0; i < 100; ++i) highest = std::max(highest, table.draw(rng));
  EXPECT_GT(highest, 30'000U);
}

}  // namespace
}  // namespace nandtlm
