// A hundred thousand suspensions of one erase and of one program on every die, nested in each other: no picosecond is
// lost, every counter agrees with every other at every step, and nothing grows.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "tests/support/effort.h"
#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

constexpr int kRounds = kSanitized ? 5'000 : 100'000;
constexpr Time kEraseProgress = 10'000;   // ps between two cuts
constexpr Time kProgramProgress = 2'500;  // ps
constexpr std::int32_t kBlocks = 50;      // for programs, enough pages for every round

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// The same op on every die at once, each die on a channel of its own, so that all times are the same.
class Fleet {
 public:
  Fleet() : bench(shipped_device("tlc_4plane.yaml", {{"topology.channels", "8"}})) {}

  const Device& device() const { return bench.package.device(); }
  std::uint32_t dies() const { return device().topology.dies; }
  Time nominal(const char* op) const { return device().op(device().find_op(op).value()).nominal; }

  /// Proposes now; all must start at `start` (kNever: the backlog). The uid on die 0, those of the others follow.
  Uid submit(const char* op, Time start, std::int32_t block = -1, std::int32_t page = -1) {
    forget();
    std::vector<Request> batch;
    batch.reserve(dies());
    for (std::uint32_t die = 0; die < dies(); ++die) batch.push_back(bench.request(op, block, page, die));
    const Uid first = bench.submit(batch);
    const std::vector<Time> expected(dies(), start);
    if (bench.decision().starts != expected || first == 0) {
      ADD_FAILURE() << op << " at " << bench.now() << " ps: " << name(bench.decision().refusal.reason) << ", not from "
                    << start;
    }
    return first;
  }

  /// What was told before is not needed any more: only the bench's own memory would grow.
  void forget() {
    bench.log.events.clear();
    bench.decisions.clear();
    bench.results.clear();
  }

  /// Die, metrics and scheduler say the same of every stack and every backlog.
  void expect_levels(Family family, std::size_t depth, std::size_t waiting) {
    for (std::uint32_t die = 0; die < dies(); ++die) {
      const Metrics& metrics = bench.package.observers().metrics();
      const bool depths = bench.die(die).stack_depth(family) == depth &&
                          metrics.stack_depth(family, die).now == static_cast<std::int64_t>(depth) &&
                          bench.die(die).suspended_at(family, bench.now()) == (depth != 0);
      const bool backlogs = bench.scheduler.backlog_size(die, family) == waiting &&
                            metrics.backlog(family, die).now == static_cast<std::int64_t>(waiting);
      if (!depths || !backlogs) {
        ADD_FAILURE() << name(family) << " on die " << die << " at " << bench.now() << ": depth "
                      << bench.die(die).stack_depth(family) << " and not " << depth << ", backlog "
                      << bench.scheduler.backlog_size(die, family) << " and not " << waiting;
      }
    }
  }

  void expect_end(Uid first, Time end, std::uint32_t suspends) {
    bench.run_to(end);
    for (std::uint32_t die = 0; die < dies(); ++die) EXPECT_FALSE(bench.finished(first + die));
    bench.run_through(end);
    for (std::uint32_t die = 0; die < dies(); ++die) {
      ASSERT_TRUE(bench.finished(first + die)) << "uid " << first + die;
      EXPECT_EQ(bench.result(first + die).ended_at, end);
      EXPECT_EQ(bench.result(first + die).suspends, suspends);
    }
  }

  void erase_blocks(std::int32_t count) {
    for (std::int32_t block = 0; block < count; ++block) {
      submit("Block_Erase_SLC", bench.now(), block);
      bench.run_through(bench.now() + nominal("Block_Erase_SLC"));
    }
  }

  SchedulerBench bench;
};

/// Memory and live ops after a warm-up, compared with those at the end.
class Growth {
 public:
  void look(Fleet& fleet, int round) {
    if (round == kRounds / 10) {
      live_ = fleet.bench.package.state().ops.live();
      resident_ = resident_bytes();
    }
    if (round != kRounds - 1) return;
    EXPECT_EQ(fleet.bench.package.state().ops.live(), live_);
    if (kSanitized) return;
    EXPECT_LT(resident_bytes(), resident_ + (3U << 20U)) << "bytes, before: " << resident_;
  }

 private:
  std::size_t live_ = 0;
  std::size_t resident_ = 0;
};

using SuspendLoop = SystemCTest;

void expect_counts(Fleet& fleet, std::int64_t suspends) {
  const Metrics::Counters& counters = fleet.bench.counters();
  EXPECT_EQ(counters.suspends, suspends);
  EXPECT_EQ(counters.resumes, suspends);
  EXPECT_EQ(counters.backlog_drop, 0);
  EXPECT_EQ(counters.program_resume_page_mismatch, 0);
}

// SUS-03, SUS-04, SUS-08, SUS-09, BKL-02, BKL-04, MET-02: one program, cut again and again, with two behind it that are
// reserved and revoked each time, while an erase stays suspended.
TEST_F(SuspendLoop, OneProgramWithinASuspendedErase) {
  Fleet fleet;
  SchedulerBench& bench = fleet.bench;
  fleet.erase_blocks(1);
  const Time suspend = fleet.nominal("Program_Suspend_Reset");
  const Time resume = fleet.nominal("Program_Resume");
  const Uid erase = fleet.submit("Block_Erase_SLC", bench.now(), 900);
  bench.run_to(bench.now() + us(1000));
  fleet.submit("Erase_Suspend_Reset", bench.now());
  bench.run_to(bench.now() + fleet.nominal("Erase_Suspend_Reset"));
  const Time length = fleet.nominal("Page_Program_SLC");
  const Time start = bench.now();
  const Uid program = fleet.submit("Page_Program_SLC", start, 0, 0);
  const Uid second = fleet.submit("Page_Program_SLC", start + length, 0, 1);
  fleet.submit("Page_Program_SLC", start + 2 * length, 0, 2);
  bench.run_to(start + us(10));  // its ISSUE is over
  Time own_time = us(10);
  Growth growth;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    fleet.submit("Program_Suspend_Reset", bench.now());
    bench.run_to(bench.now() + suspend);
    fleet.expect_levels(Family::Program, 1, 2);
    fleet.expect_levels(Family::Erase, 1, 0);
    fleet.submit("Program_Resume", bench.now());
    bench.run_to(bench.now() + resume + kProgramProgress);
    fleet.expect_levels(Family::Program, 0, 1);
    own_time += kProgramProgress;
    growth.look(fleet, round);
  }
  const Time end = bench.now() + length - own_time;
  fleet.forget();
  fleet.expect_end(program, end, kRounds);
  fleet.expect_end(second, end + length, 0);
  fleet.expect_end(second + fleet.dies(), end + 2 * length, 0);
  const Time erase_resumed = bench.now();
  fleet.submit("Erase_Resume", erase_resumed);
  const Time erase_left = fleet.nominal("Block_Erase_SLC") - us(1000);
  fleet.expect_end(erase, erase_resumed + fleet.nominal("Erase_Resume") + erase_left, 1);
  expect_counts(fleet, std::int64_t{kRounds + 1} * fleet.dies());
  bench.expect_all_ended_once();
}

// SUS-03, SUS-04, SUS-08, SUS-09, BKL-01, BKL-02, BKL-04, MET-02: one erase, cut again and again, with two behind it.
// In each suspension a program of another block runs, is suspended and resumed; sometimes another one arrives
// meanwhile.
TEST_F(SuspendLoop, OneEraseWithAProgramInEverySuspension) {
  Fleet fleet;
  SchedulerBench& bench = fleet.bench;
  fleet.erase_blocks(kBlocks);
  const auto pages = static_cast<std::int32_t>(fleet.device().topology.pages_per_block);
  std::int32_t page = 0;
  const Time program_length = fleet.nominal("Page_Program_SLC");
  const Time erase_length = fleet.nominal("Block_Erase_SLC");
  const Uid erase = fleet.submit("Block_Erase_SLC", bench.now(), 900);
  fleet.submit("Block_Erase_SLC", bench.now() + erase_length, 901);
  fleet.submit("Block_Erase_SLC", bench.now() + 2 * erase_length, 902);
  bench.run_to(bench.now() + us(1));
  Time own_time = us(1);
  Growth growth;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    fleet.submit("Erase_Suspend_Reset", bench.now());
    bench.run_to(bench.now() + fleet.nominal("Erase_Suspend_Reset"));
    fleet.expect_levels(Family::Erase, 1, 2);
    fleet.submit("Page_Program_SLC", bench.now(), page / pages, page % pages);
    ++page;
    bench.run_to(bench.now() + us(100) + round);
    fleet.submit("Program_Suspend_Reset", bench.now());
    bench.run_to(bench.now() + fleet.nominal("Program_Suspend_Reset"));
    const bool another = round % 100 == 0;
    if (another) fleet.submit("Page_Program_SLC", kNever, page / pages, page % pages);
    page += another ? 1 : 0;
    fleet.expect_levels(Family::Program, 1, another ? 1 : 0);
    fleet.submit("Program_Resume", bench.now());
    bench.run_through(bench.now() + fleet.nominal("Program_Resume"));
    fleet.expect_levels(Family::Program, 0, 0);
    const Time left = program_length - us(100) - round + (another ? program_length : 0);
    bench.run_to(bench.now() + left);
    fleet.submit("Erase_Resume", bench.now());
    bench.run_to(bench.now() + fleet.nominal("Erase_Resume") + kEraseProgress);
    fleet.expect_levels(Family::Erase, 0, 1);
    own_time += kEraseProgress;
    growth.look(fleet, round);
  }
  const Time end = bench.now() + erase_length - own_time;
  fleet.forget();
  fleet.expect_end(erase, end, kRounds);
  fleet.expect_end(erase + fleet.dies(), end + erase_length, 0);
  fleet.expect_end(erase + Uid{2} * fleet.dies(), end + 2 * erase_length, 0);
  expect_counts(fleet, std::int64_t{2} * kRounds * fleet.dies());
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
