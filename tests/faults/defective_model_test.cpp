// The self-check is checked: a model with a defect must fail in the line that tells of it, the right model in none.
//
// The dies and their planner are concrete classes without a seam inside, on purpose. So the real model and its real
// scheduler run, and each defect stands between them and a self-check: it retells the run from the moment of the defect
// on as the defective model would have, with its ends, starts and bus times. The story leaves room for what a defective
// model does otherwise, so that a fault is seen for what it is and not for an overlap that a planner would have
// avoided.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/faults/defect_stream.h"
#include "tests/support/scheduler_bench.h"

namespace nandtlm::faults {
namespace {

using test::us;

// The story on die 0, as uids. Times in us:
//    0  an erase, suspended from 100 on, resumed at 3350
//  200  a batch of a cache program (200 to 520) and two programs behind it, suspended from 300 on
//  511  a status read, on the bus where the cut program would have been
// 1200  a resume that fails because of a read that is reserved (1300)
// 1400  one more program arrives
// 1800  the programs are resumed
// 4000  a program and a follower, suspended at 4100; a reset at 4300
enum Story : Uid {
  kErase = 1,
  kEraseSuspend,
  kFirst,
  kSecond,
  kThird,
  kSuspend,
  kStatus,
  kRead,
  kLate,
  kResume,
  kEraseResume,
  kLastProgram,
  kLastFollower,
  kLastSuspend,
  kReset,
};
constexpr Time kSecondPlanned = us(520);
constexpr Time kThirdPlanned = us(830);
constexpr Time kProgramTime = us(310);
constexpr Time kFirstEnd = us(520);  ///< of its first piece, were it not cut
constexpr Time kEnd = us(4400);

/// Up to `until`.
void tell_story(test::SchedulerBench& bench, Time until) {
  const auto submit_at = [&](Time time, const std::vector<Request>& batch, Uid first) {
    if (time > until) return;
    bench.run_through(time);
    EXPECT_EQ(bench.submit(batch), first);
  };
  const auto op = [&](const std::string& name) { return bench.request(name); };
  const auto program = [&](std::int32_t block, std::int32_t page) { return bench.request("Program", block, page); };
  Request too_early = op("Program_Resume");
  too_early.exact = true;
  submit_at(0, {bench.request("Erase", 2)}, kErase);
  submit_at(us(100), {op("Erase_Suspend")}, kEraseSuspend);
  submit_at(us(200), {bench.request("Cache_Program", 1, 0), program(1, 1), program(1, 2)}, kFirst);
  submit_at(us(300), {op("Program_Suspend")}, kSuspend);
  submit_at(us(511), {op("Status")}, kStatus);
  submit_at(us(1150), {bench.from(us(1300), bench.request("Read", 4, 0))}, kRead);
  too_early.not_before = us(1200);
  submit_at(us(1200), {too_early}, 0);
  submit_at(us(1400), {program(1, 3)}, kLate);
  submit_at(us(1800), {op("Program_Resume")}, kResume);
  submit_at(us(3200), {op("Erase_Resume")}, kEraseResume);
  submit_at(us(4000), {program(3, 0), program(3, 1)}, kLastProgram);
  submit_at(us(4100), {op("Program_Suspend")}, kLastSuspend);
  submit_at(us(4300), {op("Reset_Lun")}, kReset);
  bench.run_through(until);
}

/// SUS-04: the cut takes the running op off, and what follows it in the batch keeps its reservations and runs.
class CutsTheRunningOpOnly : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_backlogged(const OpInfo& op, Time at) override {
    if (op.uid != kSecond && op.uid != kThird) return DefectStream::op_backlogged(op, at);
    const Time start = op.uid == kSecond ? kSecondPlanned : kThirdPlanned;
    later(start, [this, op](Time time) { told(time).op_started(op, time); });
    later(start + kProgramTime, [this, op](Time time) { told(time).op_ended(op, time); });
  }
  void op_planned(const OpInfo& op, Time at, Time start) override {
    if (!is_follower(op)) DefectStream::op_planned(op, at, start);
  }
  void op_started(const OpInfo& op, Time at) override {
    if (!is_follower(op)) DefectStream::op_started(op, at);
  }
  void op_ended(const OpInfo& op, Time at) override {
    if (!is_follower(op)) DefectStream::op_ended(op, at);
  }

 private:
  static bool is_follower(const OpInfo& op) { return op.uid == kSecond || op.uid == kThird; }
};

/// SUS-02, SUS-05: the SUSPEND sets the state and takes the followers back, but nothing stops the op that runs.
class LeavesTheOpRunning : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    if (op.uid != kFirst) return DefectStream::op_suspended(op, at, consumed, remaining);
    later(kFirstEnd, [this, op](Time time) { told(time).op_ended(op, time); });
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    DefectStream::suspend_state(die, family, suspended, family == Family::Program ? 0 : depth, at);
  }
};

/// SUS-01, SUS-09: the RESUME of the programs takes what lies on the other stack. The programs stay suspended.
class PopsTheOtherFamily : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    if (op.uid == kErase) {
      erase_ = op;
      erase_left_ = remaining;
    }
    DefectStream::op_suspended(op, at, consumed, remaining);
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    if (suspended) return DefectStream::suspend_state(die, family, suspended, depth, at);
    DefectStream::suspend_state(die, Family::Erase, false, 0, at);
  }
  void op_resumed(const OpInfo& /*op*/, Time at, Time /*remaining*/) override {
    DefectStream::op_resumed(erase_, at, erase_left_);
    later(at + erase_left_, [this](Time time) { told(time).op_ended(erase_, time); });
  }
  void op_planned(const OpInfo& /*op*/, Time /*at*/, Time /*start*/) override {}
  void op_started(const OpInfo& op, Time at) override {
    if (!is_program(op)) DefectStream::op_started(op, at);
  }
  void op_ended(const OpInfo& op, Time at) override {
    if (op.uid != kFirst && !is_program(op)) DefectStream::op_ended(op, at);
  }

 private:
  /// Those that wait for a resume of the programs, for ever.
  static bool is_program(const OpInfo& op) { return op.uid == kSecond || op.uid == kThird || op.uid == kLate; }

  OpInfo erase_;
  Time erase_left_ = 0;
};

/// SUS-03: the DATA_IN of the cut program comes all the same, and is on the bus.
class LeavesATailState : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    DefectStream::op_suspended(op, at, consumed, remaining);
    if (op.uid != kFirst) return;
    later(kFirstEnd - us(10), [this, op](Time time) { told(time).bus_taken(0, op, time); });
    later(kFirstEnd, [this, op](Time time) { told(time).bus_released(0, op.uid, time); });
  }
};

/// SUS-03, SUS-13: the end of the cut program comes when it would have come, and again after the RESUME.
class KeepsTheEndEvent : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    DefectStream::op_suspended(op, at, consumed, remaining);
    if (op.uid == kFirst) later(kFirstEnd, [this, op](Time time) { told(time).op_ended(op, time); });
  }
};

/// BKL-03: a follower went to the backlog and is forgotten there.
class LosesAFollowerInTheBacklog : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_planned(const OpInfo& op, Time at, Time start) override {
    if (op.uid != kSecond) DefectStream::op_planned(op, at, start);
  }
  void op_started(const OpInfo& op, Time at) override {
    if (op.uid != kSecond) DefectStream::op_started(op, at);
  }
  void op_ended(const OpInfo& op, Time at) override {
    if (op.uid != kSecond) DefectStream::op_ended(op, at);
  }
};

/// SUS-04: a follower is taken off the plan and put nowhere.
class LosesAFollowerAtTheCut : public LosesAFollowerInTheBacklog {
 public:
  using LosesAFollowerInTheBacklog::LosesAFollowerInTheBacklog;
  void op_backlogged(const OpInfo& op, Time at) override {
    if (op.uid != kSecond) LosesAFollowerInTheBacklog::op_backlogged(op, at);
  }
};

/// BKL-02: the refill takes the newest first. The two followers are equal but for their pages.
class RefillsInReverse : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_accepted(const OpInfo& op, Time at, Time start) override {
    if (op.uid == kSecond) second_ = op;
    if (op.uid == kThird) third_ = op;
    DefectStream::op_accepted(op, at, start);
  }
  void op_planned(const OpInfo& op, Time at, Time start) override { DefectStream::op_planned(other(op), at, start); }
  void op_started(const OpInfo& op, Time at) override { DefectStream::op_started(other(op), at); }
  void op_ended(const OpInfo& op, Time at) override { DefectStream::op_ended(other(op), at); }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override {
    DefectStream::bus_taken(channel, other(op), at);
  }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override {
    const Uid told_uid = uid == kSecond ? Uid{kThird} : uid == kThird ? Uid{kSecond} : uid;
    DefectStream::bus_released(channel, told_uid, at);
  }

 private:
  const OpInfo& other(const OpInfo& op) const {
    if (op.uid == kSecond) return third_;
    return op.uid == kThird ? second_ : op;
  }

  OpInfo second_;
  OpInfo third_;
};

/// SUS-10: the RESUME that fails clears the suspended state all the same, and the next program runs.
class FailedResumeClearsTheState : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void resume_failed(const ResumeError& error, Time at) override {
    told(at).suspend_state(error.die, error.family, false, 0, at);
  }
  void op_accepted(const OpInfo& op, Time at, Time start) override {
    if (op.uid != kLate) return DefectStream::op_accepted(op, at, start);
    told(at).op_accepted(op, at, at);
    told(at).op_started(op, at);
    later(at + kProgramTime, [this, op](Time time) { told(time).op_ended(op, time); });
  }
  void op_backlogged(const OpInfo& op, Time at) override {
    if (op.uid != kLate) DefectStream::op_backlogged(op, at);
  }
  void op_planned(const OpInfo& op, Time at, Time start) override {
    if (op.uid != kLate) DefectStream::op_planned(op, at, start);
  }
  void op_started(const OpInfo& op, Time at) override {
    if (op.uid != kLate) DefectStream::op_started(op, at);
  }
  void op_ended(const OpInfo& op, Time at) override {
    if (op.uid != kLate) DefectStream::op_ended(op, at);
  }
};

/// RES-06: the reset aborts what is suspended, but its stack and the suspended state stay.
class ResetLeavesAStack : public DefectStream {
 public:
  using DefectStream::DefectStream;
  void op_started(const OpInfo& op, Time at) override {
    is_reset_ = is_reset_ || op.uid == kReset;
    DefectStream::op_started(op, at);
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    if (!is_reset_) DefectStream::suspend_state(die, family, suspended, depth, at);
  }

 private:
  bool is_reset_ = false;
};

/// RES-06: the reset passes over what is suspended altogether.
class ResetSparesTheSuspended : public ResetLeavesAStack {
 public:
  using ResetLeavesAStack::ResetLeavesAStack;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    if (op.uid != kLastProgram) ResetLeavesAStack::op_aborted(op, at, consumed, why);
  }
};

using MakeStream = std::unique_ptr<DefectStream> (*)(const Device&, SelfCheck::BacklogProbe);

template <typename Stream>
std::unique_ptr<DefectStream> make(const Device& device, SelfCheck::BacklogProbe probe) {
  return std::make_unique<Stream>(device, std::move(probe));
}

struct Defect {
  const char* name;
  MakeStream make;
  Time judged_at;                  ///< what the defective model does afterwards differs too much to be retold
  std::vector<std::string> lines;  ///< that fail, and no others
};

const std::vector<Defect> kDefects = {
    {"none", make<DefectStream>, kEnd, {}},
    {"one_op_of_a_batch_cut_only", make<CutsTheRunningOpOnly>, kEnd, {"start_while_suspended"}},
    {"running_op_left_running", make<LeavesTheOpRunning>, us(1100), {"plane_occupancy", "stack_balance", "pieces"}},
    {"other_family_popped", make<PopsTheOtherFamily>, us(3100), {"stack_order"}},
    {"tail_state_left", make<LeavesATailState>, kEnd, {"bus"}},
    {"end_event_not_cancelled",
     make<KeepsTheEndEvent>,
     us(2200),
     {"op_end_once", "event_order", "stack_balance", "accounting"}},
    {"follower_lost_at_the_cut", make<LosesAFollowerAtTheCut>, us(2600), {"accounting"}},
    {"follower_lost_in_the_backlog",
     make<LosesAFollowerInTheBacklog>,
     kEnd,
     {"backlog_order", "backlog_pending", "resets"}},
    {"followers_in_reverse", make<RefillsInReverse>, kEnd, {"backlog_order"}},
    {"failed_resume_clears_the_state", make<FailedResumeClearsTheState>, kEnd, {"start_while_suspended"}},
    {"reset_leaves_a_stack", make<ResetLeavesAStack>, kEnd, {"stack_balance"}},
    {"reset_spares_the_suspended", make<ResetSparesTheSuspended>, kEnd, {"resets"}},
};

void PrintTo(const Defect& defect, std::ostream* out) {
  *out << defect.name;
}

std::vector<std::string> failing_lines(DefectStream& stream) {
  std::vector<std::string> lines;
  for (const CheckLine& line : stream.check().report()) {
    if (!line.pass) lines.push_back(line.name);
  }
  return lines;
}

class DefectiveModel : public SystemCTest, public testing::WithParamInterface<Defect> {};

// MET-02
TEST_P(DefectiveModel, FailsInItsLines) {
  // Data goes over the bus, as on devices that load the next page there.
  test::SchedulerBench bench(
      test::round_device({{"op_bases.CACHE_PROGRAM_SLC.states.DATA_IN", "{bus: true, duration: 10}"}}));
  const std::unique_ptr<DefectStream> stream =
      GetParam().make(bench.package.device(), [&bench](std::uint32_t die, Family family) {
        return bench.scheduler.refill_pending(die, family) || !bench.die(die).stack(family).empty();
      });
  bench.package.observers().attach(*stream);
  tell_story(bench, GetParam().judged_at);
  stream->finish(GetParam().judged_at);
  EXPECT_THAT(failing_lines(*stream), testing::UnorderedElementsAreArray(GetParam().lines));
  bench.expect_self_check_passes();  // of the model itself, which has no defect
}

INSTANTIATE_TEST_SUITE_P(OneAtATime, DefectiveModel, testing::ValuesIn(kDefects),
                         [](const auto& defect) { return std::string(defect.param.name); });

}  // namespace
}  // namespace nandtlm::faults
