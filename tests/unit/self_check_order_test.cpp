// Self-check: the order of stacks and backlogs, and what a reset leaves of them.
#include "model/observe/self_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/self_check_fixture.h"

namespace nandtlm::self_check_story {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(SelfCheckTest, FailsOnALostFollower) {
  accept_programs();
  start_suspend();
  cut();
  check_.op_backlogged(driver_.op(3), kCut);
  end_suspend();
  EXPECT_THAT(failing(), IsEmpty());
  run_resume();
  go_on();
  EXPECT_THAT(failing(), UnorderedElementsAre("accounting"));
  EXPECT_THAT(line("accounting").detail, HasSubstr("uid 2 was to start at 309.8244 us and never did"));
}

TEST_F(SelfCheckTest, FailsOnReversedFollowers) {
  suspend();
  run_resume();
  go_on();
  driver_.end(1, kEnd);
  run_program(3, kEnd);
  EXPECT_THAT(failing(), UnorderedElementsAre("backlog_order"));
  EXPECT_THAT(line("backlog_order").detail, HasSubstr("uid 3 started at 660.0094 us before uid 2"));
}

TEST_F(SelfCheckTest, FollowersKeepTheOrderOfTheirStarts) {
  driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0);
  driver_.accept(3, "Do_PROGRAM_SLC", 0, {{0, 2, 2}}, 0, 9000 * kUs);  // wanted late
  driver_.accept(2, "Do_PROGRAM_SLC", 0, {{0, 2, 1}}, 0, kProgram);
  start_program(1, 0);
  start_suspend();
  cut();
  check_.op_backlogged(driver_.op(2), kCut);  // told oldest first this time
  check_.op_backlogged(driver_.op(3), kCut);
  end_suspend();
  run_resume();
  go_on();
  finish();
  EXPECT_THAT(failing(), IsEmpty());
}

TEST_F(SelfCheckTest, FailsOnAnArrivalThatPassesAFollower) {
  suspend();
  driver_.accept(6, "Do_PROGRAM_SLC", 0, {{1, 3, 0}}, 250 * kUs, kNever);
  run_resume();
  go_on();
  driver_.end(1, kEnd);
  run_program(2, kEnd);
  EXPECT_THAT(failing(), IsEmpty());
  run_program(6, kEnd + kProgram);
  EXPECT_THAT(failing(), UnorderedElementsAre("backlog_order"));
}

TEST_F(SelfCheckTest, KeepsTheOrderOverASecondSuspend) {
  suspend();
  driver_.accept(6, "Do_PROGRAM_SLC", 0, {{1, 3, 0}}, 250 * kUs, kNever);
  run_resume();
  go_on();
  check_.op_planned(driver_.op(2), kGoesOn, kEnd);
  check_.op_planned(driver_.op(3), kGoesOn, kEnd + kProgram);
  check_.op_backlogged(driver_.op(3), kGoesOn + kUs);
  driver_.end(1, kEnd);
  driver_.start(2, kEnd);
  driver_.end_issue(2, kEnd + 9'824'400);
  driver_.end(2, kEnd + kProgram);
  run_program(3, kEnd + kProgram);
  run_program(6, kEnd + 2 * kProgram);
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_EQ(line("backlog_order").detail, "3 starts from a backlog");
}

TEST_F(SelfCheckTest, FailsOnAStrandedBacklog) {
  bool pending = true;
  std::vector<std::string> asked;
  check_.set_backlog_probe([&](std::uint32_t die, Family family) {
    asked.push_back(std::string(name(family)) + std::to_string(die));
    return pending;
  });
  suspend();
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_THAT(asked, IsEmpty()) << "the family is suspended";
  run_resume();
  go_on();
  // Both were to start during the suspension: they are in the backlog, not overdue.
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_THAT(asked, UnorderedElementsAre("PROGRAM0"));
  pending = false;
  EXPECT_THAT(failing(), UnorderedElementsAre("backlog_pending"));
  check_.set_backlog_probe(nullptr);
  EXPECT_THAT(failing(), UnorderedElementsAre("backlog_pending"));
}

TEST_F(SelfCheckTest, FailsOnAResetThatLeavesAStack) {
  suspend();
  driver_.accept(6, "Do_RESET_LUN", 0, {}, 400 * kUs, 400 * kUs);
  driver_.start(6, 400 * kUs);
  driver_.abort(2, 400 * kUs, 0);
  driver_.abort(3, 400 * kUs, 0);
  driver_.abort(1, 400 * kUs, kCut);
  EXPECT_THAT(failing(), UnorderedElementsAre("stack_balance"));
  check_.suspend_state(0, Family::Program, false, 0, 400 * kUs);
  EXPECT_THAT(failing(), IsEmpty());
  EXPECT_EQ(line("stack_balance").detail, "1 suspends - 0 resumes - 1 aborts while suspended = 0");
}

TEST_F(SelfCheckTest, FailsOnAResetThatForgetsASuspendedOp) {
  suspend();
  check_.suspend_state(0, Family::Program, false, 0, 400 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("stack_balance"));
}

/// Two programs and an erase that stand still, on different planes for the test's sake.
class StackOrderTest : public SelfCheckTest {
 protected:
  void cut_program(Uid uid, Time at) {
    driver_.accept(uid, "Do_PROGRAM_SLC", 0, {{static_cast<std::int32_t>(uid % 2), 2, 0}}, at, at);
    start_program(uid, at);
    driver_.suspend(uid, at + 20 * kUs, 20 * kUs);
    check_.suspend_state(0, Family::Program, true, ++programs_, at + 20 * kUs);
  }
  void cut_erase(Uid uid, Time at) {
    driver_.accept(uid, "Do_ERASE", 0, {{1, 3, -1}}, at, at);
    driver_.start(uid, at);
    driver_.end_issue(uid, at + 85'000);
    driver_.suspend(uid, at + kUs, kUs);
    check_.suspend_state(0, Family::Erase, true, 1, at + kUs);
  }
  void resume_program(Uid uid, Time at) {
    --programs_;
    check_.suspend_state(0, Family::Program, programs_ > 0, programs_, at);
    driver_.resume(uid, at, kProgram - 20 * kUs);
  }
  void resume_erase(Uid uid, Time at) {
    check_.suspend_state(0, Family::Erase, false, 0, at);
    driver_.resume(uid, at, 7000 * kUs + 85'000 - kUs);
  }
  std::uint32_t programs_ = 0;
};

TEST_F(StackOrderTest, AnEraseBelowAProgramIsResumedLast) {
  cut_erase(1, 0);
  cut_program(2, 10 * kUs);
  resume_program(2, 100 * kUs);
  driver_.end(2, 100 * kUs + kProgram - 20 * kUs);
  resume_erase(1, 1000 * kUs);
  EXPECT_THAT(failing(), IsEmpty());
}

TEST_F(StackOrderTest, FailsOnAnEraseResumedBelowAProgram) {
  cut_erase(1, 0);
  cut_program(2, 10 * kUs);
  resume_erase(1, 1000 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("stack_order"));
}

TEST_F(StackOrderTest, FailsOnAnEraseSuspendedAboveAProgram) {
  cut_program(1, 0);
  cut_erase(2, 100 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("stack_order"));
}

TEST_F(StackOrderTest, FailsOnAnOlderOpResumedFirst) {
  driver_.accept(9, "Do_PROGRAM_SLC", 0, {{1, 2, 0}}, 0, 0);
  driver_.start(9, 0);
  check_.bus_released(0, 9, 10 * kUs);
  cut_program(2, 10 * kUs);
  driver_.suspend(9, 40 * kUs, 40 * kUs);
  check_.suspend_state(0, Family::Program, true, 2, 40 * kUs);
  programs_ = 2;
  resume_program(2, 100 * kUs);
  EXPECT_THAT(failing(), UnorderedElementsAre("stack_order"));
  EXPECT_THAT(line("stack_order").detail, HasSubstr("uid 2 resumed at 100 us before uid 9"));
}

}  // namespace
}  // namespace nandtlm::self_check_story
