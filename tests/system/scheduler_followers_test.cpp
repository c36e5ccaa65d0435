// What a SUSPEND does to the ops behind its target: its batch, its family, the other one, reservations of no family.
#include <gtest/gtest.h>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using SchedulerFollowers = SystemCTest;

// SUS-04, BKL-01, BKL-02
TEST_F(SchedulerFollowers, ABatchIsCutAsAWholeAndKeepsItsOrder) {
  SchedulerBench bench(round_device());
  std::vector<Request> batch;
  batch.reserve(4);
  for (std::int32_t page = 0; page < 4; ++page) batch.push_back(bench.request("Program", 0, page));
  const Uid first = bench.submit(batch);
  EXPECT_EQ(bench.decision().starts, (std::vector<Time>{0, us(310), us(620), us(930)}));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 3U);
  bench.run_to(us(500));
  EXPECT_EQ(bench.log.order("start").size(), 2U) << "nothing of the batch starts while it is suspended";
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("programmed"), (std::vector<Uid>{first, first + 1, first + 2, first + 3}));
  EXPECT_EQ(bench.log.when("end", first), us(860));
  EXPECT_EQ(bench.log.when("start", first + 1), us(860)) << "not before 650 + (310 - 200), and the first is done";
  bench.expect_all_ended_once();
}

// SUS-04: the target and its followers in one batch with the SUSPEND itself.
TEST_F(SchedulerFollowers, ASuspendCutsTheOpsOfItsOwnBatch) {
  SchedulerBench bench(round_device());
  const Uid first = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1),
                                  bench.from(us(400), bench.request("Program_Suspend")), bench.request("Read", 3, 0),
                                  bench.request("Program_Resume")});
  ASSERT_NE(first, 0U) << name(bench.decision().refusal.reason);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("cut", first + 1), us(400));
  EXPECT_EQ(bench.log.when("start", first + 3), us(500)) << "SUS-14: behind the SUSPEND";
  EXPECT_EQ(bench.log.when("resume", first + 1), us(681));
  EXPECT_EQ(bench.log.when("end", first + 1), us(681 + 220));
  bench.expect_all_ended_once();
}

// SUS-05
TEST_F(SchedulerFollowers, AnOpWithoutADieBelongsToTheDieOfItsSuspend) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0, 1));
  bench.run_to(us(100));
  Request unknown = bench.request("Program");
  unknown.die = kAnyDie;
  const Uid suspend = bench.submit({bench.request("Program_Suspend", -1, -1, 1), unknown});
  ASSERT_NE(suspend, 0U) << name(bench.decision().refusal.reason);
  EXPECT_EQ(bench.scheduler.backlog_size(1, Family::Program), 1U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 0U);
}

// SUS-06
TEST_F(SchedulerFollowers, LaterBatchesMeetTheSuspendedStateTheSame) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  for (const Time at : {us(150), us(200), us(201), us(5000)}) {
    bench.run_to(at);
    ASSERT_NE(bench.submit(bench.request("Program", 1, 0)), 0U);
    EXPECT_EQ(bench.decision().starts.front(), kNever);
  }
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 4U);
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// SUS-14: a reservation of no planes inside the busy time is protected as well.
TEST_F(SchedulerFollowers, ASuspendWaitsForDataOutThatIsReserved) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.submit(bench.request("Dout", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(310));
  bench.run_to(us(250));
  EXPECT_EQ(bench.submit(bench.request("Program_Suspend")), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "exclusion");
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(310));
  bench.expect_all_ended_once();
}

// SUS-03, SUS-04, BKL-05: the bus is taken: the SUSPEND is planned, and so is the cut.
TEST_F(SchedulerFollowers, ASuspendThatWaitsForTheBusCutsWhenItStarts) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.submit(bench.from(us(100), bench.request("Program", 0, 0, 1)));
  bench.run_to(us(105));
  bench.submit(bench.request("Program_Suspend"));
  EXPECT_EQ(bench.decision().starts.front(), us(110));
  bench.run_to(us(107));
  bench.expect_self_check_passes();
  EXPECT_EQ(bench.die().stack_depth(Family::Program), 0U) << "nothing stands still yet";
  EXPECT_EQ(bench.submit(bench.request("Program_Suspend")), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "state_forbid_suspend") << "one is planned already";
  const Uid late = bench.submit(bench.request("Program", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), kNever);
  bench.run_to(us(400));
  EXPECT_EQ(bench.log.when("cut", program), us(110));
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.order("end").back(), late);
  EXPECT_EQ(bench.log.when("end", program), us(400 + 150 + 200));
  bench.expect_all_ended_once();
}

// SUS-04: a follower of the other family that the tables forbid meanwhile waits in its own backlog and comes back.
TEST_F(SchedulerFollowers, AForbiddenFollowerOfTheOtherFamilyWaits) {
  SchedulerBench bench(
      round_device({{"exclusion_groups.erase_suspended", "{families: [ERASE, PROGRAM], plus: [ERASE_SUSPEND]}"}}));
  const Uid erase = bench.submit(bench.request("Erase", 0));
  const Uid program = bench.submit({bench.request("Program", 1, 0), bench.request("Program", 1, 1)});
  EXPECT_EQ(bench.decision().starts.front(), us(701));
  bench.run_to(us(100));
  ASSERT_NE(bench.submit(bench.request("Erase_Suspend")), 0U) << name(bench.decision().refusal.reason);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 2U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Erase), 0U);
  bench.run_to(us(3000));
  bench.expect_self_check_passes();
  EXPECT_FALSE(bench.finished(program));
  bench.submit(bench.request("Erase_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", erase), us(3150 + 601));
  EXPECT_GE(bench.log.when("start", program), us(3751));
  EXPECT_LE(bench.log.when("start", program), us(3756)) << "a retry every 5 us";
  EXPECT_LT(bench.log.when("end", program), bench.log.when("end", program + 1));
  bench.expect_all_ended_once();
}

// SUS-04, EPR-03: a program behind a revoked erase of its block must not run into the block that is not erased.
TEST_F(SchedulerFollowers, AProgramGoesWithTheEraseThatItBuildsOn) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Erase", 1), bench.request("Program", 1, 0)});
  const Uid program = bench.decision().uids.back();
  EXPECT_EQ(bench.decision().starts.back(), us(1402));
  bench.run_to(us(100));
  ASSERT_NE(bench.submit(bench.request("Erase_Suspend")), 0U) << name(bench.decision().refusal.reason);
  bench.run_to(us(2500));
  EXPECT_EQ(bench.log.when("start", program), kNever);
  bench.submit(bench.request("Erase_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.count("programmed", program), 1U);
  EXPECT_EQ(bench.counters().backlog_drop, 0);
  bench.expect_all_ended_once();
}

// RES-01: what no family holds back and the suspended state would forbid refuses the SUSPEND.
TEST_F(SchedulerFollowers, AReservationThatTheSuspendedStateForbidsRefusesTheSuspend) {
  SchedulerBench bench(round_device());
  const Uid erase = bench.submit(bench.request("Erase", 0));
  const Uid feature = bench.submit(bench.from(us(2000), bench.request("Get_Feature")));
  bench.run_to(us(100));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "exclusion");
  EXPECT_EQ(bench.decision().refusal.blocker, feature);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", erase), us(701));
  bench.expect_all_ended_once();
}

// SUS-07, EPR-03: so does a read of the very page that would not be programmed then.
TEST_F(SchedulerFollowers, AReservedReadOfThePageRefusesTheSuspend) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Program", 0, 0), bench.request("Program", 0, 1),
                bench.request("Read", 0, 1)});
  ASSERT_TRUE(bench.decision().accepted) << name(bench.decision().refusal.reason);
  const Uid read = bench.decision().uids.back();
  bench.run_to(us(800));
  EXPECT_EQ(bench.submit(bench.request("Program_Suspend")), 0U);
  EXPECT_STREQ(name(bench.decision().refusal.reason), "exclusion");
  EXPECT_EQ(bench.decision().refusal.blocker, read);
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
