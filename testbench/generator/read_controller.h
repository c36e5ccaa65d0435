// A controller of one package: writes go on and on, reads arrive and must not wait for them too long (GEN-03).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "model/observe/histogram.h"
#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "testbench/generator/address_manager.h"
#include "testbench/generator/policy_plan.h"

namespace nandtlm {

/// What came of a controller's reads and writes.
struct PolicyResult {
  Histogram latency;  ///< of reads: from arrival to the end of the data output
  std::uint64_t writes = 0;
  std::uint64_t suspends = 0;
  std::uint64_t refused = 0;  ///< requests that were proposed again

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(latency, writes, suspends, refused);
  }
};

/// On every die: erase a block, program its pages, and so on; the next write is proposed when the one before has ended.
/// A read that arrives while a write runs waits for its end; with the policy on, one that has waited for `max_wait` has
/// the write suspended, if that still has `min_remaining` to go. Reads run until none waits, `max_suspended` at most;
/// then the write is resumed, and is left alone for as long as a read may wait.
/// Arrivals do not depend on the policy: they have streams of their own.
class ReadController : private SchedulerClient, private AgendaClient, private TraceSink {
 public:
  /// All outlive this.
  ReadController(const PolicyPlan& plan, Package& package, Scheduler& scheduler, bool policy_on);

  /// Schedules the first writes; at elaboration, or later. On each die reads arrive from its first programmed page on.
  void begin();
  /// Nothing arrives and is written any more; what waits and what is suspended is finished.
  void stop() { stopped_ = true; }
  bool finished() const;
  double progress() const;
  const PolicyResult& result() const { return result_; }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(stopped_, dies_, result_);
    for (const auto& addresses : addresses_) archive(*addresses);
  }

 private:
  enum class Moment : std::uint8_t { Begin, Arrival, Look, LookAgain };
  enum class Writer : std::uint8_t { Idle, Running, Suspended, Resuming };

  struct OutstandingRead {
    std::uint64_t ticket = 0;
    Time arrived = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(ticket, arrived);
    }
  };
  struct DieLoad {
    Rng rng{0, 0};
    std::uint64_t arrivals_left = 0;
    std::size_t next_of_trace = 0;
    std::deque<Time> waiting;  ///< arrivals of reads not yet proposed
    std::vector<OutstandingRead> outstanding;
    Writer writer = Writer::Idle;
    Family family = Family::None;  ///< of the write
    Time write_end = 0;            ///< while it runs
    Time remaining = 0;            ///< while it is suspended
    Time since = 0;                ///< of its suspension, or from when it may be suspended
    bool has_data = false;         ///< a page has been programmed: reads may arrive
    TargetList block;              ///< that is written
    std::uint32_t pages_written = 0;
    std::uint64_t ticket = 0;  ///< of the write, SUSPEND or RESUME that waits for its decision
    OpId proposed{};
    bool looks_again = false;  ///< a look behind a refusal is pending: one, however much was refused

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(rng, arrivals_left, next_of_trace, waiting, outstanding, writer, family, write_end, remaining, since);
      archive(has_data, block, pages_written, ticket, proposed, looks_again);
    }
  };

  void due(Turn turn, Op* op, std::uint32_t argument) override;
  void batch_decided(const BatchDecision& decision) override;
  void op_finished(const OpResult& result) override;
  unsigned follows() const override { return kNoCalls; }
  void op_accepted(const OpInfo& op, Time /*at*/, Time /*start*/) override { addresses_[op.die]->accepted(op); }
  void op_ended(const OpInfo& op, Time /*at*/) override { addresses_[op.die]->over(op); }
  void op_aborted(const OpInfo& op, Time /*at*/, Time /*consumed*/, Reason /*why*/) override {
    addresses_[op.die]->over(op);
  }

  void wake(Moment moment, std::uint32_t die, Time at);
  void next_arrival(std::uint32_t die);
  void look(std::uint32_t die);
  void look_again(std::uint32_t die);
  void serve(std::uint32_t die);
  void consider_suspend(std::uint32_t die);
  void consider_resume(std::uint32_t die);
  bool has_page_to_read(std::uint32_t die) const;
  void write(std::uint32_t die);
  void propose(std::uint32_t die, OpId op, const TargetList& targets);
  void command_accepted(std::uint32_t die, Time start);
  bool is_over(const DieLoad& load) const;
  Time now() const { return package_.agenda().now(); }

  const PolicyPlan& plan_;
  Package& package_;
  Scheduler& scheduler_;
  const Device& device_;
  const bool policy_on_;
  bool stopped_ = false;
  std::uint64_t reads_ = 0;  ///< that arrive in all
  std::vector<DieLoad> dies_;
  std::vector<std::unique_ptr<AddressManager>> addresses_;
  PolicyResult result_;
};

}  // namespace nandtlm
