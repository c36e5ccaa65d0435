// What a SUSPEND and a RESUME do to the plan of one die (SPEC section 4), without a kernel.
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"

namespace nandtlm::test {
namespace {

std::string reason_of(const Verdict& verdict) {
  return name(verdict.refusal.reason);
}

// SUS-03: nothing of the target is left after the cut, on no timeline.
TEST(SuspendPlanning, ACutEndsPlanesBusFlagsAndBlocks) {
  DieBench bench(round_device_with_epr());
  bench.plan(bench.request("Erase", 0), 0);
  bench.run_to(us(701));
  const Op& program = bench.plan(bench.request("Cache_Program", 0, 0), us(701));
  const Op& suspend = bench.plan(bench.request("Program_Suspend"), us(801));
  EXPECT_EQ(program.piece().end(), us(801));
  ASSERT_EQ(bench.die().timeline().size(), 2U);
  EXPECT_EQ(bench.die().timeline()[0].end, us(801));
  EXPECT_EQ(bench.die().timeline()[1].op, &suspend);
  EXPECT_EQ(bench.die().flags_at(us(90'000)).cache_program, 0);
  EXPECT_EQ(bench.die().address().next_change_after(program.info.targets, 0), kNever);
  EXPECT_EQ(bench.bus().segments().back().uid, suspend.info.uid);
}

// SUS-03: the bus segments still to come are given back and come again with the rest.
TEST(SuspendPlanning, BusSegmentsAreKept) {
  DieBench bench(round_device({{"op_bases.CACHE_PROGRAM_SLC.states.DATA_IN", "{bus: true, duration: 10}"}}));
  bench.plan(bench.request("Cache_Program", 0, 0), 0);  // the bus in [0, 10) and [310, 320)
  EXPECT_EQ(bench.bus().size(), 2U);
  bench.plan(bench.request("Program_Suspend"), us(315));
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0, 1), us(311)).start, us(316)) << "not 320";
  EXPECT_EQ(reason_of(bench.judge(bench.request("Status", -1, -1, 1), us(314) + 1)), "bus");
  bench.plan(bench.request("Program_Resume"), us(415));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Status", -1, -1, 1), us(569))), "bus") << "5 us of data are left";
  EXPECT_TRUE(bench.judge(bench.request("Status", -1, -1, 1), us(570)).ok());
}

// SUS-04: newest first, so that each can go to the head of a queue.
TEST(SuspendPlanning, FollowersAreToldNewestFirst) {
  DieBench bench(round_device());
  for (std::int32_t page = 0; page < 4; ++page) bench.plan(bench.request("Program", 0, page), 0);
  const Op& suspend = bench.plan(bench.request("Program_Suspend"), us(100));
  EXPECT_EQ(bench.revoked.uids(), (std::vector<Uid>{4, 3, 2}));
  EXPECT_EQ(bench.revoked.entries.back().planned_start, us(310));
  EXPECT_EQ(bench.revoked.entries.back().suspend_end, suspend.piece().end());
  EXPECT_EQ(bench.die().timeline().size(), 2U);
}

// SUS-02
TEST(SuspendPlanning, TheMomentDecides) {
  DieBench bench(round_device());
  bench.plan(bench.request("Program", 0, 0), us(50));  // [50, 360), ISSUE to 60
  const Request suspend = bench.request("Program_Suspend");
  EXPECT_TRUE(bench.judge(suspend, us(49)).nothing_to_suspend);
  EXPECT_EQ(reason_of(bench.judge(suspend, us(50))), "state_forbid");
  EXPECT_EQ(reason_of(bench.judge(suspend, us(60) - 1)), "state_forbid");
  EXPECT_FALSE(bench.judge(suspend, us(60)).nothing_to_suspend);
  EXPECT_TRUE(bench.judge(suspend, us(60)).ok());
  EXPECT_TRUE(bench.judge(suspend, us(360) - 1).ok());
  EXPECT_FALSE(bench.judge(suspend, us(360) - 1).nothing_to_suspend);
  EXPECT_TRUE(bench.judge(suspend, us(360)).nothing_to_suspend);
}

// SUS-02: a SUSPEND that was planned to find nothing keeps finding nothing.
TEST(SuspendPlanning, NothingStartsUnderASuspendThatFindsNothing) {
  DieBench bench(round_device());
  const Op& suspend = bench.plan(bench.request("Program_Suspend"), us(100));
  EXPECT_TRUE(suspend.nothing_to_suspend);
  const Verdict program = bench.judge(bench.request("Program", 0, 0), us(20));
  EXPECT_EQ(reason_of(program), "exclusion");
  EXPECT_EQ(program.refusal.blocker, suspend.info.uid);
  EXPECT_EQ(bench.feasible(bench.request("Program", 0, 0), us(20)).start, us(101));
}

// SUS-06
TEST(SuspendPlanning, TheStateLastsFromTheSuspendToTheResumesEnd) {
  DieBench bench(round_device());
  bench.plan(bench.request("Program", 0, 0), 0);
  bench.plan(bench.request("Program_Suspend"), us(100));
  const auto suspended = [&](Time time) { return bench.die().suspended_at(Family::Program, time); };
  EXPECT_FALSE(suspended(us(100) - 1));
  EXPECT_TRUE(suspended(us(100)));
  EXPECT_TRUE(suspended(kNever - 1));
  bench.plan(bench.request("Program_Resume"), us(500));
  EXPECT_TRUE(suspended(us(650) - 1));
  EXPECT_FALSE(suspended(us(650)));
}

// SUS-08, SUS-09: each family has a stack of its own.
TEST(SuspendPlanning, NestedFamilies) {
  DieBench bench(round_device());
  const Op& erase = bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  const Op& program = bench.plan(bench.request("Program", 1, 0), us(200));
  bench.plan(bench.request("Program_Suspend"), us(300));
  bench.run_to(us(400));
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 1U);
  EXPECT_EQ(bench.die().stack_depth(Family::Program), 1U);
  EXPECT_EQ(reason_of(bench.judge(bench.request("Erase_Resume"), us(400))), "state_forbid_suspend");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Erase_Suspend"), us(400))), "state_forbid_suspend");
  bench.plan(bench.request("Program_Resume"), us(400));
  bench.plan(bench.request("Erase_Resume"), us(400));
  bench.run_to(us(2000));
  EXPECT_EQ(bench.log, (std::vector<std::string>{"0 start 1", "100 start 2", "100 cut 1", "200 end 2", "200 start 3",
                                                 "300 start 4", "300 cut 3", "400 end 4", "400 start 5", "550 end 5",
                                                 "550 resume 3", "760 end 3", "760 start 6", "910 end 6",
                                                 "910 resume 1", "1511 end 1"}));
  EXPECT_EQ(erase.life, Life::Free);
  EXPECT_EQ(program.life, Life::Free);
}

// SUS-08: an ERASE_RESUME that is reserved for later refuses the PROGRAM_SUSPEND before it, whatever the tables say.
TEST(SuspendPlanning, NoProgramIsSuspendedUnderAReservedEraseResume) {
  DieBench bench(round_device({{"exclusion_groups.program_suspended", "[PROGRAM_SLC, PLANE_PROGRAM, ERASE]"}}));
  bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  bench.plan(bench.request("Program", 1, 0), us(200));
  const Op& resume = bench.plan(bench.request("Erase_Resume"), us(200));
  EXPECT_EQ(resume.start(), us(510));
  bench.run_to(us(250));
  const Verdict verdict = bench.judge(bench.request("Program_Suspend"), us(300));
  EXPECT_EQ(reason_of(verdict), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, resume.info.uid);
}

// SUS-09: a cut right where the resumed op goes on takes nothing from it.
TEST(SuspendPlanning, ACutAtTheInstantOfGoingOn) {
  DieBench bench(round_device());
  const Op& program = bench.plan(bench.request("Program", 0, 0), 0);
  bench.plan(bench.request("Program_Suspend"), us(100));
  bench.plan(bench.request("Program_Resume"), us(200));  // goes on at 350
  bench.plan(bench.request("Program_Suspend"), us(350));
  bench.plan(bench.request("Program_Resume"), us(450));  // goes on at 600
  bench.run_to(us(599));
  EXPECT_EQ(program.executed, us(100));
  EXPECT_EQ(program.suspends, 2U);
  bench.run_to(us(810));
  EXPECT_EQ(bench.log.back(), "810 end 1");
}

// SUS-02, SUS-09: both SUSPENDs of one op planned before the first has started.
TEST(SuspendPlanning, TwoSuspendsOfOneOpPlannedAhead) {
  DieBench bench(round_device());
  bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  bench.plan(bench.request("Erase_Resume"), us(200));
  bench.plan(bench.request("Erase_Suspend"), us(400));
  bench.plan(bench.request("Erase_Resume"), us(500));
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 0U) << "nothing stands still yet";
  bench.run_to(us(150));
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 1U);
  bench.run_to(us(380));
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 0U);
  bench.run_to(us(450));
  EXPECT_EQ(bench.die().stack_depth(Family::Erase), 1U);
  bench.run_to(us(5000));
  EXPECT_EQ(bench.log.back(), "1201 end 1") << "701 + 2 x 250";
}

// SUS-02: no SUSPEND before one that is planned.
TEST(SuspendPlanning, OneSuspendAfterTheOther) {
  DieBench bench(round_device());
  const Op& program = bench.plan(bench.request("Program", 0, 0), 0);
  bench.plan(bench.request("Program_Suspend"), us(200));
  const Verdict second = bench.judge(bench.request("Program_Suspend"), us(100));
  EXPECT_EQ(reason_of(second), "state_forbid_suspend");
  EXPECT_EQ(second.refusal.blocker, program.info.uid);
}

// SUS-04: what must wait is not taken from under a SUSPEND that is planned for it.
TEST(SuspendPlanning, AFollowerWithASuspendOfItsOwnRefuses) {
  DieBench bench(
      round_device({{"exclusion_groups.erase_suspended", "{families: [ERASE, PROGRAM], plus: [ERASE_SUSPEND]}"}}));
  bench.plan(bench.request("Erase", 0), 0);
  const Op& program = bench.plan(bench.request("Program", 1, 0), us(701));
  bench.plan(bench.request("Program_Suspend"), us(800));
  const Verdict verdict = bench.judge(bench.request("Erase_Suspend"), us(100));
  EXPECT_EQ(reason_of(verdict), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, program.info.uid);
}

// SUS-10: where the kept states do not fit, the reason is what stands there.
TEST(SuspendPlanning, KeptStatesNeedTheirPlace) {
  DieBench bench(round_device());
  bench.plan(bench.request("Program", 0, 0), 0);
  bench.plan(bench.request("Program_Suspend"), us(100));
  const Op& read = bench.plan(bench.request("Read", 1, 0), us(550));
  const std::string before = dump(bench);
  // The RESUME would have room at 200, its program [350, 560) would not.
  const Verdict verdict = bench.feasible(bench.request("Program_Resume"), us(200));
  EXPECT_EQ(reason_of(verdict), "planescope");
  EXPECT_TRUE(verdict.resume_cancelled);
  EXPECT_EQ(verdict.refusal.blocker, read.info.uid);
  EXPECT_EQ(before, dump(bench)) << "no fallback, no trace";
  EXPECT_EQ(bench.feasible(bench.request("Program_Resume"), us(581)).start, us(581));
}

// SUS-09: a RESUME waits for the die like any die-wide op.
TEST(SuspendPlanning, AResumeWaitsForReads) {
  DieBench bench(round_device());
  bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  bench.plan(bench.request("Read", 1, 0), us(200));
  EXPECT_EQ(bench.feasible(bench.request("Erase_Resume"), us(150)).start, us(231));
}

// SUS-07: the block of a suspended erase, the page of a suspended program.
TEST(SuspendPlanning, SuspendedTargets) {
  DieBench bench(round_device());
  bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  const auto at = [&](Time time, const char* op, std::int32_t block, std::int32_t page) {
    return reason_of(bench.judge(bench.request(op, block, page), time));
  };
  EXPECT_EQ(at(us(200), "Read", 0, 3), "suspended_target");
  EXPECT_EQ(at(us(200), "Program", 0, 3), "suspended_target");
  EXPECT_EQ(at(us(200), "Read", 2, 3), "none");
  EXPECT_EQ(at(us(200), "Program", 2, 3), "none");
  bench.plan(bench.request("Program", 2, 3), us(200));
  bench.plan(bench.request("Program_Suspend"), us(300));
  EXPECT_EQ(at(us(400), "Read", 2, 3), "suspended_target");
  EXPECT_EQ(at(us(400), "Read", 2, 2), "none") << "another page of the block";
  EXPECT_EQ(at(us(400), "Recovery_Read", 2, 3), "none");
  EXPECT_EQ(at(us(400), "Status", 2, 3), "none") << "asks the die";
  EXPECT_EQ(at(us(400), "Program_Resume", 2, 3), "none") << "names what it resumes";
}

}  // namespace
}  // namespace nandtlm::test
