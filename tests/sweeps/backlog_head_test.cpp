// A backlog whose head cannot start: it is tried again a thousand times, keeps its place and those behind it theirs.
#include <gtest/gtest.h>

#include "tests/support/effort.h"
#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

constexpr int kRetries = kSanitized ? 200 : 1'000;

/// An open cache read forbids cache programs and nothing else, and may run while PROGRAM is suspended.
Overrides cache_read_blocks_cache_programs() {
  return {{"exclusions_by_cache_state.ON_CACHE_READ", "[CACHE_PROGRAM_SLC]"},
          {"exclusion_groups.program_suspended",
           "{all_except: [always, READ, RECOVERY_RD, DOUT, PROGRAM_RESUME, CACHE_READ, CACHE_READ_END]}"}};
}

class BacklogHead : public SystemCTest {
 protected:
  BacklogHead() : bench(round_device(cache_read_blocks_cache_programs())) {}

  /// The first program is suspended at 110 with 200 left and three behind it; a cache read leaves its state behind, and
  /// the RESUME ends at 450: the program at 650.
  void block_the_head() {
    program = bench.submit({bench.request("Program", 0, 0), bench.request("Cache_Program", 0, 1),
                            bench.request("Program", 0, 2), bench.request("Program", 1, 0)});
    bench.run_to(us(110));
    bench.submit(bench.request("Program_Suspend"));
    bench.run_to(us(220));
    ASSERT_NE(bench.submit(bench.request("Cache_Read", 2, 0)), 0U) << name(bench.decision().refusal.reason);
    bench.run_to(us(300));
    ASSERT_NE(bench.submit(bench.request("Program_Resume")), 0U) << name(bench.decision().refusal.reason);
  }

  SchedulerBench bench;
  Uid program = 0;
};

// BKL-02, BKL-03, BKL-05, MET-02
TEST_F(BacklogHead, KeepsItsPlaceOverAThousandRetries) {
  block_the_head();
  Uid late = 0;
  for (int i = 1; i <= kRetries && !HasFailure(); ++i) {
    bench.run_through(us(450) + i * us(5));
    EXPECT_EQ(bench.log.count("retry"), static_cast<std::size_t>(i));
    EXPECT_EQ(bench.log.count("retry", program + 1), static_cast<std::size_t>(i)) << "always the same head";
    EXPECT_TRUE(bench.scheduler.refill_pending(0, Family::Program));
    EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), i <= 100 ? 3U : 4U);
    if (i == 100) late = bench.submit(bench.request("Program", 1, 1));
  }
  EXPECT_EQ(bench.log.when("end", program), us(650));
  EXPECT_EQ(bench.log.count("plan"), 0U) << "what is legal waits behind what is not";
  EXPECT_EQ(bench.counters().backlog_drop, 0);
  EXPECT_EQ(bench.counters().backlog_retry_events, kRetries);
  EXPECT_EQ(bench.counters().backlog_retry, 1) << "one op, many times";
  bench.expect_self_check_passes();

  ASSERT_NE(bench.submit(bench.request("Cache_Read_End", 2, 0)), 0U);
  const Time free = bench.decision().starts.front() + us(51);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("start", program + 1), free);
  EXPECT_EQ(bench.log.when("start", program + 2), free + us(320));
  EXPECT_EQ(bench.log.when("start", program + 3), free + us(630));
  EXPECT_EQ(bench.log.when("start", late), free + us(940));
  bench.expect_all_ended_once();
}

// BKL-03, BKL-04, SUS-04: a new SUSPEND stops the retries, its RESUME takes them up: the order is the same.
TEST_F(BacklogHead, KeepsItsPlaceWhenTheProgramIsSuspendedAgain) {
  block_the_head();
  bench.run_to(us(450));
  constexpr int kSuspends = 15;
  constexpr Time kProgress = us(12);
  for (int i = 0; i < kSuspends; ++i) {
    bench.run_to(bench.now() + kProgress);
    ASSERT_NE(bench.submit(bench.request("Program_Suspend")), 0U) << name(bench.decision().refusal.reason);
    bench.run_to(bench.now() + us(200));
    EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 3U);
    ASSERT_NE(bench.submit(bench.request("Program_Resume")), 0U) << name(bench.decision().refusal.reason);
    bench.run_to(bench.now() + us(150));
  }
  const Time end = bench.now() + us(200) - kSuspends * kProgress;
  bench.submit(bench.request("Cache_Read_End", 2, 0));
  const Time free = bench.decision().starts.front() + us(51);
  EXPECT_EQ(free, end + us(51)) << "behind the program";
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), end);
  EXPECT_EQ(bench.log.when("start", program + 1), free);
  EXPECT_EQ(bench.log.order("programmed"), (std::vector<Uid>{program, program + 1, program + 2, program + 3}));
  bench.expect_all_ended_once();
}

// BKL-03, BKL-04: nothing is tried while the family is suspended, so no retry is told or counted.
TEST_F(BacklogHead, IsNotToldAsTriedWhileTheFamilyIsSuspended) {
  block_the_head();
  bench.run_to(us(462));
  bench.submit(bench.request("Program_Suspend"));
  const std::size_t retries = bench.log.count("retry");
  bench.run_to(us(800));
  EXPECT_EQ(bench.log.count("retry"), retries);
  EXPECT_EQ(bench.counters().backlog_retry_events, static_cast<std::int64_t>(retries));
}

}  // namespace
}  // namespace nandtlm::test
