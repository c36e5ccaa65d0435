// The counters of a run (SPEC section 7). Names and meanings: docs/metrics.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config/device.h"
#include "model/observe/histogram.h"
#include "model/observe/tables.h"
#include "tlm/record_at.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Fed by the events of one package alone. Memory is bounded by the live ops.
class Metrics final : public TraceSink {
 public:
  using ByReason = std::array<std::int64_t, kReasons>;

  struct Counters {
    std::int64_t ops_accepted = 0;
    std::int64_t ops_completed = 0;
    std::int64_t ops_aborted = 0;
    std::int64_t suspends = 0;  ///< cuts: a SUSPEND that found nothing is in suspend_refused
    std::int64_t resumes = 0;
    std::int64_t backlog_flush = 0;         ///< refills begun
    std::int64_t backlog_retry = 0;         ///< ops that were tried again
    std::int64_t backlog_retry_events = 0;  ///< how often
    std::int64_t backlog_drop = 0;
    std::int64_t program_resume_page_mismatch = 0;
    ByReason ops_refused{};
    ByReason suspend_refused{};  ///< NothingToSuspend: accepted, but there was nothing to cut (SUS-02)
    ByReason resume_cancelled{};

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(ops_accepted, ops_completed, ops_aborted, suspends, resumes, backlog_flush, backlog_retry,
              backlog_retry_events, backlog_drop, program_resume_page_mismatch, ops_refused, suspend_refused,
              resume_cancelled);
    }
  };
  /// A value that goes up and down.
  struct Gauge {
    std::int64_t now = 0;
    std::int64_t peak = 0;

    void set(std::int64_t value) {
      now = value;
      peak = std::max(peak, value);
    }
    template <typename Archive>
    void transfer(Archive& archive) {
      archive(now, peak);
    }
  };
  struct LastResumeError {
    ResumeError error;
    Time at = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(error, at);
    }
  };

  /// The device outlives this.
  explicit Metrics(const Device& device);

  const Counters& counters() const { return counters_; }
  const Gauge& stack_depth(Family family, std::uint32_t die) const { return families_.at(family, die).depth; }
  const Gauge& backlog(Family family, std::uint32_t die) const { return families_.at(family, die).backlog; }
  const Gauge& backlog() const { return backlog_; }  ///< all together
  /// Backlogs that hold something although their family is not suspended: a refill is going on.
  std::int64_t backlog_flush_pending() const;
  /// Kept until the next op of that family and die is resumed (MET-01).
  const std::optional<LastResumeError>& last_resume_error(Family family, std::uint32_t die) const {
    return families_.at(family, die).last_error;
  }
  std::int64_t committed(BaseId base) const { return committed_[index(base)]; }
  const Histogram& suspended_time() const { return suspended_time_; }  ///< from a cut to its OP_RESUME
  const Histogram& wait_time() const { return wait_time_; }            ///< from acceptance to OP_START
  const Histogram& execution_time() const { return execution_time_; }  ///< from OP_START to OP_END

  /// A value by the dotted name that it has in metrics.json, without the unit: "suspends", "ops_refused.state_forbid",
  /// "stack_depth.ERASE.0.peak", "wait_time.p99". Times in ps. For a group, "<group>" is its `.now` or `.total`.
  /// std::nullopt where there is no such value (yet: a distribution of nothing has no percentiles).
  std::optional<std::int64_t> value(const std::string& name) const;
  /// metrics.json. The order of the keys is fixed; times are text: exact µs, as in the CSV files.
  std::string to_json() const;
  void write_json(std::ostream& out) const;

  void op_accepted(const OpInfo& op, Time at, Time start) override;
  void request_refused(const RefusedRequest& request, Time at) override;
  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override;
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override;
  void refill_started(std::uint32_t die, Family family, Time at) override;
  void backlog_retried(std::uint32_t die, Family family, Uid head, Time at) override;
  void resume_failed(const ResumeError& error, Time at) override;
  void resume_mismatch(const OpInfo& op, Time at) override;
  void finish(Time at) override { now_ = at; }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(counters_, families_, backlog_, committed_, live_, suspended_time_, wait_time_, execution_time_, now_);
  }

 private:
  struct LiveOp {
    Uid uid = 0;
    Time accepted = 0;
    Time started = 0;
    Time cut = 0;
    bool retried = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, accepted, started, cut, retried);
    }
  };
  struct FamilyView {
    Gauge depth;
    Gauge backlog;
    bool suspended = false;
    Time last_cut = -1;
    Uid last_retried = 0;
    std::optional<LastResumeError> last_error;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(depth, backlog, suspended, last_cut, last_retried, last_error);
    }
  };
  /// One line of the flat list behind value() and to_json().
  struct Entry {
    enum class Unit : std::uint8_t { Count, Ps };
    std::vector<std::string> path;
    std::int64_t value = 0;
    Unit unit = Unit::Count;
  };
  using Entries = std::vector<Entry>;

  LiveOp& live(const OpInfo& op) { return record_at(live_, op.slot); }
  void count_idle_suspend(const OpInfo& op);
  Entries entries() const;
  void add_families(Entries& out) const;

  const Device& device_;
  Counters counters_;
  PerFamilyDie<FamilyView> families_;
  Gauge backlog_;
  std::vector<std::int64_t> committed_;  // by BaseId
  std::vector<LiveOp> live_;             // by slot
  Histogram suspended_time_;
  Histogram wait_time_;
  Histogram execution_time_;
  Time now_ = 0;
};

}  // namespace nandtlm
