// The ordered list under the timelines.
#include "model/flat_queue.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace nandtlm {
namespace {

// RES-02: every list of reservations stands on it.
TEST(FlatQueue, AgreesWithADeque) {
  std::mt19937 dice(3);
  FlatQueue<int> queue;
  std::deque<int> plain;
  for (int i = 0; i < 200000; ++i) {
    // Grows, shrinks, and is used from both ends: the head wanders and is reclaimed.
    const bool growing = (i / 5000) % 2 == 0;
    const auto action = dice() % 10;
    if (plain.empty() || action < (growing ? 6 : 3)) {
      const std::size_t position = dice() % 3 == 0 ? dice() % (plain.size() + 1) : plain.size();
      queue.insert(position, i);
      plain.insert(plain.begin() + static_cast<std::ptrdiff_t>(position), i);
    } else if (action == 6) {
      queue.push_back(i);
      plain.push_back(i);
    } else if (action < 9) {
      queue.pop_front();
      plain.pop_front();
    } else {
      const std::size_t position = dice() % plain.size();
      queue.erase(position);
      plain.erase(plain.begin() + static_cast<std::ptrdiff_t>(position));
    }
    ASSERT_EQ(queue.size(), plain.size());
    ASSERT_EQ(queue.empty(), plain.empty());
    if (plain.empty()) continue;
    ASSERT_EQ(queue.front(), plain.front());
    ASSERT_EQ(queue.back(), plain.back());
    const std::size_t probe = dice() % plain.size();
    ASSERT_EQ(queue[probe], plain[probe]);
    if (i % 97 == 0) {
      ASSERT_TRUE(std::equal(queue.begin(), queue.end(), plain.begin(), plain.end()));
    }
  }
}

// RES-02
TEST(FlatQueue, ClearsAndStartsAgain) {
  FlatQueue<int> queue;
  for (int i = 0; i < 100; ++i) queue.push_back(i);
  for (int i = 0; i < 70; ++i) queue.pop_front();
  EXPECT_EQ(queue.front(), 70);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  queue.insert(0, 5);
  EXPECT_EQ(queue.front(), 5);
  EXPECT_EQ(queue.size(), 1U);
}

}  // namespace
}  // namespace nandtlm
