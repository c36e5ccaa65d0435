// The reservations of one die by start, and the memory of searches.
#include "model/die/die_timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace nandtlm {
namespace {

// RES-02: lookups against plain loops.
TEST(DieTimeline, AgreesWithPlainLoops) {
  std::mt19937 dice(11);
  DieTimeline timeline;
  std::deque<Op> ops;
  struct Item {
    Op* op;
    Time start, end;
  };
  std::vector<Item> plain;
  for (int i = 0; i < 4000; ++i) {
    const Time start = static_cast<Time>(dice() % 5000);
    if (plain.size() < 60 || dice() % 2 == 0) {
      ops.emplace_back();
      const Time end = start + static_cast<Time>(dice() % 300);
      timeline.insert(ops.back(), start, end);
      plain.push_back({&ops.back(), start, end});
    } else {
      const std::size_t k = dice() % plain.size();
      if (dice() % 3 == 0) {
        plain[k].end = plain[k].start + (plain[k].end - plain[k].start) / 2;
        timeline.set_end(*plain[k].op, plain[k].start, plain[k].end);
      } else {
        timeline.remove(*plain[k].op, plain[k].start, dice() % 2 == 0);
        plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(k));
      }
    }
    ASSERT_EQ(timeline.size(), plain.size());
    const Time probe = static_cast<Time>(dice() % 5500);
    Time reach = 0;
    std::size_t first_reaching = timeline.size();
    for (std::size_t j = 0; j < timeline.size(); ++j) {
      if (j > 0) {
        ASSERT_LE(timeline[j - 1].start, timeline[j].start);
      }
      reach = std::max(reach, timeline[j].end);
      ASSERT_EQ(timeline[j].reach, reach);
      if (reach > probe) first_reaching = std::min(first_reaching, j);
    }
    ASSERT_EQ(timeline.first_reaching(probe), first_reaching);
    const auto before = std::count_if(plain.begin(), plain.end(), [&](const Item& item) { return item.start < probe; });
    ASSERT_EQ(timeline.first_starting_at(probe), static_cast<std::size_t>(before));
  }
}

// RES-02: a proof holds for what is at least as long, on at least those planes, of the same kind.
TEST(DieTimeline, RemembersOnlyWhatWasProved) {
  DieTimeline timeline;
  timeline.remember_dense(100, 500, {30, 1, 5});
  EXPECT_EQ(timeline.skip_dense(100, {30, 1, 5}), 500);
  EXPECT_EQ(timeline.skip_dense(499, {31, 3, 5}), 500);
  EXPECT_EQ(timeline.skip_dense(99, {30, 1, 5}), 99) << "before the search began";
  EXPECT_EQ(timeline.skip_dense(500, {30, 1, 5}), 500);
  EXPECT_EQ(timeline.skip_dense(100, {29, 1, 5}), 100) << "a shorter one may fit";
  EXPECT_EQ(timeline.skip_dense(100, {30, 2, 5}), 100) << "another plane";
  EXPECT_EQ(timeline.skip_dense(100, {30, 1, 7}), 100) << "another kind";
}

// RES-02
TEST(DieTimeline, ARemovalEndsTheProof) {
  DieTimeline timeline;
  Op op;
  timeline.insert(op, 100, 500);
  timeline.remember_dense(100, 500, {30, 1, 5});
  timeline.set_end(op, 100, 500);
  EXPECT_EQ(timeline.skip_dense(100, {30, 1, 5}), 500);
  timeline.set_end(op, 100, 300);
  EXPECT_EQ(timeline.skip_dense(100, {30, 1, 5}), 100);
  timeline.remember_dense(100, 300, {30, 1, 5});
  timeline.remove(op, 100, false);
  EXPECT_EQ(timeline.skip_dense(100, {30, 1, 5}), 100);
}

// RES-02: a cut of no length is a reservation like any other.
TEST(DieTimeline, TakesEmptyReservations) {
  DieTimeline timeline;
  Op first;
  Op second;
  timeline.insert(first, 100, 100);
  timeline.insert(second, 100, 200);
  EXPECT_FALSE(timeline[0].covers(100));
  EXPECT_FALSE(timeline[0].overlaps(50, 150) && timeline[0].covers(100));
  EXPECT_EQ(timeline.first_reaching(100), 1U);
  timeline.remove(first, 100, true);
  ASSERT_EQ(timeline.size(), 1U);
  EXPECT_EQ(timeline[0].op, &second);
}

}  // namespace
}  // namespace nandtlm
