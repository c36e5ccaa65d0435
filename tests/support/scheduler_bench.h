// A package with its scheduler, driven from outside the kernel: submit, run to a moment, look.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "tests/support/checked_binding.h"
#include "tests/support/systemc_fixture.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {

/// Writes down what a package tells, one line per event: "<us> <what> <uid>".
class EventLog : public TraceSink {
 public:
  struct Event {
    Time at = 0;
    std::string what;
    Uid uid = 0;
    Time value = 0;  ///< consumed at a cut or abort, planned start where it is planned
  };
  void op_accepted(const OpInfo& op, Time at, Time start) override { add(at, "accept", op.uid, start); }
  void op_backlogged(const OpInfo& op, Time at) override { add(at, "backlog", op.uid, 0); }
  void op_planned(const OpInfo& op, Time at, Time start) override { add(at, "plan", op.uid, start); }
  void request_refused(const RefusedRequest& request, Time at) override;
  void op_started(const OpInfo& op, Time at) override { add(at, "start", op.uid, 0); }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time /*remaining*/) override {
    add(at, "cut", op.uid, consumed);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { add(at, "resume", op.uid, remaining); }
  void op_ended(const OpInfo& op, Time at) override { add(at, "end", op.uid, 0); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void refill_started(std::uint32_t /*die*/, Family /*family*/, Time at) override { add(at, "refill", 0, 0); }
  void backlog_retried(std::uint32_t /*die*/, Family /*family*/, Uid head, Time at) override {
    add(at, "retry", head, 0);
  }
  void resume_failed(const ResumeError& error, Time at) override;
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override;

  /// When `what` first happened to `uid`; kNever: it did not.
  Time when(const std::string& what, Uid uid) const;
  std::size_t count(const std::string& what, Uid uid) const;
  std::size_t count(const std::string& what) const;
  /// Uids in the order in which `what` happened to them.
  std::vector<Uid> order(const std::string& what) const;
  std::string text() const;

  std::vector<Event> events;
  std::vector<ResumeError> resume_errors;
  std::vector<RefusedRequest> refused;

 private:
  void add(Time at, const std::string& what, Uid uid, Time value) { events.push_back({at, what, uid, value}); }
};

/// Members of a SystemCTest fixture or locals of its test.
class SchedulerBench : public SchedulerClient {
 public:
  /// `prefix` keeps the module names of several benches in one simulation apart.
  explicit SchedulerBench(const std::shared_ptr<const Device>& device, const std::string& prefix = "");
  ~SchedulerBench() override;
  SchedulerBench(const SchedulerBench&) = delete;
  SchedulerBench& operator=(const SchedulerBench&) = delete;

  Request request(const std::string& op, std::int32_t block = -1, std::int32_t page = -1, std::uint32_t die = 0) const;
  /// The same with an earliest start.
  Request from(Time not_before, Request request) const;

  /// Proposes at the current moment and lets it be decided. The uid of the first request, 0 where refused.
  Uid submit(const std::vector<Request>& batch);
  Uid submit(const Request& request) { return submit(std::vector<Request>{request}); }
  /// Proposes without letting it be decided yet.
  void propose(const std::vector<Request>& batch) { scheduler.submit(batch.data(), batch.size(), *this); }
  /// The decision on the last batch that was decided.
  const BatchDecision& decision() const { return decisions.back(); }
  /// Up to `time`: everything before it has happened. A proposal made then meets the ends of `time` already done.
  void run_to(Time time);
  /// Everything at `time` has happened too.
  void run_through(Time time);
  /// Until nothing is under way any more; false where that takes longer than `limit` from now.
  bool drain(Time limit = us(1'000'000));
  Time now() const;

  const OpResult& result(Uid uid) const { return results.at(uid); }
  bool finished(Uid uid) const { return results.count(uid) != 0; }
  ResourceManager& die(std::uint32_t number = 0) { return package.die(number).planning->planner(); }
  const Metrics::Counters& counters() const { return package.observers().metrics().counters(); }
  /// Every line of the self-check must say PASS (MET-02).
  void expect_self_check_passes() const;
  /// After a drain: nothing is live and every accepted op ended once.
  void expect_all_ended_once();

 private:
  CheckedBinding checkers_;  // before what it binds

 public:
  Package package;
  Scheduler scheduler;
  EventLog log;
  std::vector<BatchDecision> decisions;
  std::map<Uid, OpResult> results;

 private:
  void batch_decided(const BatchDecision& decision) override { decisions.push_back(decision); }
  void op_finished(const OpResult& result) override;
};

}  // namespace nandtlm::test
