// The order at one instant (EVT-01), determinism (EVT-03), resets while everything is going on (RES-06), and random
// runs that are judged by the self-check.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/random_plan.h"
#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using SchedulerOrder = SystemCTest;

// EVT-01: ends of ops, backlog refill, backlog retry, new proposals, starts of ops.
TEST_F(SchedulerOrder, AtOneInstant) {
  SchedulerBench bench(
      round_device({{"exclusion_groups.erase_suspended", "{families: [ERASE, PROGRAM], plus: [ERASE_SUSPEND]}"}}));
  // Die 1: an erase is suspended, so that the program behind it is tried every 5 us from 100 on.
  bench.submit({bench.request("Erase", 0, -1, 1), bench.request("Program", 1, 0, 1)});
  // Die 0: a program with one behind it, suspended at 102; the RESUME ends at 450, the instant of a retry.
  bench.submit({bench.request("Program", 0, 0, 0), bench.request("Program", 0, 1, 0)});
  bench.run_to(us(100));
  bench.submit(bench.request("Erase_Suspend", -1, -1, 1));
  bench.run_to(us(102));
  bench.submit(
      {bench.request("Program_Suspend", -1, -1, 0), bench.from(us(300), bench.request("Program_Resume", -1, -1, 0))});
  bench.submit(bench.from(us(450), bench.request("Status", -1, -1, 1)));
  bench.run_to(us(450));
  bench.submit(bench.request("Dout", 1, 0, 1));
  bench.run_through(us(450));
  std::vector<std::string> kinds;
  for (const EventLog::Event& event : bench.log.events) {
    if (event.at == us(450)) kinds.push_back(event.what);
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"end", "resume", "refill", "plan", "retry", "accept", "start"}));
}

// EVT-01: an op may start at the very instant at which the one before it ends; a proposal sees what has just ended.
TEST_F(SchedulerOrder, AProposalMeetsWhatHasJustEnded) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit(bench.request("Erase", 0));
  bench.run_to(us(701));
  bench.submit(bench.request("Program", 0, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(701));
  bench.run_to(us(1011));
  bench.submit(bench.request("Read", 0, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(1011));
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

/// A client with a process of its own, that the kernel wakes at a moment.
class ProcessClient : public sc_core::sc_module, private SchedulerClient {
 public:
  ProcessClient(sc_core::sc_module_name name, Scheduler& scheduler, const Request& request)
      : sc_core::sc_module(name), scheduler_(scheduler), request_(request) {
    SC_HAS_PROCESS(ProcessClient);
    SC_THREAD(run);
  }
  void propose_in(Time delay) { wake_.notify(static_cast<double>(delay), sc_core::SC_PS); }
  Uid uid() const { return uid_; }

 private:
  void run() {
    wait(wake_);
    scheduler_.submit(request_, *this);
  }
  void batch_decided(const BatchDecision& decision) override { uid_ = decision.accepted ? decision.uids.front() : 0; }

  Scheduler& scheduler_;
  Request request_;
  sc_core::sc_event wake_;
  Uid uid_ = 0;
};

// EVT-01: whatever order the kernel wakes processes in, a proposal of this instant goes before its starts. The start of
// the backlog's first entry plans the second: the read must be there before it.
TEST_F(SchedulerOrder, AProcessProposesBeforeTheStartsOfItsInstant) {
  SchedulerBench bench(round_device());
  ProcessClient client("client", bench.scheduler, bench.request("Read", 4, 0));
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1), bench.request("Program", 0, 2)});
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.submit(bench.from(us(300), bench.request("Program_Resume")));
  while (bench.log.count("plan", 2) == 0) bench.run_to(bench.now() + us(1));
  const auto planned = std::find_if(bench.log.events.begin(), bench.log.events.end(),
                                    [](const EventLog::Event& event) { return event.what == "plan"; });
  const Time first_start = planned->value;
  ASSERT_GT(first_start, bench.now());
  client.propose_in(first_start - bench.now());
  ASSERT_TRUE(bench.drain());
  EXPECT_LT(bench.log.when("start", client.uid()), bench.log.when("start", 3)) << bench.log.text();
  bench.expect_all_ended_once();
}

// RES-06: running, suspended, reserved and backlogged ops are aborted, each once; the die is idle again.
TEST_F(SchedulerOrder, AResetEndsEverythingOnce) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Erase", 1), bench.request("Erase", 2)});
  bench.submit(bench.request("Erase", 0, -1, 1));
  bench.run_to(us(1500));
  const Uid erase = 3;                           // runs since 1402
  bench.submit(bench.request("Erase_Suspend"));  // 4
  bench.run_to(us(1600));
  const Uid program = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(1700));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(1900));
  const Uid queued = bench.submit(bench.request("Program", 1, 0));
  const Uid queued_erase = bench.submit(bench.request("Erase", 3));
  const Uid recovery = bench.submit(bench.from(us(2500), bench.request("Recovery_Read", 0, 0)));
  const Uid running = bench.submit(bench.request("Recovery_Read", 0, 0));
  const Uid other_die = bench.submit(bench.from(us(1950), bench.request("Program", 0, 0, 1)));
  bench.run_to(us(1910));
  const Uid reset = bench.submit(bench.request("Reset_Lun"));
  ASSERT_NE(reset, 0U);
  bench.run_through(us(1910));
  for (const Uid uid : {erase, program, program + 1, queued, queued_erase, recovery, running}) {
    ASSERT_TRUE(bench.finished(uid)) << uid;
    EXPECT_STREQ(name(bench.result(uid).outcome), "aborted_by_reset") << uid;
    EXPECT_EQ(bench.log.count("abort aborted_by_reset", uid), 1U);
  }
  const auto consumed = [&](Uid uid) {
    for (const EventLog::Event& event : bench.log.events) {
      if (event.uid == uid && event.what == "abort aborted_by_reset") return event.value;
    }
    return kNever;
  };
  EXPECT_EQ(consumed(erase), us(98));
  EXPECT_EQ(consumed(program), us(100));
  EXPECT_EQ(consumed(program + 1), 0);
  EXPECT_EQ(consumed(running), us(10));
  EXPECT_EQ(bench.die().stack_depth(Family::Program), 0U);
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 0U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 0U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Erase), 0U);
  EXPECT_FALSE(bench.die().suspended_at(Family::Program, us(1910)));
  bench.expect_self_check_passes();
  // The die is busy with the reset, then takes anything; block 2 is not erased, the program used up its page.
  bench.submit(bench.request("Program", 2, 0));
  EXPECT_STREQ(name(bench.decision().refusal.reason), "epr_program_before_erase");
  bench.submit(bench.request("Program", 0, 0));
  EXPECT_STREQ(name(bench.decision().refusal.reason), "epr_programs_on_same_page");
  ASSERT_NE(bench.submit(bench.request("Program", 0, 1)), 0U) << name(bench.decision().refusal.reason);
  EXPECT_EQ(bench.decision().starts.front(), us(1940));
  ASSERT_TRUE(bench.drain());
  EXPECT_STREQ(name(bench.result(other_die).outcome), "none");
  bench.expect_all_ended_once();
}

// RES-06: in the middle of a refill, with a retry pending, on all dies; afterwards no ghost of it comes back.
TEST_F(SchedulerOrder, AResetOfAllDiesDuringARefill) {
  SchedulerBench bench(round_device());
  for (std::uint32_t die = 0; die < 2; ++die) {
    std::vector<Request> batch;
    batch.reserve(5);
    for (std::int32_t page = 0; page < 5; ++page) batch.push_back(bench.request("Program", 0, page, die));
    bench.submit(batch);
  }
  bench.run_to(us(150));
  for (std::uint32_t die = 0; die < 2; ++die) {
    ASSERT_NE(
        bench.submit({bench.request("Program_Suspend", -1, -1, die), bench.request("Program_Resume", -1, -1, die)}),
        0U);
  }
  bench.run_to(us(800));
  ASSERT_GT(bench.scheduler.backlog_size(0, Family::Program), 0U);
  const std::size_t before = bench.log.order("start").size();
  ASSERT_NE(bench.submit(bench.request("Reset")), 0U);
  ASSERT_TRUE(bench.drain());
  bench.run_to(us(5000));
  EXPECT_EQ(bench.log.order("start").size(), before + 1) << "the reset itself, nothing else";
  bench.expect_all_ended_once();
  bench.submit(bench.request("Program", 0, 0, 1));
  EXPECT_EQ(bench.decision().starts.front(), us(5000));
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

/// Drives a package with a random mix; the same seed, the same run.
class RandomRun {
 public:
  RandomRun(SchedulerBench& bench, std::uint32_t seed, const Mix& mix, bool resets)
      : bench_(bench), plan_(round_device()), ops_(plan_, seed, mix), resets_(resets) {}

  void step() {
    bench_.submit(next_batch());
    if (ops_.dice().one_in(3)) bench_.run_to(bench_.now() + us(ops_.dice().below(300)));
    if (ops_.dice().one_in(9)) bench_.run_through(bench_.now());
  }
  std::vector<Request> next_batch() {
    std::vector<Request> batch;
    const std::uint32_t size = ops_.dice().one_in(3) ? 1 + ops_.dice().below(4) : 1;
    for (std::uint32_t i = 0; i < size; ++i) {
      const WantedOp wanted = ops_.next(us(600));
      batch.push_back(wanted.request);
      batch.back().not_before = ops_.dice().one_in(2) ? 0 : bench_.now() + wanted.not_before;
    }
    if (resets_ && ops_.dice().one_in(60)) {
      batch = {bench_.request(ops_.dice().one_in(4) ? "Reset" : "Reset_Lun", -1, -1, ops_.dice().below(2))};
    }
    return batch;
  }
  /// Resumes whatever stands still until nothing is left.
  void finish() {
    for (int round = 0; round < 20; ++round) {
      bench_.drain(us(20'000));
      for (std::uint32_t die = 0; die < 2; ++die) {
        for (const char* resume : {"Program_Resume", "Erase_Resume"})
          bench_.submit(bench_.request(resume, -1, -1, die));
      }
      if (bench_.package.state().ops.live() == 0) return;
    }
    for (const char* reset : {"Odt_On", "Reset"}) bench_.submit(bench_.request(reset));
    bench_.drain();
  }

 private:
  SchedulerBench& bench_;
  DieBench plan_;  ///< for the making of requests only
  RandomOps ops_;
  bool resets_;
};

struct SchedulerRandom : SystemCTest, ::testing::WithParamInterface<std::uint32_t> {
  static Mix mix() {
    Mix mix;
    mix.writes = {"Program", "Program", "Plane_Program", "Erase", "Cache_Program", "Load_LSB", "Load_CSB", "Exec"};
    mix.written = 45;
    mix.suspended = 14;
    mix.resumed = 14;
    return mix;
  }
  static void run(SchedulerBench& bench, const Mix& mix, bool resets) {
    RandomRun run(bench, GetParam(), mix, resets);
    for (int i = 0; i < 400; ++i) {
      run.step();
      if (i % 20 == 0) bench.expect_self_check_passes();
      if (HasFailure()) FAIL() << bench.log.text();
    }
    run.finish();
    bench.expect_all_ended_once();
    EXPECT_GT(bench.log.count("end"), 15U);
  }
};

// MET-02, BKL-05, SUS-13: whatever is asked for in whatever order, the run can account for every op.
TEST_P(SchedulerRandom, KeepsAccountOfEverything) {
  SchedulerBench bench(round_device());
  run(bench, mix(), false);
}

// RES-06, EPR-03
TEST_P(SchedulerRandom, KeepsAccountThroughResetsAndAddressRules) {
  SchedulerBench bench(round_device_with_epr());
  Mix busy = busy_blocks();
  busy.suspended = 12;
  busy.resumed = 12;
  run(bench, busy, true);
}

// EVT-03, TLM-05: the same input gives the same events, also beside another package in the same simulation.
TEST_P(SchedulerRandom, TheSameInputGivesTheSameEvents) {
  SchedulerBench first(round_device(), "first");
  SchedulerBench second(round_device(), "second");
  SchedulerBench other(round_device(), "other");
  RandomRun one(first, GetParam(), mix(), true);
  RandomRun same(second, GetParam(), mix(), true);
  RandomRun different(other, GetParam() + 1000, mix(), true);
  for (int i = 0; i < 200; ++i) {
    const Time now = first.now();
    first.propose(one.next_batch());
    other.propose(different.next_batch());
    second.propose(same.next_batch());
    first.run_to(now + us(50));  // moves the one simulation in which they all live
  }
  first.run_to(first.now() + us(10'000));
  EXPECT_GT(first.log.events.size(), 200U);
  EXPECT_EQ(first.log.text(), second.log.text());
  EXPECT_NE(first.log.text(), other.log.text());
}

INSTANTIATE_TEST_SUITE_P(Seeds, SchedulerRandom, ::testing::Range(1U, 21U));

}  // namespace
}  // namespace nandtlm::test
