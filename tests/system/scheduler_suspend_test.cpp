// Suspend and resume of one op, from the request to the end of the resumed op (SPEC section 4).
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
