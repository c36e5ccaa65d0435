// OUT-03: a second thread loses nothing, holds little, and fails without harm.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "traces/block_worker.h"

namespace nandtlm {
namespace {

constexpr std::size_t kBytes = 64;
constexpr auto kMostAhead = static_cast<int>(BlockWorker::kBlocks);

void hand_over(BlockWorker& worker, const std::string& text) {
  text.copy(worker.begin(), kBytes);
  worker.hand_over(worker.begin() + text.size());
}

void take_a_while() {
  std::this_thread::sleep_for(std::chrono::microseconds(200));
}

/// While this lives, no thread can be made: a stack that no memory has room for.
class NoThreads {
 public:
  NoThreads() {
    ::pthread_getattr_default_np(&before_);
    ::pthread_attr_t attributes = before_;
    ::pthread_attr_setstacksize(&attributes, std::size_t{1} << 52);
    ::pthread_setattr_default_np(&attributes);
  }
  ~NoThreads() { ::pthread_setattr_default_np(&before_); }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  ::pthread_attr_t before_{};
};

// OUT-03
TEST(BlockWorker, WorksOffAllBlocksInTheirOrder) {
  std::vector<std::string> seen;
  std::vector<std::string> expected;
  {
    BlockWorker worker(kBytes, [&](const char* begin, const char* end) { seen.emplace_back(begin, end); });
    for (int i = 0; i < 10'000; ++i) hand_over(worker, expected.emplace_back("block " + std::to_string(i)));
    worker.drain();
    EXPECT_EQ(seen, expected) << "nothing is left after drain()";
    for (int i = 0; i < 5; ++i) hand_over(worker, expected.emplace_back("last"));
  }
  EXPECT_EQ(seen, expected) << "nor after its destruction";
}

TEST(BlockWorker, AFullBlockHasRoomForItsBytes) {
  std::size_t bytes = 0;
  BlockWorker worker(kBytes,
                     [&](const char* begin, const char* end) { bytes += static_cast<std::size_t>(end - begin); });
  for (int i = 0; i < 100; ++i) {
    std::memset(worker.begin(), 'x', kBytes);
    EXPECT_EQ(worker.end() - worker.begin(), static_cast<std::ptrdiff_t>(kBytes));
    worker.hand_over(worker.end());
  }
  worker.drain();
  EXPECT_EQ(bytes, 100 * kBytes);
}

// Memory does not grow with the length of a run.
TEST(BlockWorker, WhoFillsWaitsForTheOther) {
  std::atomic<int> handed_over{0};
  int done = 0;
  int most = 0;
  BlockWorker worker(kBytes, [&](const char* /*begin*/, const char* /*end*/) {
    take_a_while();
    most = std::max(most, handed_over - done);
    ++done;
  });
  for (int i = 0; i < 200; ++i) {
    ++handed_over;
    hand_over(worker, "x");
  }
  worker.drain();
  EXPECT_EQ(done, 200);
  EXPECT_GT(most, kMostAhead / 2);
  EXPECT_LE(most, kMostAhead);
}

TEST(BlockWorker, GoesOnAfterAPause) {
  std::atomic<int> done{0};
  BlockWorker worker(kBytes, [&](const char* /*begin*/, const char* /*end*/) { ++done; });
  for (int i = 1; i <= 50; ++i) {
    hand_over(worker, "x");
    worker.drain();
    EXPECT_EQ(done, i);
    if (i % 10 == 0) take_a_while();
  }
}

// OUT-03: an error is told where it can be caught, and nobody waits for ever.
TEST(BlockWorker, WhatTheWorkThrowsIsKept) {
  int calls = 0;
  BlockWorker worker(kBytes, [&](const char* /*begin*/, const char* /*end*/) {
    if (++calls == 3) throw std::runtime_error("third");
  });
  for (int i = 0; i < 1'000; ++i) hand_over(worker, "x");
  for (int time = 0; time < 2; ++time) {
    try {
      worker.drain();
      ADD_FAILURE() << "nothing thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "third");
    }
  }
  EXPECT_EQ(calls, 3) << "blocks behind the error are dropped";
}

TEST(BlockWorker, AnErrorThatNobodyAsksForIsNoHarm) {
  BlockWorker worker(kBytes, [](const char* /*begin*/, const char* /*end*/) { throw 1; });
  hand_over(worker, "x");
}

// Signals are for the program's own threads.
TEST(BlockWorker, ItsThreadHearsNoSignals) {
  ::sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
  ::sigset_t mask;
  ::sigemptyset(&mask);
  std::thread::id id;
  BlockWorker worker(kBytes, [&](const char* /*begin*/, const char* /*end*/) {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    id = std::this_thread::get_id();
  });
  hand_over(worker, "x");
  worker.drain();
  EXPECT_NE(id, std::this_thread::get_id());
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXFSZ, SIGALRM}) EXPECT_EQ(::sigismember(&mask, signal), 1);
  ::sigset_t after;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
  EXPECT_EQ(::sigismember(&after, SIGINT), ::sigismember(&before, SIGINT)) << "the caller still hears them";
}

TEST(BlockWorker, WithoutAThreadTheCallerWorks) {
  const NoThreads none;
  std::vector<std::string> seen;
  std::thread::id id;
  BlockWorker worker(kBytes, [&](const char* begin, const char* end) {
    seen.emplace_back(begin, end);
    id = std::this_thread::get_id();
    if (seen.size() == 50) throw std::runtime_error("fiftieth");
  });
  for (int i = 0; i < 49; ++i) hand_over(worker, std::to_string(i));
  worker.drain();
  EXPECT_EQ(id, std::this_thread::get_id());
  ASSERT_EQ(seen.size(), 49U);
  EXPECT_EQ(seen.back(), "48");
  hand_over(worker, "49");
  EXPECT_THROW(worker.drain(), std::runtime_error);
}

}  // namespace
}  // namespace nandtlm
