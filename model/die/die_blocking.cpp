// Blocking clients of a die: b_transport, and what happens to a call whose operation has not started.
#include <algorithm>

#include "model/die/die.h"
#include "tlm/payload_pool.h"

namespace nandtlm {

/// TLM-03: takes the earliest start that is feasible and returns at the op's end, which a suspend may move.
void Die::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  sc_core::wait(delay);  // also where it is zero: what ends at this instant comes first (EVT-01)
  delay = sc_core::SC_ZERO_TIME;
  Request request;
  NandCommand* command = nullptr;
  if (!to_request(payload, request, command)) return;
  const Verdict verdict = planner().feasible_at(request, package_.agenda.now());
  if (!verdict.ok()) {
    answer_refusal(payload, request, verdict);
    return;
  }
  BlockingCall call;
  call.payload = &payload;
  command->uid = reserve_blocking(request, verdict, call).info.uid;
  while (!call.finished) sc_core::wait(call.done);
}

Op& Die::reserve_blocking(const Request& request, const Verdict& verdict, BlockingCall& call) {
  const Time now = package_.agenda.now();
  const bool in_line = waits_in_line(device_.base_of(request.op).family);
  Journal journal(Journal::Mode::Final);
  Op& op = in_line ? resources_.accept_unplanned(request, this, journal)
                   : resources_.reserve(request, verdict, this, journal);
  blocking_[&op] = &call;
  note_phases(op.info, op.touches);
  package_.hub.op_accepted(op.info, now, in_line ? kNever : verdict.start);
  journal.commit();
  if (in_line) {
    waiting_blocking_.push_back(&op);
    package_.hub.op_backlogged(op.info, now);
  } else {
    plan_start(op, verdict.start);
  }
  return op;
}

void Die::plan_start(Op& op, Time start) {
  blocking_.at(&op)->start = package_.agenda.at(number_, start, Turn::Start, *this, &op);
}

/// Older calls of the family wait to be planned again: a younger one goes behind them.
bool Die::waits_in_line(Family family) const {
  return std::any_of(waiting_blocking_.begin(), waiting_blocking_.end(),
                     [&](const Op* op) { return family != Family::None && op->family() == family; });
}

void Die::reservation_revoked(Op& op, Time /*planned_start*/, Time /*suspend_end*/) {
  package_.agenda.cancel(blocking_.at(&op)->start);
  waiting_blocking_.insert(waiting_blocking_.begin(), &op);
  package_.hub.op_backlogged(op.info, package_.agenda.now());
}

/// After a RESUME, and again policies.backlog_retry_delay later as long as somebody waits: blocking clients whose
/// reservation a SUSPEND took back get a new one, oldest first; within a family none starts before an older one.
/// Only among themselves: the die does not know the backlog of a scheduler that drives it as well, so a call may start
/// before an older op of that backlog.
void Die::replan_blocking() {
  std::vector<Op*> waiting;
  waiting.swap(waiting_blocking_);
  std::array<Time, kFamilies> not_before;
  not_before.fill(package_.agenda.now());
  for (Op* op : waiting) {
    Time& earliest = not_before[static_cast<std::size_t>(op->family())];
    if (earliest == kNever) {
      waiting_blocking_.push_back(op);  // behind an older one
      continue;
    }
    const Verdict verdict = planner().feasible_again(*op, earliest);
    if (!verdict.ok()) {
      waiting_blocking_.push_back(op);
      earliest = kNever;
      continue;
    }
    resources_.reserve_again(*op, verdict.start);
    package_.hub.op_planned(op->info, package_.agenda.now(), verdict.start);
    plan_start(*op, verdict.start);
    earliest = verdict.start;
  }
  retry_blocking_later();
}

/// BKL-03. What waits for a RESUME is planned again then. Waiting helps: nothing that was accepted meanwhile made one
/// of them illegal for good (EPR-03).
void Die::retry_blocking_later() {
  const Time now = package_.agenda.now();
  const bool suspended = resources_.suspended_at(Family::Program, now) || resources_.suspended_at(Family::Erase, now);
  if (waiting_blocking_.empty() || retry_pending_ || suspended) return;
  retry_pending_ = true;
  package_.agenda.at(number_, now + device_.policies.backlog_retry_delay, Turn::Retry, *this, nullptr);
}

void Die::retry_blocking() {
  retry_pending_ = false;
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto head = std::find_if(waiting_blocking_.begin(), waiting_blocking_.end(),
                                   [family](const Op* op) { return op->family() == family; });
    if (head == waiting_blocking_.end()) continue;
    package_.hub.backlog_retried(number_, family, (*head)->info.uid, package_.agenda.now());
  }
  replan_blocking();
}

/// RES-06. The record is freed by the caller.
void Die::aborted_before_start(Op& op) {
  const auto waiting = std::find(waiting_blocking_.begin(), waiting_blocking_.end(), &op);
  if (waiting != waiting_blocking_.end()) {
    waiting_blocking_.erase(waiting);
  } else {
    package_.agenda.cancel(blocking_.at(&op)->start);
  }
  answer_unstarted(op, refusal_of(Reason::AbortedByReset, "RES-06"));
}

/// The call returns with a refusal although its operation had been accepted.
void Die::answer_unstarted(Op& op, const Refusal& refusal) {
  BlockingCall& call = *blocking_.at(&op);
  blocking_.erase(&op);
  PayloadPool::command(*call.payload)->refusal = refusal;
  call.payload->set_response_status(status_for(refusal.reason));
  call.finished = true;
  call.done.notify();
}

}  // namespace nandtlm
