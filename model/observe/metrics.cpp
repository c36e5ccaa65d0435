// Counting. What is written is in metrics_json.cpp.
#include "model/observe/metrics.h"

namespace nandtlm {
namespace {

void count(Metrics::ByReason& counts, Reason reason) {
  ++counts[static_cast<std::size_t>(reason)];
}

}  // namespace

Metrics::Metrics(const Device& device)
    : device_(device), families_(device.topology.dies), committed_(device.bases.size()) {}

std::int64_t Metrics::backlog_flush_pending() const {
  std::int64_t pending = 0;
  families_.for_each([&pending](Family, std::uint32_t, const FamilyView& view) {
    if (view.backlog.now > 0 && !view.suspended) ++pending;
  });
  return pending;
}

void Metrics::op_accepted(const OpInfo& op, Time at, Time /*start*/) {
  now_ = at;
  ++counters_.ops_accepted;
  LiveOp& accepted = live(op);
  accepted = LiveOp();
  accepted.uid = op.uid;
  accepted.accepted = at;
}

void Metrics::request_refused(const RefusedRequest& request, Time at) {
  now_ = at;
  if (request.uid != 0) {  // an entry of a backlog that a reset dropped: it was accepted once
    ++counters_.backlog_drop;
    return;
  }
  count(counters_.ops_refused, request.refusal.reason);
  if (device_.base_of(request.op).effects.action == Action::Suspend) {
    count(counters_.suspend_refused, request.refusal.reason);
  }
}

void Metrics::op_started(const OpInfo& op, Time at) {
  now_ = at;
  LiveOp& started = live(op);
  started.started = at;
  wait_time_.add(at - started.accepted);
}

void Metrics::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  now_ = at;
  ++counters_.suspends;
  live(op).cut = at;
  families_.at(device_.base_of(op.op).family, op.die).last_cut = at;
}

void Metrics::op_resumed(const OpInfo& op, Time at, Time /*remaining*/) {
  now_ = at;
  ++counters_.resumes;
  suspended_time_.add(at - live(op).cut);
  families_.at(device_.base_of(op.op).family, op.die).last_error.reset();
}

void Metrics::op_ended(const OpInfo& op, Time at) {
  now_ = at;
  ++counters_.ops_completed;
  ++committed_[index(device_.op(op.op).base)];
  execution_time_.add(at - live(op).started);
  if (device_.base_of(op.op).effects.action == Action::Suspend) count_idle_suspend(op);
}

/// SUS-02: a SUSPEND that cut nothing at its start.
void Metrics::count_idle_suspend(const OpInfo& op) {
  const Family family = device_.base_of(op.op).effects.controls;
  if (family == Family::None || families_.at(family, op.die).last_cut == live(op).started) return;
  count(counters_.suspend_refused, Reason::NothingToSuspend);
}

void Metrics::op_aborted(const OpInfo& /*op*/, Time at, Time /*consumed*/, Reason /*why*/) {
  now_ = at;
  ++counters_.ops_aborted;
}

void Metrics::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) {
  now_ = at;
  FamilyView& view = families_.at(family, die);
  view.suspended = suspended;
  view.depth.set(depth);
}

void Metrics::backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) {
  now_ = at;
  Gauge& backlog = families_.at(family, die).backlog;
  const auto now = static_cast<std::int64_t>(size);
  backlog_.set(backlog_.now - backlog.now + now);
  backlog.set(now);
}

void Metrics::refill_started(std::uint32_t /*die*/, Family /*family*/, Time at) {
  now_ = at;
  ++counters_.backlog_flush;
}

void Metrics::backlog_retried(std::uint32_t die, Family family, Uid head, Time at) {
  now_ = at;
  ++counters_.backlog_retry_events;
  FamilyView& view = families_.at(family, die);
  if (view.last_retried == head) return;
  view.last_retried = head;
  // Only a new head is looked up: it may have been tried before others came ahead of it.
  const auto op = std::find_if(live_.begin(), live_.end(), [head](const LiveOp& entry) { return entry.uid == head; });
  if (op == live_.end() || op->retried) return;
  op->retried = true;
  ++counters_.backlog_retry;
}

void Metrics::resume_failed(const ResumeError& error, Time at) {
  now_ = at;
  count(counters_.resume_cancelled, error.refusal.reason);
  if (error.die >= device_.topology.dies) return;  // a RESUME for a die that there is none of
  families_.at(error.family, error.die).last_error = LastResumeError{error, at};
}

void Metrics::resume_mismatch(const OpInfo& /*op*/, Time at) {
  now_ = at;
  ++counters_.program_resume_page_mismatch;
}

}  // namespace nandtlm
