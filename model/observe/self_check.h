// The run proves itself: follows the events of a package and judges them (MET-02).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "config/device.h"
#include "model/observe/backlog_order.h"
#include "model/observe/check_line.h"
#include "model/observe/fault_list.h"
#include "model/observe/occupancy.h"
#include "model/observe/tables.h"
#include "model/op.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Knows nothing of the plan: only events, and the nominal times of the device. Memory is bounded by the live ops, no
/// event allocates once the most ops that live at once have been seen. What each line means: docs/metrics.md.
class SelfCheck final : public TraceSink {
 public:
  /// True where a refill or a retry is pending, or must wait for something that is (BKL-05).
  using BacklogProbe = std::function<bool(std::uint32_t die, Family family)>;

  /// The device outlives this.
  explicit SelfCheck(const Device& device);

  /// Whom to ask about backlogs. Without a probe no backlog may hold anything while its family is not suspended.
  void set_backlog_probe(BacklogProbe probe) { backlog_probe_ = std::move(probe); }

  /// All verdicts as of the last event, in a fixed order. Call it between two instants, as often as wanted.
  std::vector<CheckLine> report() const;

  void op_accepted(const OpInfo& op, Time at, Time start) override;
  void op_backlogged(const OpInfo& op, Time at) override;
  void op_planned(const OpInfo& op, Time at, Time start) override;
  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override;
  void bus_released(std::uint32_t channel, Uid uid, Time at) override;
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override;
  void resume_mismatch(const OpInfo& op, Time at) override;
  void finish(Time at) override { now(at); }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(followed_, families_, last_reset_, planes_, buses_, backlog_order_, now_);
    archive(accepted_, completed_, aborted_, started_, reset_count_);
    archive(lost_, end_once_, event_order_, pieces_, starts_, stack_order_, targets_, survivors_);
  }

 private:
  /// What is known of a live op.
  struct Followed {
    Uid uid = 0;
    Time accepted = 0;
    Time planned = 0;                  ///< start of its reservation
    Time started = 0;                  ///< OP_START
    Time piece = 0;                    ///< start of the piece that runs
    Time executed = 0;                 ///< own time of the pieces before
    std::uint64_t address_at_cut = 0;  ///< fingerprint of die and targets
    std::uint32_t die = 0;
    Life life = Life::Free;
    Family family = Family::None;
    PlaneMask held = 0;           ///< planes that it occupies now
    bool waits_in_order = false;  ///< BacklogOrder knows it
    bool was_cut = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, accepted, planned, started, piece, executed, address_at_cut, die, life, family, held, waits_in_order,
              was_cut);
    }
  };
  /// What one family did on one die.
  struct FamilyView {
    std::vector<std::uint32_t> stack;  ///< slots of suspended ops, newest last
    std::uint64_t suspends = 0;
    std::uint64_t resumes = 0;
    std::uint64_t aborts = 0;  ///< while suspended
    Time last_cut = -1;
    Time last_start = -1;
    Uid last_started = 0;
    std::uint32_t told_depth = 0;
    bool told_suspended = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(stack, suspends, resumes, aborts, last_cut, last_start, last_started, told_depth, told_suspended);
    }

    bool suspended() const { return told_suspended || !stack.empty(); }
    std::int64_t depth() const { return static_cast<std::int64_t>(suspends - resumes - aborts); }
  };
  struct OpTimes {
    Time nominal = 0;
    Time issue = 0;
    Family suspends = Family::None;  ///< what a SUSPEND acts on
    Action action{};
  };
  struct Reset {
    Time at = -1;
    Uid uid = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(at, uid);
    }
  };

  void now(Time at);
  Followed* find_live(const OpInfo& op, Time at, const char* event, FaultList& faults);
  FamilyView& family_of(const Followed& op) { return families_.at(op.family, op.die); }
  void occupy(Followed& op, PlaneMask planes, Time at);
  void vacate(Followed& op, Time at);
  void forget(Followed& op, std::uint32_t slot, Time at);
  void start_in_family(const Followed& op, Time at);
  void push(Followed& op, std::uint32_t slot, Time at);
  void pop(const Followed& op, std::uint32_t slot, Time at);
  void note_reset(const OpInfo& op, Time at);
  void expect_no_program_suspended(const Followed& op, const char* event, Time at);
  void judge_length(const OpInfo& info, const Followed& op, Time at);
  void wrong_life(const Followed& op, const char* event, Time at);

  CheckLine accounting() const;
  /// RES-06: what was accepted before the last reset of its die and is not over.
  bool survived_reset(const Followed& op) const {
    const Reset& reset = last_reset_[op.die];
    return op.accepted < reset.at && op.uid != reset.uid;
  }

  CheckLine resets() const;
  CheckLine stack_balance() const;
  CheckLine backlog_pending() const;

  const Device& device_;
  std::vector<OpTimes> times_;      // by OpId
  std::vector<Followed> followed_;  // by slot
  PerFamilyDie<FamilyView> families_;
  std::vector<Reset> last_reset_;  // by die
  Occupancy planes_;
  Occupancy buses_;
  BacklogOrder backlog_order_;
  BacklogProbe backlog_probe_;
  Time now_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t aborted_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t reset_count_ = 0;
  FaultList lost_{"accounting"};
  FaultList end_once_{"op_end_once"};
  FaultList event_order_{"event_order"};
  FaultList pieces_{"pieces"};
  FaultList starts_{"start_while_suspended"};
  FaultList stack_order_{"stack_order"};
  FaultList targets_{"resumed_targets"};
  FaultList survivors_{"resets"};
};

}  // namespace nandtlm
