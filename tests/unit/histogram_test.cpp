#include "model/observe/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace nandtlm {
namespace {

// Section 7: distributions.
TEST(Histogram, IsZeroWhereNothingWasAdded) {
  const Histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.min(), 0);
  EXPECT_EQ(empty.max(), 0);
  EXPECT_EQ(empty.mean(), 0);
  EXPECT_EQ(empty.percentile(500), 0);
}

TEST(Histogram, CountMinMaxMeanAreExact) {
  Histogram times;
  for (const Time time : {7000 * kPsPerUs, Time{1}, 300 * kPsPerUs + 7}) times.add(time);
  EXPECT_EQ(times.count(), 3U);
  EXPECT_EQ(times.min(), 1);
  EXPECT_EQ(times.max(), 7000 * kPsPerUs);
  EXPECT_EQ(times.mean(), (7300 * kPsPerUs + 8) / 3);
}

TEST(Histogram, PercentilesOfShortTimesAreExact) {
  Histogram times;
  for (Time time = 1; time <= 200; ++time) times.add(time);
  EXPECT_EQ(times.percentile(1), 1);
  EXPECT_EQ(times.percentile(500), 100);
  EXPECT_EQ(times.percentile(990), 198);
  EXPECT_EQ(times.percentile(999), 200);
  EXPECT_EQ(times.percentile(1000), 200);
}

TEST(Histogram, OneValueIsEveryPercentile) {
  Histogram times;
  times.add(123'456'789);
  for (const std::uint32_t per_mille : {1U, 500U, 999U, 1000U}) EXPECT_EQ(times.percentile(per_mille), 123'456'789);
}

TEST(Histogram, PercentilesKeepTheirBound) {
  Histogram times;
  std::vector<Time> sorted;
  std::uint64_t state = 12345;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto time = static_cast<Time>(state >> (20 + state % 40));  // all magnitudes
    times.add(time);
    sorted.push_back(time);
  }
  std::sort(sorted.begin(), sorted.end());
  for (const std::uint32_t per_mille : {1U, 10U, 250U, 500U, 900U, 990U, 999U, 1000U}) {
    const Time exact = sorted[sorted.size() * per_mille / 1000 - 1];
    const Time told = times.percentile(per_mille);
    EXPECT_GE(told, exact) << per_mille;
    EXPECT_LE(told - exact, exact / 128) << per_mille;
  }
}

TEST(Histogram, TakesTheLongestTimesAndTheirSum) {
  constexpr Time kLongest = std::numeric_limits<Time>::max();
  Histogram times;
  for (int i = 0; i < 5; ++i) times.add(kLongest);
  EXPECT_EQ(times.mean(), kLongest);
  EXPECT_EQ(times.percentile(500), kLongest);
  times.add(-1);
  EXPECT_EQ(times.min(), 0);
}

}  // namespace
}  // namespace nandtlm
