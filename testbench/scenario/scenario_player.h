// Plays a scenario: proposes its steps at their times and watches what comes of them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "testbench/scenario/failure_log.h"
#include "testbench/scenario/frame.h"
#include "testbench/scenario/judge.h"
#include "testbench/workload.h"
#include "tlm/kernel_time.h"

namespace nandtlm {

/// One event for proposals; expectations that stand at a time are looked at when nothing more happens at that instant.
/// Memory grows with the steps of the file and the rounds that are open, not with the rounds that were played.
class ScenarioPlayer : public Workload, private TraceSink {
 public:
  /// `steps`: how many it will come to, every round counted.
  ScenarioPlayer(sc_core::sc_module_name name, std::shared_ptr<const Scenario> scenario, std::uint64_t steps,
                 Package& package, Scheduler& scheduler);

  /// False as well while a step waits for something that never comes: such a run ends when nothing happens any more.
  bool finished() const override;
  double progress() const override;
  /// For the time when the run is over: `at: end` is looked at, and what never came is a failure.
  std::vector<std::string> failures() const override;
  bool waits_for_model() const override;
  void transfer(StateArchive& archive) override;

  void batch_decided(const BatchDecision& decision) override;
  void op_finished(const OpResult& result) override;

 private:
  /// A step of a round whose time is known.
  struct Due {
    std::shared_ptr<Frame> frame;
    const ScenarioStep* step = nullptr;
  };
  /// What it waits for: a moment of a step of a round.
  using WaitKey = std::tuple<const Frame*, StepId, Event>;
  struct Waiter {
    Due due;
    std::shared_ptr<Frame> anchor;  ///< keeps the awaited round alive
    Time offset = 0;
  };
  /// How many requests of a batch have not finished.
  struct OpenBatch {
    std::size_t left = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(left);
    }
  };
  struct Proposed {
    Due due;
    std::vector<PageData> read;  ///< room for what the requests read; may be empty
  };
  struct LiveOp {
    Due due;
    const OpLine* line = nullptr;
    PageData read;
    std::shared_ptr<OpenBatch> batch;  ///< nullptr: a step of its own
  };
  /// Looked at when the instant is over: an expectation of its own, or where a request stands.
  struct Look {
    Due due;
    const OpLine* line = nullptr;
  };

  // Arming: when a step's time will be known, and when it is.
  void arm(const std::shared_ptr<Frame>& frame);
  void arm_step(const std::shared_ptr<Frame>& frame, std::size_t item);
  void arm_loop(const std::shared_ptr<Frame>& frame, std::size_t item);
  void open_round(const std::shared_ptr<Frame>& parent, std::size_t item, std::int64_t round, std::int64_t rounds,
                  std::shared_ptr<Frame> previous);
  void through(const std::shared_ptr<Frame>& frame);
  void wait_for(Due due, const std::shared_ptr<Frame>& anchor, StepId id, Event event, Time offset);
  void schedule(Due due, Time time);

  // transfer.cpp: the state in a snapshot.
  void transfer(StateArchive& archive, std::shared_ptr<Frame>& frame, int depth = 0);
  void transfer(StateArchive& archive, Due& due);
  void transfer(StateArchive& archive, LiveOp& op);
  void transfer_due(StateArchive& archive);
  void transfer_waiters(StateArchive& archive);

  // The instant.
  void begin() override;
  void wake();
  void fire_due();
  void fire(const Due& due);
  void propose(const Due& due);
  Request request_of(const Due& due, const OpLine& line, PageData& read);
  void sleep_until_next();
  void look_later(Look look);
  void look();

  // player_events.cpp: what is seen.
  void note_event(Frame& frame, StepId id, Event event, OpState state);
  void refuse(const Due& due);
  LiveOp* live(const OpInfo& op);
  unsigned follows() const override { return kQueueCalls; }
  void op_backlogged(const OpInfo& op, Time at) override;
  void op_planned(const OpInfo& op, Time at, Time start) override;
  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void add_never_proposed(FailureLog& log) const;

  std::shared_ptr<const Scenario> scenario_;
  const std::uint64_t steps_;
  Package& package_;
  Scheduler& scheduler_;
  Judge judge_;
  KernelTime time_;
  FailureLog log_;
  sc_core::sc_event wake_event_;
  sc_core::sc_event look_event_;
  bool armed_ = false;
  std::uint64_t fired_ = 0;
  std::uint64_t ends_ = 0;
  std::multimap<Time, Due> due_;
  std::multimap<WaitKey, Waiter> waiters_;
  std::vector<Due> at_end_;
  std::vector<Look> looks_;
  int look_rounds_ = 0;
  std::unordered_map<std::uint64_t, Proposed> proposed_;  ///< by ticket, until decided
  std::unordered_map<Uid, LiveOp> live_;
  std::vector<Uid> revoked_early_;  ///< went to the backlog while their batch was being accepted
};

}  // namespace nandtlm
