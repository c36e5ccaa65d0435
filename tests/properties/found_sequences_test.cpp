// Short sequences in which reference and model once differed, so that they are played on every run.
#include <gtest/gtest.h>

#include "tests/properties/compare.h"
#include "tests/properties/model_run.h"
#include "tests/properties/property_device.h"
#include "tests/reference/machine.h"

namespace nandtlm::test {
namespace {

using reference::Happening;
using reference::Proposal;
using reference::Story;

constexpr Time us(Time microseconds) {
  return microseconds * kPsPerUs;
}

/// The plain device: ERASE 1 + 60 us, PLANE_ERASE 1 + 50, PROGRAM 3 + 20, SUSPEND 1 + 5, RESUME 1 + 7, READ 1 + 5 + 2.
class FoundSequences : public ::testing::Test {
 protected:
  Request request(const std::string& op, std::int32_t block = -1, std::int32_t page = -1, Time not_before = 0) const {
    Request request;
    request.op = device_->find_op(op).value();
    request.die = 0;
    request.not_before = not_before;
    if (block >= 0) request.targets.push_back(Target{-1, block, page});
    derive_planes(device_->topology, request.targets);
    return request;
  }
  void at(Time time, const std::vector<Request>& batch) { proposals_.push_back({time, batch}); }
  void play() {
    Time horizon = 0;
    Story expected = reference::run(*device_, proposals_, us(2000), horizon);
    ModelRun run = play_in_model(device_, proposals_, horizon);
    EXPECT_EQ(first_difference(proposals_, expected, run.story), "");
    EXPECT_TRUE(run.faults.empty()) << run.faults.front();
    story_ = run.story;
  }
  /// kNever: it did not happen.
  Time when(Uid uid, const std::string& what) const {
    for (const Happening& event : story_.events) {
      if (event.uid == uid && event.what == what) return event.at;
    }
    return kNever;
  }

  std::shared_ptr<const Device> device_ = property_device(0);
  std::vector<Proposal> proposals_;
  Story story_;
};

// EPR-03: a SUSPEND takes back the erase of a block and the program behind it; the program does not overtake the erase,
// which would then erase the new page.
TEST_F(FoundSequences, WhatChangesABlockKeepsItsOrder) {
  at(0, {request("Erase", 2), request("Plane_Erase", 0), request("Plane_Erase", 2), request("Program", 2, 0)});
  at(us(61), {request("Erase_Suspend", -1, -1, us(62))});
  at(us(400), {request("Erase_Resume")});
  play();
  ASSERT_NE(when(4, "end"), kNever);
  EXPECT_EQ(when(3, "end"), us(400) + us(8) + us(50) + us(51));
  EXPECT_GE(when(4, "start"), when(3, "end"));
}

// BKL-01, BKL-02: what a SUSPEND takes back is ahead of what stands behind the SUSPEND in its own batch.
TEST_F(FoundSequences, NothingOvertakesWhatASuspendOfItsBatchTookBack) {
  at(0, {request("Erase", 1)});
  at(us(61), {request("Erase", 0), request("Program", 0, 0)});
  at(us(61), {request("Erase_Suspend", -1, -1, us(62)), request("Program", 1, 0)});
  at(us(100), {request("Erase_Resume")});
  play();
  ASSERT_NE(when(5, "end"), kNever);
  EXPECT_GE(when(5, "start"), when(3, "end"));
}

// BKL-02, BKL-04: a retry that is still to come from a refill which a SUSPEND stopped does not delay the next refill.
TEST_F(FoundSequences, TheRefillComesAtTheEndOfTheResume) {
  Device slow = *device_;
  slow.policies.backlog_retry_delay = us(90);
  device_ = std::make_shared<const Device>(slow);
  at(0, {request("Erase", 0), request("Program", 0, 0), request("Program", 0, 1)});
  at(us(65), {request("Program_Suspend"), request("Program_Resume")});
  at(us(66), {request("Program_Suspend", -1, -1, us(80))});  // the RESUME ends at 79
  at(us(90), {request("Program_Resume")});
  play();
  EXPECT_EQ(when(3, "plan"), us(98));
  EXPECT_EQ(when(3, "start"), when(2, "end"));
}

// RES-01: a read that is planned before the follower which will change its block stays legal, and refuses no SUSPEND.
TEST_F(FoundSequences, AReadBeforeAFollowerRefusesNoSuspend) {
  at(0, {request("Erase", 0), request("Program", 0, 0), request("Program", 0, 1), request("Read", 0, 0),
         request("Erase", 0)});
  at(us(85), {request("Program_Suspend", -1, -1, us(90))});
  at(us(200), {request("Program_Resume")});
  play();
  EXPECT_EQ(when(3, "cut"), us(90));
}

// SUS-11: exactly at a moment before the planned SUSPEND there is nothing to resume, whatever else is in the way.
TEST_F(FoundSequences, AnExactResumeBeforeThePlannedSuspend) {
  at(0, {request("Erase", 0), request("Erase_Suspend", -1, -1, us(20))});
  Request resume = request("Erase_Resume", -1, -1, us(10));
  resume.exact = true;
  at(us(5), {resume});
  play();
  EXPECT_EQ(story_.decisions.back().reason, Reason::NothingToResume);
}

// RES-01, RES-02: of two rules that no time cures the first in their order is told, although it is not the first in the
// way: the ODT cannot go off while ERASE is suspended, and by the end the latches of a load forbid it too.
TEST_F(FoundSequences, OfSeveralLastingReasonsTheFirstIsTold) {
  at(0, {request("Erase_TLC", 1), request("Erase", 0)});
  at(us(70), {request("Erase_Suspend")});
  at(us(80), {request("Load_LSB", 1, 0, us(100))});
  at(us(81), {request("Odt_Off")});
  play();
  EXPECT_EQ(story_.decisions.back().reason, Reason::Latch);
}

// RES-01 `exclusion`: a latch that would forbid a planned SUSPEND is not parked by that SUSPEND itself.
TEST_F(FoundSequences, ALatchBeforeAPlannedSuspend) {
  Device strict = *device_;
  strict.rules.address = false;
  const BaseId suspend = strict.find_base("PROGRAM_SUSPEND").value();
  strict.exclusions.by_latch[static_cast<std::size_t>(Latch::Csb)].set(index(suspend));
  device_ = std::make_shared<const Device>(strict);
  at(0, {request("Load_LSB", 0, 0, us(10)), request("Program_Suspend", -1, -1, us(14)), request("Program_Resume")});
  at(us(1), {request("Load_CSB", 0, 0)});
  play();
  EXPECT_EQ(when(1, "end"), us(29));
  EXPECT_EQ(when(4, "start"), us(29));
}

}  // namespace
}  // namespace nandtlm::test
