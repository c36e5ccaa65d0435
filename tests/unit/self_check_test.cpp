// The self-check must be able to fail: every test of a defect tells a good story with one thing wrong. The order of
// stacks and backlogs is in self_check_order_test.cpp.
#include "model/observe/self_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/self_check_fixture.h"

namespace nandtlm::self_check_story {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// MET-02

TEST_F(SelfCheckTest, PassesAGoodStoryAtEveryMoment) {
  accept_programs();
  EXPECT_THAT(failing(), IsEmpty());
  start_suspend();
  cut();
  revoke_followers();
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_EQ(line("accounting").detail,
            "4 accepted = 0 completed + 0 aborted + 1 running + 1 suspended + 2 backlogged + 0 reserved");
  end_suspend();
  run_resume();
  go_on();
  EXPECT_THAT(failing(), IsEmpty());
  finish();
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_EQ(line("stack_balance").detail, "1 suspends - 1 resumes - 0 aborts while suspended = 0");
}

TEST_F(SelfCheckTest, PassesTheScenarioOfTheWriters) {
  test::play_suspend_scenario(device_, check_);
  EXPECT_THAT(failing(), IsEmpty());
}

// SUS-03: every piece counts, however often it is cut.

TEST_F(SelfCheckTest, AddsUpThePiecesOfAnOpThatIsCutTwice) {
  suspend();
  run_resume();
  go_on();
  const Time again = kGoesOn + 10 * kUs;
  driver_.suspend(1, again, kCut + 10 * kUs);
  check_.suspend_state(0, Family::Program, true, 1, again);
  EXPECT_THAT(failing(), IsEmpty());
  check_.suspend_state(0, Family::Program, false, 0, again + 500 * kUs);
  driver_.resume(1, again + 500 * kUs, kProgram - kCut - 10 * kUs);
  driver_.end(1, again + 500 * kUs + kProgram - kCut - 10 * kUs - 1);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
  EXPECT_THAT(line("pieces").detail, HasSubstr("uid 1 ended at 1160.009399 us after 309.824399 us of 309.8244 us"));
}

// MET-02: the pieces add up.

TEST_F(SelfCheckTest, FailsOnAnEndTooEarly) {
  accept_programs();
  driver_.end(1, kProgram - 1);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// SUS-03

TEST_F(SelfCheckTest, FailsOnWrongConsumedTime) {
  accept_programs();
  start_suspend();
  driver_.suspend(1, kCut, kCut - 1);
  check_.suspend_state(0, Family::Program, true, 1, kCut);
  revoke_followers();
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// SUS-03

TEST_F(SelfCheckTest, FailsWhereConsumedAndRemainingAreNotNominal) {
  accept_programs();
  start_suspend();
  check_.op_suspended(driver_.op(1), kCut, kCut, kProgram - kCut + 1);
  check_.suspend_state(0, Family::Program, true, 1, kCut);
  revoke_followers();
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// SUS-09

TEST_F(SelfCheckTest, FailsOnAResumeWithOtherTimeLeft) {
  suspend();
  run_resume();
  check_.suspend_state(0, Family::Program, false, 0, kGoesOn);
  driver_.resume(1, kGoesOn, kProgram);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// SUS-13: the end event was not cancelled.

TEST_F(SelfCheckTest, FailsOnAnEndWhileSuspended) {
  suspend();
  driver_.end(1, kProgram);
  check_.suspend_state(0, Family::Program, false, 0, kProgram);
  EXPECT_THAT(failing(), UnorderedElementsAre("op_end_once", "stack_balance"));
  EXPECT_THAT(line("op_end_once").detail, HasSubstr("uid 1 ended at 309.8244 us while suspended"));
}

// SUS-04: only the newest op of a batch was cut, the followers were left on the timeline.

TEST_F(SelfCheckTest, FailsOnAStartWhileSuspended) {
  accept_programs();
  start_suspend();
  cut();
  end_suspend();
  start_program(2, kProgram);
  EXPECT_THAT(failing(), UnorderedElementsAre("start_while_suspended"));
  EXPECT_THAT(line("start_while_suspended").detail,
              HasSubstr("uid 2 started at 309.8244 us while PROGRAM of die 0 was suspended (uid 1)"));
}

// SUS-06: the RESUME's busy time belongs to the suspension.

TEST_F(SelfCheckTest, FailsOnAStartBeforeTheResumeHasEnded) {
  accept_programs();
  start_suspend();
  cut();
  end_suspend();
  check_.suspend_state(0, Family::Program, false, 0, 300 * kUs);  // told too early
  driver_.start(2, kProgram);
  EXPECT_THAT(failing(), testing::Contains("start_while_suspended"));
}

TEST_F(SelfCheckTest, FailsOnAStartAtTheInstantOfTheSuspend) {
  driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0);
  start_program(1, 0);
  driver_.accept(2, "Do_PROGRAM_SLC", 0, {{1, 3, 0}}, 10 * kUs, kCut);
  driver_.start(2, kCut);
  driver_.suspend(1, kCut, kCut);
  check_.suspend_state(0, Family::Program, true, 1, kCut);
  EXPECT_THAT(failing(), UnorderedElementsAre("start_while_suspended"));
}

// SUS-01, SUS-17: other families and dies are free.

TEST_F(SelfCheckTest, OtherFamiliesAndDiesMayStartWhileSuspended) {
  suspend();
  driver_.accept(6, "Do_READ", 0, {{0, 5, 0}}, 210 * kUs, 210 * kUs);
  driver_.start(6, 210 * kUs);
  driver_.end_issue(6, 210 * kUs + 120'000);
  driver_.accept(7, "Do_PROGRAM_SLC", 1, {{0, 2, 0}}, 211 * kUs, 211 * kUs);
  start_program(7, 211 * kUs);
  EXPECT_THAT(failing(), IsEmpty());
}

// MET-02: OP_END count per uid is 1.

TEST_F(SelfCheckTest, FailsOnASecondEnd) {
  accept_programs();
  const OpInfo op = driver_.op(1);
  driver_.end(1, kProgram);
  start_program(2, kProgram);
  EXPECT_THAT(failing(), IsEmpty());
  check_.op_ended(op, kProgram + 20 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("op_end_once", "accounting"));
}

// RES-06

TEST_F(SelfCheckTest, FailsOnAnEndAfterAnAbort) {
  accept_programs();
  const OpInfo op = driver_.op(1);
  driver_.abort(1, 50 * kUs, 50 * kUs);
  EXPECT_THAT(failing(), IsEmpty());
  check_.op_ended(op, kProgram);
  EXPECT_THAT(failing(), UnorderedElementsAre("op_end_once", "accounting"));
}

// RES-06: the time that an aborted op had consumed.

TEST_F(SelfCheckTest, FailsOnAnAbortWithWrongConsumedTime) {
  accept_programs();
  driver_.abort(1, 50 * kUs, 49 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// SUS-04: a revoked follower that nobody keeps.

// MET-02: accepted = completed + ...

TEST_F(SelfCheckTest, FailsWhereTheRecordOfALiveOpIsReused) {
  accept_programs();
  OpInfo thief = driver_.op(3);
  thief.uid = 9;
  check_.op_accepted(thief, 20 * kUs, 700 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("accounting"));
  EXPECT_THAT(line("accounting").detail, HasSubstr("uid 3 was reserved when uid 9 took its place"));
  EXPECT_THAT(line("accounting").detail, HasSubstr("4 accepted is not"));
}

// SUS-04, BKL-02

// SUS-04: the order is that of the starts that were taken, not that of acceptance.

// BKL-01: followers first, then arrivals.

// BKL-04: what a second SUSPEND takes back goes ahead of those that wait, behind what is already reserved.

// BKL-05

// RES-06: a reset that leaves the stack as it was.

// SUS-02: nothing to suspend: ISSUE only.

TEST_F(SelfCheckTest, ASuspendThatCutsNothingRunsItsIssueOnly) {
  OpInfo& suspend = driver_.accept(1, "Do_PROGRAM_SUSPEND", 0, {}, 0, 0);
  suspend.planes = 0;
  driver_.start(1, 0);
  check_.bus_released(0, 1, 185'000);
  driver_.end(1, 185'000);
  EXPECT_THAT(failing(), IsEmpty());
  driver_.run(2, "Do_PROGRAM_SUSPEND", 0, {}, kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
  EXPECT_THAT(line("pieces").detail, HasSubstr("it suspended nothing"));
}

TEST_F(SelfCheckTest, FailsOnASuspendThatCutsAndRunsItsIssueOnly) {
  accept_programs();
  start_suspend();
  cut();
  revoke_followers();
  check_.bus_released(0, 4, kCut + 185'000);
  driver_.end(4, kCut + 185'000);
  EXPECT_THAT(failing(), UnorderedElementsAre("pieces"));
}

// MET-02: no plane has two occupants.

TEST_F(SelfCheckTest, FailsOnTwoOpsOnAPlane) {
  accept_programs();
  driver_.accept(6, "Do_READ", 0, {{0, 5, 0}, {1, 5, 0}}, 20 * kUs, 20 * kUs);
  driver_.start(6, 20 * kUs);
  driver_.end_issue(6, 21 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("plane_occupancy"));
  EXPECT_THAT(line("plane_occupancy").detail, HasSubstr("uid 6 took die 0 plane 0 at 20 us while uid 1 was there"));
}

// SUS-03: nothing of a cut op stays on its planes. SUS-14: the SUSPEND takes them all.

TEST_F(SelfCheckTest, FailsOnASuspendOverAnOpThatGoesOn) {
  accept_programs();
  start_suspend();
  driver_.end_issue(4, kCut + 185'000);
  EXPECT_THAT(failing(), UnorderedElementsAre("plane_occupancy"));
}

// MET-02: no bus has two occupants; [start, end) may touch.

TEST_F(SelfCheckTest, FailsOnTwoOpsOnABus) {
  accept_programs();
  driver_.accept(6, "Do_READ", 1, {{0, 5, 0}}, 20 * kUs, 30 * kUs);
  driver_.accept(7, "Do_READ", 1, {{1, 5, 0}}, 20 * kUs, 30 * kUs);
  check_.bus_taken(0, driver_.op(6), 20 * kUs);
  check_.bus_taken(0, driver_.op(7), 21 * kUs);  // told before the release, at the same instant
  check_.bus_released(0, 6, 21 * kUs);
  EXPECT_THAT(failing(), IsEmpty());
  check_.bus_taken(0, driver_.op(6), 22 * kUs);
  check_.bus_released(0, 7, 23 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("bus"));
  EXPECT_THAT(line("bus").detail, HasSubstr("uid 6 took channel 0 at 22 us while uid 7 was there"));
}

TEST_F(SelfCheckTest, FailsOnAReleaseOfABusThatAnotherHolds) {
  accept_programs();
  check_.bus_released(0, 1, 20 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("bus"));
}

// SUS-12

TEST_F(SelfCheckTest, FailsOnAResumedOpThatEndsElsewhere) {
  suspend();
  run_resume();
  go_on();
  driver_.op(1).targets[0].page = 1;
  driver_.end(1, kEnd);
  EXPECT_THAT(failing(), UnorderedElementsAre("resumed_targets"));
}

TEST_F(SelfCheckTest, FailsWhereTheModelTellsOfAMismatch) {
  accept_programs();
  check_.resume_mismatch(driver_.op(1), kProgram);
  EXPECT_THAT(failing(), testing::Contains("resumed_targets"));
}

// SUS-08, SUS-09

// SUS-08

// SUS-08

// SUS-09: the newest first.

TEST_F(SelfCheckTest, FailsOnASecondStart) {
  accept_programs();
  check_.op_started(driver_.op(1), 20 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("event_order"));
}

TEST_F(SelfCheckTest, FailsOnAStartOutOfTheBacklogWithoutAReservation) {
  suspend();
  run_resume();
  go_on();
  driver_.end(1, kEnd);
  start_program(2, kEnd);
  EXPECT_THAT(failing(), UnorderedElementsAre("event_order"));
}

// SUS-15: ops of no family never go to the backlog, and are never cut.

TEST_F(SelfCheckTest, FailsOnAReadThatWaitsOrIsCut) {
  driver_.accept(1, "Do_READ", 0, {{0, 2, 0}}, 0, 0);
  check_.op_backlogged(driver_.op(1), 0);
  EXPECT_THAT(failing(), UnorderedElementsAre("event_order"));
  driver_.start(1, 0);
  driver_.suspend(1, kUs, kUs);
  EXPECT_THAT(line("event_order").detail, HasSubstr("2 faults"));
}

TEST_F(SelfCheckTest, FailsOnAnEventOfThePast) {
  accept_programs();
  check_.finish(kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("event_order"));
}

TEST_F(SelfCheckTest, KeepsTheFirstFaultsAndCountsAll) {
  accept_programs();
  OpInfo stranger = driver_.op(1);
  for (Uid uid = 100; uid < 120; ++uid) {
    stranger.uid = uid;
    check_.op_ended(stranger, 20 * kUs);
  }
  const std::string detail = line("op_end_once").detail;
  EXPECT_THAT(detail, HasSubstr("20 faults: uid 100 "));
  EXPECT_THAT(detail, HasSubstr("uid 107 "));
  EXPECT_THAT(detail, Not(HasSubstr("uid 108 ")));
}

}  // namespace
}  // namespace nandtlm::self_check_story
