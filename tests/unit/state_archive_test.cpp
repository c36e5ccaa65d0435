// What is saved is loaded; what is not what it should be is said.
#include "tlm/state_archive.h"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <map>
#include <unordered_map>

#include "model/flat_queue.h"
#include "tlm/reason.h"
#include "tlm/types.h"

namespace nandtlm {
namespace {

template <typename T>
T copied(T value) {
  StateArchive saving;
  saving(value);
  StateArchive loading(saving.bytes());
  T loaded{};
  loading(loaded);
  loading.expect_end();
  return loaded;
}

// SNP-01
TEST(StateArchive, NumbersComeBack) {
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{-64}, kNever,
                                    std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(copied(number), number);
  }
  EXPECT_EQ(copied(std::numeric_limits<std::uint64_t>::max()), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(copied(std::int8_t{-128}), -128);
  EXPECT_EQ(copied('\xFF'), '\xFF');
  EXPECT_EQ(copied(true), true);
  EXPECT_EQ(copied(OpId{65535}), OpId{65535});
}

// SNP-01
TEST(StateArchive, ContainersComeBack) {
  EXPECT_EQ(copied(std::string("a\0b", 3)), std::string("a\0b", 3));
  EXPECT_EQ(copied(std::vector<bool>{true, false, true}), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(copied(std::vector<std::uint8_t>{0, 255}), (std::vector<std::uint8_t>{0, 255}));
  EXPECT_EQ(copied(std::deque<std::pair<int, std::string>>{{1, "x"}}),
            (std::deque<std::pair<int, std::string>>{{1, "x"}}));
  EXPECT_EQ(copied(std::optional<int>(7)), std::optional<int>(7));
  EXPECT_EQ(copied(std::optional<int>()), std::nullopt);
  const std::multimap<int, int> several = {{1, 3}, {1, 2}, {0, 9}};
  EXPECT_EQ(copied(several), several);
  const std::unordered_map<int, std::array<Target, 2>> by_key = {{4, {Target{0, 1, 2}, Target{}}}, {2, {}}};
  EXPECT_EQ(copied(by_key), by_key);
  const TargetList targets = {Target{1, 9, 0}, Target{3, 11, -1}};
  EXPECT_EQ(copied(targets), targets);
  FlatQueue<int> queue;
  for (int i = 0; i < 5; ++i) queue.push_back(i);
  queue.pop_front();
  const FlatQueue<int> loaded = copied(queue);
  EXPECT_EQ(std::vector<int>(loaded.begin(), loaded.end()), (std::vector<int>{1, 2, 3, 4}));
}

// SNP-01: a buffer that a client and an operation share is one buffer afterwards too.
TEST(StateArchive, WhatIsSharedStaysShared) {
  const auto buffer = std::make_shared<std::vector<std::uint8_t>>(3, std::uint8_t{0xA5});
  const auto loaded = copied(std::vector<std::shared_ptr<std::vector<std::uint8_t>>>{buffer, nullptr, buffer});
  ASSERT_EQ(loaded.size(), 3U);
  EXPECT_EQ(*loaded[0], *buffer);
  EXPECT_EQ(loaded[1], nullptr);
  EXPECT_EQ(loaded[0], loaded[2]);
}

// SNP-01: a hash map has no order; its bytes have.
TEST(StateArchive, TheSameContentGivesTheSameBytes) {
  std::unordered_map<int, int> rising;
  std::unordered_map<int, int> falling(1000);
  for (int i = 0; i < 100; ++i) rising[i] = i;
  for (int i = 99; i >= 0; --i) falling[i] = i;
  StateArchive one;
  StateArchive other;
  one(rising);
  other(falling);
  EXPECT_EQ(one.bytes(), other.bytes());
}

// SNP-01: a rule's text outlives the archive that it came from.
TEST(StateArchive, ARefusalKeepsItsRule) {
  Refusal refusal;
  refusal.reason = Reason::Latch;
  refusal.rule = "LATCH_ON_READ";
  const Refusal loaded = copied(refusal);
  EXPECT_EQ(loaded.reason, Reason::Latch);
  EXPECT_STREQ(loaded.rule, "LATCH_ON_READ");
  EXPECT_NE(loaded.rule, refusal.rule);
}

// SNP-02
TEST(StateArchive, BytesThatEndTooEarlyAreNoState) {
  StateArchive saving;
  std::vector<std::string> texts = {"one", "two"};
  std::uint64_t number = 1'000'000;
  saving(texts, number);
  for (std::size_t size = 0; size < saving.bytes().size(); ++size) {
    const std::string part = saving.bytes().substr(0, size);
    StateArchive loading(part);
    EXPECT_THROW(loading(texts, number), StateError) << size;
  }
}

// SNP-02: a size that cannot be is not made room for.
TEST(StateArchive, AnImpossibleSizeIsNoState) {
  StateArchive saving;
  std::uint64_t size = std::numeric_limits<std::uint64_t>::max() / 2;
  saving(size);
  StateArchive loading(saving.bytes());
  std::vector<Target> targets;
  EXPECT_THROW(loading(targets), StateError);
}

// SNP-02
TEST(StateArchive, SectionsThatDoNotMeetAreFound) {
  StateArchive saving;
  saving.mark("die");
  StateArchive loading(saving.bytes());
  EXPECT_THROW(loading.mark("channel"), StateError);
  StateArchive more(saving.bytes());
  EXPECT_THROW(more.expect_end(), StateError);
}

}  // namespace
}  // namespace nandtlm
