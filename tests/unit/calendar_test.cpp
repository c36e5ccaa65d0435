// The calendar of cancellable entries.
#include "model/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
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
  Numbers calendar;
  EXPECT_TRUE(calendar.empty());
  EXPECT_EQ(calendar.size(), 0U);
  EXPECT_EQ(calendar.next_time(), kNever);
}

// EVT-01
TEST(Calendar, LeavesByTimeThenRank) {
  Numbers calendar;
  calendar.push(20, 0, 5);
  calendar.push(10, 7, 3);
  calendar.push(10, 2, 1);
  calendar.push(10, 8, 4);
  calendar.push(10, 3, 2);
  EXPECT_EQ(calendar.size(), 5U);
  EXPECT_EQ(calendar.next_time(), 10);
  EXPECT_EQ(drain(calendar), (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(calendar.next_time(), kNever);
}

// EVT-01: a later arrival that is due earlier goes first.
TEST(Calendar, NextTimeFollowsTheFirst) {
  Numbers calendar;
  calendar.push(30, 0, 3);
  EXPECT_EQ(calendar.next_time(), 30);
  const Numbers::Handle first = calendar.push(10, 0, 1);
  EXPECT_EQ(calendar.next_time(), 10);
  calendar.cancel(first);
  EXPECT_EQ(calendar.next_time(), 30);
}

// EVT-02
TEST(Calendar, CancelsAnyEntry) {
  for (std::size_t victim = 0; victim < 9; ++victim) {
    Numbers calendar;
    std::vector<Numbers::Handle> handles;
    const std::vector<int> pushed = {4, 8, 0, 6, 2, 7, 1, 5, 3};
    handles.reserve(pushed.size());
    for (const int item : pushed) handles.push_back(calendar.push(item, 0, item));
    calendar.cancel(handles[victim]);
    std::vector<int> left = pushed;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(victim));
    std::sort(left.begin(), left.end());
    EXPECT_EQ(drain(calendar), left) << "after cancelling " << pushed[victim];
  }
}

// EVT-02
TEST(Calendar, CancelsTheOnlyEntry) {
  Numbers calendar;
  calendar.cancel(calendar.push(10, 0, 1));
  EXPECT_TRUE(calendar.empty());
  calendar.push(20, 0, 2);
  EXPECT_EQ(calendar.pop(), 2);
}

// EVT-02: handles of living entries differ; those of gone ones are used again, so the calendar does not grow.
TEST(Calendar, ReusesHandles) {
  Numbers calendar;
  const Numbers::Handle kept = calendar.push(1'000'000, 0, -1);
  for (int round = 0; round < 1000; ++round) {
    const Numbers::Handle a = calendar.push(round, 0, round);
    const Numbers::Handle b = calendar.push(round, 1, round);
    ASSERT_NE(a, b);
    ASSERT_NE(a, kept);
    ASSERT_NE(b, kept);
    ASSERT_LT(std::max(a, b), 3U);
    calendar.cancel(b);
    ASSERT_EQ(calendar.pop(), round);
  }
  EXPECT_EQ(calendar.pop(), -1);
}

// EVT-01: an entry with a used handle is as young as it is.
TEST(Calendar, ReusedHandleDoesNotJumpTheQueue) {
  Numbers calendar;
  const Numbers::Handle gone = calendar.push(10, 0, 0);
  calendar.push(10, 1, 1);
  calendar.cancel(gone);
  calendar.push(10, 2, 2);
  EXPECT_EQ(drain(calendar), (std::vector<int>{1, 2}));
}

TEST(Calendar, ClearForgetsAll) {  // EVT-02
  Numbers calendar;
  calendar.push(10, 0, 1);
  calendar.push(20, 0, 2);
  calendar.clear();
  EXPECT_TRUE(calendar.empty());
  EXPECT_EQ(calendar.next_time(), kNever);
  calendar.push(30, 0, 3);
  EXPECT_EQ(drain(calendar), std::vector<int>{3});
}

/// The same with a list that is searched for its least entry.
struct ListCalendar {
  struct Entry {
    Time time;
    std::uint64_t rank;
    int item;  ///< rises with every push: also the order of arrival
    Numbers::Handle handle;
  };

  auto least() {
    return std::min_element(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.time, a.rank, a.item) < std::tie(b.time, b.rank, b.item);
    });
  }

  std::vector<Entry> entries;
};

// EVT-01, EVT-02: any mixture of push, pop and cancel, with many equal times.
RC_GTEST_PROP(CalendarProperty, AgreesWithASimpleList, ()) {
  Numbers calendar;
  ListCalendar list;
  const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, std::size_t>>>(
      rc::gen::tuple(rc::gen::inRange(0, 5), rc::gen::inRange(0, 8), rc::gen::inRange<std::size_t>(0, 1000)));
  int next_item = 0;
  for (const auto& [what, time, pick] : steps) {
    if (what < 3 || list.entries.empty()) {
      const std::uint64_t rank = pick % 3 * 100'000 + static_cast<std::uint64_t>(next_item);  // distinct
      list.entries.push_back({time, rank, next_item, calendar.push(time, rank, next_item)});
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
