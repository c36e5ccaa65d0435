// A good story of a suspended program, told to a self-check step by step so that tests can spoil it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/observe/self_check.h"
#include "tests/support/trace_scenario.h"

namespace nandtlm::self_check_story {

inline constexpr Time kUs = kPsPerUs;
inline constexpr Time kProgram = 309'824'400;  ///< nominal times of make_trace_device()
inline constexpr Time kSuspend = 100'185'000;
inline constexpr Time kResume = 150'185'000;

/// On die 0: program 1, cut at 100 us by SUSPEND 4; followers 2 and 3 go to the backlog; RESUME 5 starts at 300 us.
class SelfCheckTest : public testing::Test {
 protected:
  SelfCheckTest() {
    check_.set_backlog_probe([](std::uint32_t, Family) { return true; });
  }

  void start_program(Uid uid, Time at) {
    driver_.start(uid, at);
    driver_.end_issue(uid, at + 9'824'400);
  }
  void accept_programs() {
    driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0);
    driver_.accept(2, "Do_PROGRAM_SLC", 0, {{0, 2, 1}}, 0, kProgram);
    driver_.accept(3, "Do_PROGRAM_SLC", 0, {{0, 2, 2}}, 0, 2 * kProgram);
    start_program(1, 0);
  }
  void start_suspend() {
    driver_.accept(4, "Do_PROGRAM_SUSPEND", 0, {}, 90 * kUs, kCut);
    driver_.start(4, kCut);
  }
  void cut() {
    driver_.suspend(1, kCut, kCut);
    check_.suspend_state(0, Family::Program, true, 1, kCut);
  }
  void revoke_followers() {
    check_.op_backlogged(driver_.op(3), kCut);
    check_.op_backlogged(driver_.op(2), kCut);
  }
  void end_suspend() {
    driver_.end_issue(4, kCut + 185'000);
    driver_.end(4, kCut + kSuspend);
  }
  void suspend() {
    accept_programs();
    start_suspend();
    cut();
    revoke_followers();
    end_suspend();
  }
  void run_resume() {
    driver_.accept(5, "Do_PROGRAM_RESUME", 0, {}, 300 * kUs, 300 * kUs);
    driver_.start(5, 300 * kUs);
    driver_.end_issue(5, 300 * kUs + 185'000);
    driver_.end(5, kGoesOn);
  }
  void go_on() {
    check_.suspend_state(0, Family::Program, false, 0, kGoesOn);
    driver_.resume(1, kGoesOn, kProgram - kCut);
  }
  void run_program(Uid uid, Time at) {
    check_.op_planned(driver_.op(uid), at, at);
    start_program(uid, at);
    driver_.end(uid, at + kProgram);
  }
  void finish() {
    driver_.end(1, kEnd);
    run_program(2, kEnd);
    run_program(3, kEnd + kProgram);
  }

  CheckLine line(const std::string& name) const {
    for (const CheckLine& line : check_.report()) {
      if (line.name == name) return line;
    }
    ADD_FAILURE() << "no line " << name;
    return {};
  }
  std::vector<std::string> failing() const {
    std::vector<std::string> names;
    for (const CheckLine& line : check_.report()) {
      if (!line.pass) names.push_back(line.name);
    }
    return names;
  }

  static constexpr Time kCut = 100 * kUs;
  static constexpr Time kGoesOn = 300 * kUs + kResume;
  static constexpr Time kEnd = kGoesOn + kProgram - kCut;

  const Device device_ = test::make_trace_device();
  SelfCheck check_{device_};
  test::TraceDriver driver_{device_, check_};
};

}  // namespace nandtlm::self_check_story
