// The backlogs of the scheduler (SPEC section 5).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using SchedulerBacklog = SystemCTest;

std::vector<Uid> from_to(Uid first, Uid last) {
  std::vector<Uid> uids;
  uids.reserve(last - first + 1);
  for (Uid uid = first; uid <= last; ++uid) uids.push_back(uid);
  return uids;
}

// BKL-01
TEST_F(SchedulerBacklog, RevokedOpsComeBeforeWhatArrives) {
  SchedulerBench bench(round_device());
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1), bench.request("Program", 0, 2)});
  bench.run_to(us(100));
  // The SUSPEND and an arrival in one batch, another one later.
  bench.submit({bench.request("Program_Suspend"), bench.request("Program", 0, 3)});
  bench.run_to(us(150));
  bench.submit(bench.request("Program", 0, 4));
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 4U);
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("programmed"), (std::vector<Uid>{1, 2, 3, 5, 6}));
  bench.expect_all_ended_once();
}

// BKL-02: the old distance from the SUSPEND's end is kept behind the RESUME's end.
TEST_F(SchedulerBacklog, DistancesAreKept) {
  SchedulerBench bench(round_device());
  const Uid first = bench.submit(bench.request("Program", 0, 0));
  const Uid near = bench.submit(bench.from(us(1000), bench.request("Program", 0, 1)));
  const Uid far = bench.submit(bench.from(us(5000), bench.request("Program", 0, 2)));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));  // ends at 200
  bench.run_to(us(2000));
  const Uid arrived = bench.submit(bench.from(us(5100), bench.request("Program", 0, 3)));
  bench.run_to(us(3000));
  bench.submit(bench.request("Program_Resume"));  // ends at 3150
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", first), us(3150 + 210));
  EXPECT_EQ(bench.log.when("start", near), us(3150 + 800));
  EXPECT_EQ(bench.log.when("start", far), us(3150 + 4800));
  EXPECT_EQ(bench.log.when("start", arrived), us(3150 + 5110)) << "behind the one before it";
  bench.expect_all_ended_once();
}

// BKL-02: also where the RESUME was planned together with the SUSPEND.
TEST_F(SchedulerBacklog, DistancesAreKeptBehindAPlannedResume) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0));
  const Uid far = bench.submit(bench.from(us(5000), bench.request("Program", 0, 1)));
  bench.run_to(us(100));
  bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")});  // end at 200 and 350
  bench.run_to(us(150));
  const Uid arrived = bench.submit(bench.from(us(9000), bench.request("Program", 0, 2)));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("start", far), us(350 + 4800));
  EXPECT_EQ(bench.log.when("start", arrived), us(350 + 8800));
  EXPECT_EQ(bench.log.count("retry"), 0U);
  bench.expect_all_ended_once();
}

// BKL-02: suspended again and again, an op is only as late as it was suspended: no gap opens in a queue.
TEST_F(SchedulerBacklog, DistancesDoNotAddUpOverSuspends) {
  SchedulerBench bench(round_device());
  std::vector<Request> batch;
  batch.reserve(10);
  for (std::int32_t page = 0; page < 10; ++page) batch.push_back(bench.request("Program", 0, page));
  bench.submit(batch);
  const Uid far = bench.submit(bench.from(us(20'000), bench.request("Program", 0, 10)));
  for (int i = 0; i < 3; ++i) {
    bench.run_to(us(850) * (i + 1));
    ASSERT_NE(bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")}), 0U);
  }
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", 10), us(10 * 310 + 3 * 250)) << "the die was never idle";
  EXPECT_EQ(bench.log.when("start", far), us(20'000 + 3 * 150)) << "from the SUSPENDs' ends to the RESUMEs'";
  bench.expect_all_ended_once();
}

// BKL-02: at the end of the RESUME, not before.
TEST_F(SchedulerBacklog, TheRefillStartsAtTheEndOfTheResume) {
  SchedulerBench bench(round_device());
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  bench.submit(bench.request("Program_Resume"));
  bench.run_to(us(449));
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 1U);
  EXPECT_EQ(bench.log.count("refill"), 0U);
  bench.run_through(us(450));
  EXPECT_EQ(bench.log.when("refill", 0), us(450));
  EXPECT_EQ(bench.log.when("plan", 2), us(450));
  ASSERT_TRUE(bench.drain());
}

// BKL-03
TEST_F(SchedulerBacklog, TheHeadIsTriedAgainAfterTheDelay) {
  SchedulerBench bench(round_device({{"policies.backlog_retry_delay_us", "7"}}));
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1), bench.request("Program", 0, 2)});
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  // Its cache read stays open, so that no program may start until it is ended.
  bench.submit(bench.request("Program_Resume"));
  bench.submit(bench.from(us(451), bench.request("Odt_Off", -1, -1, 1)));
  bench.run_to(us(3000));
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 2U);
  const std::size_t retries = bench.log.count("retry", 2);
  EXPECT_GT(retries, 100U);
  EXPECT_EQ(bench.log.count("retry"), retries) << "only the head is tried";
  bench.expect_self_check_passes();
  bench.submit(bench.request("Odt_On", -1, -1, 1));
  ASSERT_TRUE(bench.drain());
  std::vector<Time> times;
  for (const EventLog::Event& event : bench.log.events) {
    if (event.what == "retry") times.push_back(event.at);
  }
  for (std::size_t i = 1; i < times.size(); ++i) ASSERT_EQ(times[i] - times[i - 1], us(7));
  EXPECT_EQ(bench.log.order("programmed"), from_to(1, 3));
  bench.expect_all_ended_once();
}

// EPR-03: what goes to a backlog must be legal behind everything that is accepted.
TEST_F(SchedulerBacklog, WhatWouldBeIllegalAtItsTurnIsRefusedOnArrival) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Program", 0, 0)});
  bench.run_to(us(801));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(1000));
  EXPECT_EQ(bench.submit(bench.request("Program", 0, 2)), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "epr_page_not_ascending");
  const Uid first = bench.submit(bench.request("Program", 0, 1));
  const Uid second = bench.submit(bench.request("Program", 0, 2));
  EXPECT_EQ(bench.submit(bench.request("Program", 0, 1)), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "epr_programs_on_same_page");
  EXPECT_EQ(bench.submit(bench.request("Program", 2, 0)), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "epr_program_before_erase");
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("end"), (std::vector<Uid>{1, 3, 6, 2, first, second}));
  bench.expect_all_ended_once();
}

// EPR-03: an erase that waits or is planned counts as done for the program that waits behind it.
TEST_F(SchedulerBacklog, AnErasePlannedBeforeMakesItLegal) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Erase", 1), bench.request("Program", 0, 0)});
  bench.run_to(us(1500));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(1700));
  bench.submit({bench.request("Program_Resume")});
  const Uid erase = bench.submit(bench.from(us(2200), bench.request("Erase", 2)));
  ASSERT_NE(erase, 0U);
  const Uid program = bench.submit(bench.request("Program", 2, 0));
  ASSERT_NE(program, 0U);
  ASSERT_TRUE(bench.drain());
  EXPECT_STREQ(name(bench.result(program).outcome), "none");
  EXPECT_GE(bench.log.when("start", program), bench.log.when("end", erase));
  bench.expect_all_ended_once();
}

// BKL-02, BKL-05, EPR-03: an entry that is taken back again stays before those that wait behind it in its block.
TEST_F(SchedulerBacklog, AnEntryTakenBackAgainKeepsItsPlaceInTheBlock) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit(bench.request("Erase_TLC", 0));
  bench.run_to(us(2000));
  bench.submit({bench.request("Load_LSB", 0, 0), bench.request("Load_CSB", 0, 0), bench.request("Load_MSB", 0, 0),
                bench.request("Exec", 0, 0)});
  ASSERT_TRUE(bench.decision().accepted);
  const std::vector<Uid> chain = bench.decision().uids;
  for (int round = 0; round < 3; ++round) {
    while (!bench.die().suspended_at(Family::Program, bench.now()) && !bench.finished(chain[3])) {
      bench.run_to(bench.now() + us(1));
      bench.submit(bench.request("Program_Suspend"));
    }
    bench.run_to(bench.now() + us(300));
    bench.submit(bench.request("Program_Resume"));
    bench.run_to(bench.now() + us(152));
  }
  ASSERT_TRUE(bench.drain());
  std::vector<Uid> ends = bench.log.order("end");
  ends.erase(std::remove_if(ends.begin(), ends.end(),
                            [&](Uid uid) { return std::find(chain.begin(), chain.end(), uid) == chain.end(); }),
             ends.end());
  EXPECT_EQ(ends, chain);
  bench.expect_all_ended_once();
}

// BKL-03: what a reset takes out of a backlog is counted.
TEST_F(SchedulerBacklog, AResetDropsWhatWaits) {
  SchedulerBench bench(round_device());
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(250));
  bench.submit(bench.request("Program", 0, 2));
  bench.submit(bench.request("Reset_Lun"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.counters().backlog_drop, 2);
  EXPECT_EQ(bench.counters().ops_aborted, 3);
  bench.expect_all_ended_once();
}

// BKL-04, BKL-01: arrivals during a refill queue behind; suspends during the refill keep the order.
TEST_F(SchedulerBacklog, OrderSurvivesSuspendsDuringTheRefill) {
  SchedulerBench bench(round_device());
  std::vector<Request> batch;
  batch.reserve(8);
  for (std::int32_t page = 0; page < 8; ++page) batch.push_back(bench.request("Program", 0, page));
  bench.submit(batch);
  std::vector<Uid> programs = bench.decision().uids;
  for (int i = 0; i < 12; ++i) {
    bench.run_to(bench.now() + us(97) + i * us(13));
    bench.expect_self_check_passes();
    const Uid suspend = bench.submit(bench.request("Program_Suspend"));
    if (suspend == 0) continue;
    const Uid late = bench.submit(bench.request("Program", 1, 0));
    ASSERT_NE(late, 0U);
    programs.push_back(late);
    bench.run_to(bench.now() + us(150));
    bench.expect_self_check_passes();
    const Uid resume = bench.submit(bench.request("Program_Resume"));
    ASSERT_TRUE(resume != 0 || bench.die().stack_depth(Family::Program) == 0);
    bench.run_to(bench.now() + us(150));
    programs.push_back(bench.submit(bench.request("Program", 1, 1)));
    ASSERT_NE(programs.back(), 0U);
  }
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("programmed"), programs);
  EXPECT_GT(bench.counters().suspends, 6);
  bench.expect_all_ended_once();
}

// BKL-04: a SUSPEND in the very instant of the refill.
TEST_F(SchedulerBacklog, ASuspendInTheInstantOfTheRefill) {
  SchedulerBench bench(round_device());
  bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1), bench.request("Program", 0, 2)});
  bench.run_to(us(100));
  bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")});
  bench.run_to(us(350));  // the end of the RESUME
  ASSERT_NE(bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")}), 0U);
  bench.expect_self_check_passes();
  bench.run_to(us(600));
  ASSERT_NE(bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")}), 0U);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("programmed"), from_to(1, 3));
  EXPECT_EQ(bench.log.when("end", 1), us(850 + 210)) << "three cuts, two of them right at its going on";
  bench.expect_all_ended_once();
}

// BKL-05
TEST_F(SchedulerBacklog, IsNeverStranded) {
  SchedulerBench bench(round_device());
  std::vector<Request> batch;
  batch.reserve(6);
  for (std::int32_t page = 0; page < 6; ++page) batch.push_back(bench.request("Program", 0, page));
  bench.submit(batch);
  bench.submit(bench.from(us(95), bench.request("Program", 0, 0, 1)));  // has the bus from 95 to 105
  bench.run_to(us(100));
  bench.submit({bench.request("Program_Suspend"), bench.request("Read", 3, 0), bench.request("Program_Resume")});
  for (Time at = us(100); at < us(3000); at += us(1)) {
    bench.run_through(at);
    bench.expect_self_check_passes();
    const bool suspended = bench.die().suspended_at(Family::Program, at);
    const bool planned = !bench.die().stack(Family::Program).empty();
    if (bench.scheduler.backlog_size(0, Family::Program) == 0 || suspended || planned) continue;
    ASSERT_TRUE(bench.scheduler.refill_pending(0, Family::Program)) << "at " << at;
  }
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// BKL-01: ten thousand entries drain in order.
TEST_F(SchedulerBacklog, TenThousandEntriesDrainInOrder) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  std::vector<Uid> programs = {1};
  for (int i = 0; i < 10'000; ++i) programs.push_back(bench.submit(bench.request("Program", i % 8, i % 16)));
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 10'000U);
  EXPECT_EQ(bench.package.observers().metrics().backlog().peak, 10'000);
  bench.submit(bench.request("Program_Resume"));
  bench.run_to(us(50'000));
  bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")});
  ASSERT_TRUE(bench.drain(us(4'000'000)));
  EXPECT_EQ(bench.log.order("programmed"), programs);
  bench.expect_all_ended_once();
}

// BKL-04, SUS-04: a thousand reservations ahead are revoked and come back in order.
TEST_F(SchedulerBacklog, AThousandReservationsAheadAreRevokedInOrder) {
  SchedulerBench bench(round_device());
  std::vector<Uid> programs;
  programs.reserve(1'000);
  for (int i = 0; i < 1'000; ++i) programs.push_back(bench.submit(bench.request("Program", i % 8, i % 16)));
  EXPECT_EQ(bench.decision().starts.front(), 999 * us(310));
  for (int i = 0; i < 5; ++i) {
    bench.run_to(bench.now() + us(1000) + us(50));
    ASSERT_NE(bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")}), 0U)
        << name(bench.decision().refusal.reason);
  }
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("programmed"), programs);
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
