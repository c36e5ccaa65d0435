// The reservations of one bus.
#include "model/channel/bus_timeline.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace nandtlm {
namespace {

using Segment = BusTimeline::Segment;

// RES-01: half-open intervals, neighbours do not touch.
TEST(BusTimeline, SegmentsAreHalfOpen) {
  BusTimeline bus;
  bus.insert(Segment{10, 20, 1, 0, Family::None});
  EXPECT_EQ(bus.conflict(0, 10), nullptr);
  EXPECT_EQ(bus.conflict(20, 30), nullptr);
  ASSERT_NE(bus.conflict(9, 11), nullptr);
  EXPECT_EQ(bus.conflict(9, 11)->uid, 1U);
  ASSERT_NE(bus.conflict(19, 21), nullptr);
  ASSERT_NE(bus.conflict(0, 100), nullptr);
  ASSERT_NE(bus.conflict(12, 13), nullptr);
}

// RES-01: the first one in the way is named.
TEST(BusTimeline, NamesTheFirstThatIsNotIgnored) {
  BusTimeline bus;
  bus.insert(Segment{30, 40, 3, 0, Family::Erase});
  bus.insert(Segment{10, 20, 1, 0, Family::Program});
  EXPECT_EQ(bus.conflict(0, 100)->uid, 1U);
  EXPECT_EQ(bus.conflict(0, 100, [](const Segment& s) { return s.family == Family::Program; })->uid, 3U);
  EXPECT_EQ(bus.conflict(0, 25, [](const Segment& s) { return s.family == Family::Program; }), nullptr);
}

// RES-03
TEST(BusTimeline, RemovesOnlyWhatWasNamed) {
  BusTimeline bus;
  bus.insert(Segment{10, 20, 1, 0, Family::None});
  bus.insert(Segment{20, 30, 2, 0, Family::None});
  bus.remove(10, 2);
  bus.remove(11, 1);
  bus.remove(20, 1);
  bus.remove(99, 1);
  EXPECT_EQ(bus.size(), 2U);
  bus.remove(10, 1);
  ASSERT_EQ(bus.size(), 1U);
  EXPECT_EQ(bus.segments().front().uid, 2U);
}

// Memory must not grow with time.
TEST(BusTimeline, ForgetsThePast) {
  BusTimeline bus;
  for (Time t = 0; t < 1000; ++t) {
    bus.insert(Segment{t * 10, t * 10 + 10, static_cast<Uid>(t + 1), 0, Family::None});
    bus.advance(t * 10);
    EXPECT_LE(bus.size(), 2U);
  }
  EXPECT_EQ(bus.segments().front().uid, 1000U) << "what runs is kept";
}

// RES-01, RES-02: against a plain list.
TEST(BusTimeline, AgreesWithAPlainList) {
  std::mt19937 dice(7);
  BusTimeline bus;
  std::vector<Segment> plain;
  for (Uid uid = 1; uid < 3000; ++uid) {
    const Time start = static_cast<Time>(dice() % 20000);
    const Time end = start + 1 + static_cast<Time>(dice() % 30);
    const Segment* expected = nullptr;
    for (const Segment& s : plain) {
      const bool overlaps = s.start < end && start < s.end;
      if (overlaps && (expected == nullptr || s.start < expected->start)) expected = &s;
    }
    const Segment* found = bus.conflict(start, end);
    ASSERT_EQ(found == nullptr, expected == nullptr);
    if (expected != nullptr) {
      ASSERT_EQ(found->uid, expected->uid);
      if (dice() % 4 != 0) continue;
      const Segment gone = *expected;
      bus.remove(gone.start, gone.uid);
      plain.erase(plain.begin() + (expected - plain.data()));
      continue;
    }
    bus.insert(Segment{start, end, uid, 0, Family::None});
    plain.push_back(Segment{start, end, uid, 0, Family::None});
    ASSERT_EQ(bus.size(), plain.size());
  }
}

}  // namespace
}  // namespace nandtlm
