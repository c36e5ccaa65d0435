// Latches and cache states as a function of time.
#include "model/die/die_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace nandtlm {
namespace {

FlagChange random_change(std::mt19937& dice, Uid uid, Time from) {
  FlagChange change;
  change.at = from + static_cast<Time>(dice() % 40);
  change.uid = uid;
  const auto latch = static_cast<std::size_t>(dice() % kLatches);
  const auto planes = static_cast<PlaneMask>(1 + dice() % 3);
  const auto kind = dice() % 6;
  if (kind == 0) change.latch_set[latch] = planes;
  if (kind == 1) change.latch_clear[latch] = planes;
  if (kind == 2) change.cache_read_set = planes;
  if (kind == 3) change.cache_read_clear = planes;
  if (kind == 4) change.cache_set = static_cast<CacheMask>(2 + 2 * (dice() % 2));
  if (kind == 5) change.cache_clear = static_cast<CacheMask>(2 + 2 * (dice() % 2));
  return change;
}

DieFlags plain_at(const std::vector<FlagChange>& changes, Time time) {
  DieFlags flags;
  for (const FlagChange& change : changes) {
    if (change.at <= time) change.apply(flags);
  }
  return flags;
}

// RES-02, RES-04, RES-05: against a plain list, with insertions, removals and time going on.
TEST(FlagTimeline, AgreesWithAPlainList) {
  std::mt19937 dice(5);
  FlagTimeline timeline;
  std::vector<FlagChange> plain;  // by time, equal times in the order of insertion
  Time now = 0;
  for (Uid uid = 1; uid < 5000; ++uid) {
    const FlagChange change = random_change(dice, uid, now + 1);
    timeline.insert(change);
    const auto position = std::upper_bound(plain.begin(), plain.end(), change.at,
                                           [](Time at, const FlagChange& other) { return at < other.at; });
    plain.insert(position, change);
    if (dice() % 4 == 0 && uid > 5) {
      const Uid gone = uid - dice() % 5;
      timeline.remove(gone, now);
      plain.erase(std::remove_if(plain.begin(), plain.end(),
                                 [&](const FlagChange& other) { return other.uid == gone && other.at > now; }),
                  plain.end());
    }
    if (dice() % 3 == 0) timeline.advance(now += static_cast<Time>(dice() % 10));
    for (int probe = 0; probe < 4; ++probe) {
      const Time time = now + static_cast<Time>(dice() % 60);
      ASSERT_EQ(timeline.at(time), plain_at(plain, time)) << uid << " at " << time;
      const auto next = std::find_if(plain.begin(), plain.end(), [&](const FlagChange& c) { return c.at > time; });
      ASSERT_EQ(timeline.next_change_after(time), next == plain.end() ? kNever : next->at);
      const FlagChange extra = random_change(dice, 0, now + 1);
      std::vector<FlagChange> with = plain;
      with.insert(std::upper_bound(with.begin(), with.end(), extra.at,
                                   [](Time at, const FlagChange& other) { return at < other.at; }),
                  extra);
      ASSERT_EQ(timeline.at_with(time, extra), plain_at(with, time));
    }
    ASSERT_EQ(timeline.at(kNever - 1), plain_at(plain, kNever - 1)) << "after all that is planned";
  }
}

// RES-06
TEST(FlagTimeline, ClearsEverything) {
  FlagTimeline timeline;
  FlagChange change;
  change.at = 10;
  change.cache_read_set = 3;
  timeline.insert(change);
  timeline.advance(20);
  change.at = 30;
  change.latch_set[0] = 1;
  timeline.insert(change);
  timeline.clear();
  EXPECT_EQ(timeline.at(20), DieFlags());
  EXPECT_EQ(timeline.at(40), DieFlags());
  EXPECT_EQ(timeline.next_change_after(0), kNever);
  change.at = 50;
  change.latch_set[0] = 0;
  timeline.insert(change);
  EXPECT_EQ(timeline.at(60).cache_read, 3);
  EXPECT_EQ(timeline.at(60).latched[0], 0);
}

}  // namespace
}  // namespace nandtlm
