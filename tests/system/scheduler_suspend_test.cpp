// Suspend and resume from the request to the end of the resumed op (SPEC section 4).
#include <gtest/gtest.h>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using SchedulerSuspend = SystemCTest;

std::string reason_of(const SchedulerBench& bench) {
  return name(bench.decision().refusal.reason);
}

// SUS-02, SUS-03, SUS-09, SUS-13
TEST_F(SchedulerSuspend, AResumedProgramTakesExactlyTheTimeItHadLeft) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(110));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  EXPECT_FALSE(bench.finished(program));
  EXPECT_EQ(bench.die().stack_depth(Family::Program), 1U);
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("cut", program), us(110));
  EXPECT_EQ(bench.log.when("resume", program), us(450));
  EXPECT_EQ(bench.log.when("end", program), us(650)) << "310 - 110 = 200 behind the RESUME";
  EXPECT_EQ(bench.log.when("programmed", program), us(650));
  EXPECT_EQ(bench.result(program).suspends, 1U);
  bench.expect_all_ended_once();
}

struct CutAt {
  Time at;
  const char* answer;  ///< the reason of a refusal, or "cut"
};
struct SchedulerSuspendAt : SystemCTest, ::testing::WithParamInterface<CutAt> {};

// SUS-02, SUS-03: at every kind of moment of an op of three states [0, 10) [10, 310) [310, 320).
TEST_P(SchedulerSuspendAt, CutsExactlyThere) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Cache_Program", 0, 0));
  bench.run_to(GetParam().at);
  const Uid suspend = bench.submit(bench.request("Program_Suspend"));
  const std::string expected = GetParam().answer;
  if (expected != "cut" && expected != "nothing_to_suspend") {
    EXPECT_EQ(suspend, 0U);
    EXPECT_EQ(reason_of(bench), expected);
    ASSERT_TRUE(bench.drain());
    EXPECT_EQ(bench.log.when("end", program), us(320));
    bench.expect_all_ended_once();
    return;
  }
  bench.run_to(us(1000));
  EXPECT_EQ(name(bench.result(suspend).outcome), expected == "cut" ? std::string("none") : expected);
  if (expected == "cut") {
    EXPECT_EQ(bench.log.when("cut", program), GetParam().at);
    bench.submit(bench.request("Program_Resume"));
  } else {
    EXPECT_EQ(bench.result(suspend).ended_at, GetParam().at + us(1)) << "its ISSUE only";
    EXPECT_STREQ(name(bench.decision().refusal.reason), "none");
  }
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), expected == "cut" ? us(1150) + us(320) - GetParam().at : us(320));
  bench.expect_all_ended_once();
}

INSTANTIATE_TEST_SUITE_P(Moments, SchedulerSuspendAt,
                         ::testing::Values(CutAt{0, "state_forbid"}, CutAt{us(5), "state_forbid"},
                                           CutAt{us(10) - 1, "state_forbid"}, CutAt{us(10), "cut"},
                                           CutAt{us(10) + 1, "cut"}, CutAt{us(200), "cut"}, CutAt{us(310) - 1, "cut"},
                                           CutAt{us(310), "cut"}, CutAt{us(315), "cut"}, CutAt{us(320) - 1, "cut"},
                                           CutAt{us(320), "nothing_to_suspend"}, CutAt{us(400), "nothing_to_suspend"}));

// SUS-04, BKL-01, BKL-02
TEST_F(SchedulerSuspend, ABatchIsCutAsAWholeAndKeepsItsOrder) {
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
TEST_F(SchedulerSuspend, ASuspendCutsTheOpsOfItsOwnBatch) {
  SchedulerBench bench(round_device());
  const Uid first = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1),
                                  bench.from(us(400), bench.request("Program_Suspend")), bench.request("Read", 3, 0),
                                  bench.request("Program_Resume")});
  ASSERT_NE(first, 0U) << reason_of(bench);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("cut", first + 1), us(400));
  EXPECT_EQ(bench.log.when("start", first + 3), us(500)) << "SUS-14: behind the SUSPEND";
  EXPECT_EQ(bench.log.when("resume", first + 1), us(681));
  EXPECT_EQ(bench.log.when("end", first + 1), us(681 + 220));
  bench.expect_all_ended_once();
}

// SUS-05
TEST_F(SchedulerSuspend, AnOpWithoutADieBelongsToTheDieOfItsSuspend) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0, 1));
  bench.run_to(us(100));
  Request unknown = bench.request("Program");
  unknown.die = kAnyDie;
  const Uid suspend = bench.submit({bench.request("Program_Suspend", -1, -1, 1), unknown});
  ASSERT_NE(suspend, 0U) << reason_of(bench);
  EXPECT_EQ(bench.scheduler.backlog_size(1, Family::Program), 1U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 0U);
}

// SUS-06
TEST_F(SchedulerSuspend, LaterBatchesMeetTheSuspendedStateTheSame) {
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

// SUS-01, SUS-08, SUS-09
TEST_F(SchedulerSuspend, NestedFamiliesResumeInnermostFirst) {
  SchedulerBench bench(round_device());
  const Uid erase = bench.submit(bench.request("Erase", 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Erase_Suspend"));
  bench.run_to(us(250));
  const Uid program = bench.submit(bench.request("Program", 1, 0));
  bench.run_to(us(300));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(450));
  EXPECT_EQ(bench.submit(bench.request("Erase_Resume")), 0U);
  EXPECT_EQ(reason_of(bench), "state_forbid_suspend");
  EXPECT_EQ(bench.log.resume_errors.size(), 1U);
  bench.submit(bench.request("Program_Resume"));
  bench.run_to(us(700));
  EXPECT_EQ(bench.log.when("resume", program), us(600));
  bench.submit(bench.request("Erase_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(600 + 310 - 50));
  EXPECT_EQ(bench.log.when("resume", erase), us(860 + 150)) << "waits for the program";
  EXPECT_EQ(bench.log.when("end", erase), us(1010 + 601));
  bench.expect_all_ended_once();
}

// SUS-08, the other direction; also where the tables would let it through.
TEST_F(SchedulerSuspend, NoEraseIsSuspendedOverASuspendedProgram) {
  SchedulerBench bench(round_device({{"exclusion_groups.program_suspended", "[PROGRAM_SLC, PLANE_PROGRAM, ERASE]"}}));
  bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "state_forbid_suspend");
}

// SUS-01: a PROGRAM_SUSPEND does nothing to an erase.
TEST_F(SchedulerSuspend, ASuspendOfTheOtherFamilyTouchesNothing) {
  SchedulerBench bench(
      round_device({{"exclusion_groups.on_erase", "{all_except: [always, ERASE_SUSPEND, PROGRAM_SUSPEND]}"}}));
  const Uid erase = bench.submit(bench.request("Erase", 0));
  bench.run_to(us(100));
  const Uid suspend = bench.submit(bench.request("Program_Suspend"));
  ASSERT_TRUE(bench.drain());
  EXPECT_STREQ(name(bench.result(suspend).outcome), "nothing_to_suspend");
  EXPECT_EQ(bench.log.when("end", erase), us(701));
  EXPECT_EQ(bench.counters().suspends, 0);
  bench.expect_all_ended_once();
}

// SUS-10, MET-01
TEST_F(SchedulerSuspend, ACancelledResumeLeavesEverythingAsBefore) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(110));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  const Uid read = bench.submit(bench.from(us(600), bench.request("Read", 1, 0)));
  const std::size_t reserved = bench.die().timeline().size();
  EXPECT_EQ(bench.submit(bench.request("Program_Resume")), 0U);
  EXPECT_EQ(reason_of(bench), "planescope");
  EXPECT_EQ(bench.decision().refusal.blocker, read);
  ASSERT_EQ(bench.log.resume_errors.size(), 1U);
  const ResumeError& error = bench.log.resume_errors.front();
  EXPECT_EQ(error.family, Family::Program);
  EXPECT_EQ(error.uid, program);
  EXPECT_EQ(error.die, 0U);
  EXPECT_EQ(error.wanted_start, us(300));
  EXPECT_EQ(error.remaining, us(200));
  EXPECT_EQ(bench.die().stack_depth(Family::Program), 1U);
  EXPECT_EQ(bench.die().timeline().size(), reserved);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 1U);
  EXPECT_TRUE(bench.die().suspended_at(Family::Program, us(10'000)));
  bench.run_to(us(640));
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(640 + 150 + 200));
  bench.expect_all_ended_once();
}

// SUS-10: also in a batch: nothing of the batch happens.
TEST_F(SchedulerSuspend, ACancelledResumeTakesItsBatchWithIt) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.submit(bench.from(us(400), bench.request("Read", 1, 0)));
  bench.run_to(us(110));
  EXPECT_EQ(bench.submit({bench.request("Program_Suspend"), bench.request("Program_Resume")}), 0U);
  EXPECT_EQ(reason_of(bench), "planescope");
  EXPECT_EQ(bench.decision().refused_index, 1U);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(310)) << "it was never cut";
  bench.expect_all_ended_once();
}

// SUS-11
TEST_F(SchedulerSuspend, ResumeOfNothingChangesNothing) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  EXPECT_EQ(bench.submit(bench.request("Program_Resume")), 0U);
  EXPECT_EQ(reason_of(bench), "nothing_to_resume");
  EXPECT_EQ(bench.submit(bench.request("Erase_Resume")), 0U);
  EXPECT_EQ(reason_of(bench), "nothing_to_resume");
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(310));
  bench.expect_all_ended_once();
}

// SUS-14
TEST_F(SchedulerSuspend, NothingStartsInsideASuspendsBusyTime) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Erase", 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Erase_Suspend"));
  bench.run_to(us(120));
  bench.submit(bench.request("Read", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(200));
  bench.submit(bench.request("Dout", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(226)) << "in DATA_OUT of the read";
  bench.submit(bench.request("Erase_Resume"));
  EXPECT_EQ(bench.decision().starts.front(), us(236));
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// SUS-14: a reservation of no planes inside the busy time is protected as well.
TEST_F(SchedulerSuspend, ASuspendWaitsForDataOutThatIsReserved) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.submit(bench.request("Dout", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(310));
  bench.run_to(us(250));
  EXPECT_EQ(bench.submit(bench.request("Program_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "exclusion");
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(310));
  bench.expect_all_ended_once();
}

// SUS-07, SUS-15
TEST_F(SchedulerSuspend, RecoveryReadsRunInTheBatchOfTheSuspend) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit(bench.request("Erase", 0));
  bench.run_to(us(701));
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(901));
  EXPECT_EQ(bench.submit({bench.request("Program_Suspend"), bench.request("Read", 0, 0)}), 0U);
  EXPECT_EQ(reason_of(bench), "suspended_target");
  EXPECT_EQ(bench.log.count("cut"), 0U);
  const Uid suspend = bench.submit({bench.request("Program_Suspend"), bench.request("Recovery_Read", 0, 0)});
  ASSERT_NE(suspend, 0U) << reason_of(bench);
  EXPECT_EQ(bench.decision().starts, (std::vector<Time>{us(901), us(1001)}));
  bench.run_to(us(1500));
  EXPECT_TRUE(bench.finished(suspend + 1)) << "never in a backlog";
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(1650 + 110));
  bench.expect_all_ended_once();
}

// SUS-07: a RESUME may name what it resumes.
TEST_F(SchedulerSuspend, AResumeMayAddressTheSuspendedOp) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Erase", 2));
  bench.run_to(us(100));
  bench.submit(bench.request("Erase_Suspend", 2, 0));
  bench.run_to(us(300));
  EXPECT_NE(bench.submit(bench.request("Erase_Resume", 2, 0)), 0U) << reason_of(bench);
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// SUS-16
TEST_F(SchedulerSuspend, LimitsKeepAnOpFromStarving) {
  SchedulerBench bench(round_device({{"policies.min_progress_us", "50"}, {"policies.max_suspends_per_op", "2"}}));
  const Uid erase = bench.submit(bench.request("Erase", 0));
  bench.run_to(us(49));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "suspend_too_soon");
  bench.run_to(us(50));
  bench.submit({bench.request("Erase_Suspend"), bench.request("Erase_Resume")});
  EXPECT_TRUE(bench.decision().accepted);
  bench.run_to(us(320));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "suspend_too_soon") << "since the RESUME at 300";
  bench.run_to(us(350));
  bench.submit({bench.request("Erase_Suspend"), bench.request("Erase_Resume")});
  bench.run_to(us(700));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "suspend_limit");
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", erase), us(701 + 500));
  bench.expect_all_ended_once();
}

// SUS-17
TEST_F(SchedulerSuspend, DiesAreIndependent) {
  SchedulerBench bench(round_device());
  const Uid other = bench.submit({bench.request("Program", 0, 0, 1), bench.request("Program", 0, 1, 1)});
  const Uid cut = bench.submit(bench.request("Program", 0, 0, 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend", -1, -1, 0));
  bench.run_to(us(2000));
  EXPECT_EQ(bench.log.when("end", other), us(310));
  EXPECT_EQ(bench.log.when("end", other + 1), us(620));
  EXPECT_EQ(bench.scheduler.backlog_size(1, Family::Program), 0U);
  EXPECT_FALSE(bench.finished(cut));
}

// SUS-03, SUS-04, BKL-05: the bus is taken: the SUSPEND is planned, and so is the cut.
TEST_F(SchedulerSuspend, ASuspendThatWaitsForTheBusCutsWhenItStarts) {
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
  EXPECT_EQ(reason_of(bench), "state_forbid_suspend") << "one is planned already";
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

// SUS-09: planned ahead: the state lasts exactly until the RESUME's end.
TEST_F(SchedulerSuspend, AResumeCanBePlannedAhead) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  bench.submit({bench.request("Program_Suspend"), bench.from(us(1000), bench.request("Program_Resume"))});
  EXPECT_EQ(bench.decision().starts, (std::vector<Time>{us(100), us(1000)}));
  bench.run_to(us(500));
  bench.submit(bench.request("Read", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), us(500));
  const Uid queued = bench.submit(bench.request("Program", 1, 0));
  EXPECT_EQ(bench.decision().starts.front(), kNever);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(1150 + 210));
  EXPECT_GE(bench.log.when("start", queued), us(1360));
  bench.expect_all_ended_once();
}

// SUS-04: a follower of the other family that the tables forbid meanwhile waits in its own backlog and comes back.
TEST_F(SchedulerSuspend, AForbiddenFollowerOfTheOtherFamilyWaits) {
  SchedulerBench bench(
      round_device({{"exclusion_groups.erase_suspended", "{families: [ERASE, PROGRAM], plus: [ERASE_SUSPEND]}"}}));
  const Uid erase = bench.submit(bench.request("Erase", 0));
  const Uid program = bench.submit({bench.request("Program", 1, 0), bench.request("Program", 1, 1)});
  EXPECT_EQ(bench.decision().starts.front(), us(701));
  bench.run_to(us(100));
  ASSERT_NE(bench.submit(bench.request("Erase_Suspend")), 0U) << reason_of(bench);
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
TEST_F(SchedulerSuspend, AProgramGoesWithTheEraseThatItBuildsOn) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Erase", 1), bench.request("Program", 1, 0)});
  const Uid program = bench.decision().uids.back();
  EXPECT_EQ(bench.decision().starts.back(), us(1402));
  bench.run_to(us(100));
  ASSERT_NE(bench.submit(bench.request("Erase_Suspend")), 0U) << reason_of(bench);
  bench.run_to(us(2500));
  EXPECT_EQ(bench.log.when("start", program), kNever);
  bench.submit(bench.request("Erase_Resume"));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.count("programmed", program), 1U);
  EXPECT_EQ(bench.counters().backlog_drop, 0);
  bench.expect_all_ended_once();
}

// RES-01: what no family holds back and the suspended state would forbid refuses the SUSPEND.
TEST_F(SchedulerSuspend, AReservationThatTheSuspendedStateForbidsRefusesTheSuspend) {
  SchedulerBench bench(round_device());
  const Uid erase = bench.submit(bench.request("Erase", 0));
  const Uid feature = bench.submit(bench.from(us(2000), bench.request("Get_Feature")));
  bench.run_to(us(100));
  EXPECT_EQ(bench.submit(bench.request("Erase_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "exclusion");
  EXPECT_EQ(bench.decision().refusal.blocker, feature);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", erase), us(701));
  bench.expect_all_ended_once();
}

// SUS-07, EPR-03: so does a read of the very page that would not be programmed then.
TEST_F(SchedulerSuspend, AReservedReadOfThePageRefusesTheSuspend) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0), bench.request("Program", 0, 0), bench.request("Program", 0, 1),
                bench.request("Read", 0, 1)});
  ASSERT_TRUE(bench.decision().accepted) << reason_of(bench);
  const Uid read = bench.decision().uids.back();
  bench.run_to(us(800));
  EXPECT_EQ(bench.submit(bench.request("Program_Suspend")), 0U);
  EXPECT_EQ(reason_of(bench), "exclusion");
  EXPECT_EQ(bench.decision().refusal.blocker, read);
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// SUS-09, SUS-03: without limit, and nothing gets lost on the way.
TEST_F(SchedulerSuspend, AThousandSuspendsAddUpExactly) {
  SchedulerBench bench(round_device());
  const Uid erase = bench.submit(bench.request("Erase", 0));
  bench.run_to(us(1));
  Time own_time = us(1);
  for (int i = 0; i < 1000; ++i) {
    const Time piece = 123'457 + i * 37;  // ps
    bench.run_to(bench.now() + piece);
    own_time += piece;
    ASSERT_NE(bench.submit({bench.request("Erase_Suspend"), bench.request("Erase_Resume")}), 0U) << reason_of(bench);
    bench.run_to(bench.now() + us(250));
  }
  const Time last = bench.now();
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", erase), last + us(701) - own_time);
  EXPECT_EQ(bench.result(erase).suspends, 1000U);
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
