// The calendar of cancellable entries.
#include "model/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace nandtlm {
namespace {

using Numbers = Calendar<int>;

std::vector<int> drain(Numbers& calendar) {
  std::vector<int> items;
  while (!calendar.empty()) items.push_back(calendar.pop());
  return items;
}

// EVT-01
TEST(Calendar, IsEmptyAtFirst) {
  Numbers calendar(3);
  EXPECT_TRUE(calendar.empty());
  EXPECT_EQ(calendar.size(), 0U);
  EXPECT_EQ(calendar.next_time(), kNever);
}

// EVT-01
TEST(Calendar, LeavesByTimeThenRank) {
  Numbers calendar(1);
  calendar.push(0, 20, 0, 5);
  calendar.push(0, 10, 7, 3);
  calendar.push(0, 10, 2, 1);
  calendar.push(0, 10, 8, 4);
  calendar.push(0, 10, 3, 2);
  EXPECT_EQ(calendar.size(), 5U);
  EXPECT_EQ(calendar.next_time(), 10);
  EXPECT_EQ(drain(calendar), (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(calendar.next_time(), kNever);
}

// EVT-01: a later arrival that is due earlier goes first.
TEST(Calendar, NextTimeFollowsTheFirst) {
  Numbers calendar(1);
  calendar.push(0, 30, 0, 3);
  EXPECT_EQ(calendar.next_time(), 30);
  const CalendarHandle first = calendar.push(0, 10, 0, 1);
  EXPECT_EQ(calendar.next_time(), 10);
  calendar.cancel(first);
  EXPECT_EQ(calendar.next_time(), 30);
}

// EVT-02
TEST(Calendar, CancelsAnyEntry) {
  for (std::size_t victim = 0; victim < 9; ++victim) {
    Numbers calendar(1);
    std::vector<CalendarHandle> handles;
    const std::vector<int> pushed = {4, 8, 0, 6, 2, 7, 1, 5, 3};
    handles.reserve(pushed.size());
    for (const int item : pushed) handles.push_back(calendar.push(0, item, 0, item));
    calendar.cancel(handles[victim]);
    std::vector<int> left = pushed;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(victim));
    std::sort(left.begin(), left.end());
    EXPECT_EQ(drain(calendar), left) << "after cancelling " << pushed[victim];
  }
}

// EVT-02
TEST(Calendar, CancelsTheOnlyEntry) {
  Numbers calendar(1);
  calendar.cancel(calendar.push(0, 10, 0, 1));
  EXPECT_TRUE(calendar.empty());
  calendar.push(0, 20, 0, 2);
  EXPECT_EQ(calendar.pop(), 2);
}

// EVT-01: the order does not depend on the lanes.
TEST(Calendar, LanesMeetInTheOrderOfTimeAndRank) {
  for (std::size_t lanes = 1; lanes <= 9; ++lanes) {
    Numbers calendar(lanes);
    for (int item = 0; item < 100; ++item) {
      const int time = item * 37 % 100;
      calendar.push(static_cast<std::uint32_t>(item % static_cast<int>(lanes)), time / 10,
                    static_cast<std::uint64_t>(time), time);
    }
    std::vector<int> sorted(100);
    std::iota(sorted.begin(), sorted.end(), 0);
    EXPECT_EQ(drain(calendar), sorted) << lanes << " lanes";
  }
}

// EVT-02: a handle names nothing until it is given one.
TEST(Calendar, HandleIsEmptyAtFirst) {
  EXPECT_FALSE(CalendarHandle());
  Numbers calendar(2);
  EXPECT_TRUE(calendar.push(1, 0, 0, 1));
}

/// The same with a list that is searched for its least entry.
struct ListCalendar {
  struct Entry {
    Time time;
    std::uint64_t rank;
    int item;  ///< rises with every push: also the order of arrival
    CalendarHandle handle;
  };

  auto least() {
    return std::min_element(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.time, a.rank, a.item) < std::tie(b.time, b.rank, b.item);
    });
  }

  std::vector<Entry> entries;
};

// EVT-01, EVT-02: any mixture of push, pop and cancel, with many equal times, on any lanes.
RC_GTEST_PROP(CalendarProperty, AgreesWithASimpleList, ()) {
  const auto lanes = *rc::gen::inRange<std::size_t>(1, 6);
  Numbers calendar(lanes);
  ListCalendar list;
  const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, std::size_t>>>(
      rc::gen::tuple(rc::gen::inRange(0, 5), rc::gen::inRange(0, 8), rc::gen::inRange<std::size_t>(0, 1000)));
  int next_item = 0;
  for (const auto& [what, time, pick] : steps) {
    if (what < 3 || list.entries.empty()) {
      const std::uint64_t rank = pick % 3 * 100'000 + static_cast<std::uint64_t>(next_item);  // distinct
      const auto lane = static_cast<std::uint32_t>(pick / 3 % lanes);
      list.entries.push_back({time, rank, next_item, calendar.push(lane, time, rank, next_item)});
      ++next_item;
    } else if (what == 3) {
      const auto least = list.least();
      RC_ASSERT(calendar.pop() == least->item);
      list.entries.erase(least);
    } else {
      const auto victim = list.entries.begin() + static_cast<std::ptrdiff_t>(pick % list.entries.size());
      calendar.cancel(victim->handle);
      list.entries.erase(victim);
    }
    RC_ASSERT(calendar.size() == list.entries.size());
    RC_ASSERT(calendar.next_time() == (list.entries.empty() ? kNever : list.least()->time));
    if (list.entries.empty()) continue;
    const auto moment = static_cast<Time>(pick % 64);
    const int* const next = calendar.next_until(moment);
    RC_ASSERT((next != nullptr) == (list.least()->time <= moment));
    if (next != nullptr) RC_ASSERT(*next == list.least()->item);
  }
  while (!list.entries.empty()) {
    const auto least = list.least();
    RC_ASSERT(calendar.pop() == least->item);
    list.entries.erase(least);
  }
  RC_ASSERT(calendar.empty());
}

}  // namespace
}  // namespace nandtlm
