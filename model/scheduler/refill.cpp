// The backlogs: filling them, refilling the plan from them, trying again (SPEC section 5).
#include "model/scheduler/scheduler.h"

namespace nandtlm {

/// One entry is reserved at a time; the next follows when it has started. So a new SUSPEND has one at most to take back
/// (BKL-04), and the cost of an op does not depend on how many wait.
void Scheduler::refill(std::uint32_t die, Family family) {
  Backlog& waiting = backlog(die, family);
  if (waiting.empty() || waiting.reserved != nullptr || waiting.retry) return;
  if (planner(die).suspended_at(family, agenda_.now())) return;  // the RESUME starts a refill of its own
  reserve_head(die, family);
}

void Scheduler::reserve_head(std::uint32_t die, Family family) {
  Backlog& waiting = backlog(die, family);
  Op& op = *waiting.head().op;
  ResourceManager& plan = planner(die);
  const Verdict verdict = plan.feasible_again(op, std::max(agenda_.now(), waiting.not_before()));
  if (!verdict.ok()) {
    retry_later(die, family);
    return;
  }
  // Behind a SUSPEND that is planned already comes its RESUME, and that starts a refill of its own.
  const SuspendStack& suspensions = plan.stack(family);
  if (!suspensions.empty() && verdict.start >= suspensions.entries().front().at) return;
  waiting.pop_head();
  waiting.reserved = &op;
  waiting.last_start = verdict.start;
  plan.reserve_again(op, verdict.start);
  ticket(op).start = agenda_.at(die, verdict.start, Turn::Start, *this, &op);
  package_.observers().op_planned(op.info, agenda_.now(), verdict.start);
  tell_size(die, family);
}

/// BKL-03: as often as it takes. No address rule can be in its way for good: what goes to a backlog is legal behind all
/// that is accepted (EPR-03), and nothing is accepted that would change that; what the tables forbid, another op may
/// allow again.
void Scheduler::retry_later(std::uint32_t die, Family family) {
  Backlog& waiting = backlog(die, family);
  if (waiting.retry) return;
  waiting.retry = agenda_.at(die, agenda_.now() + device_.policies.backlog_retry_delay, Turn::Retry, *this, nullptr,
                             backlog_index(die, family));
}

/// BKL-03: an entry that is given up is counted and logged.
void Scheduler::tell_dropped(const Op& op) {
  RefusedRequest dropped;
  dropped.op = op.info.op;
  dropped.die = op.info.die;
  dropped.targets = op.info.targets;
  dropped.uid = op.info.uid;
  dropped.wanted_start = agenda_.now();
  dropped.refusal = refusal_of(Reason::AbortedByReset, "RES-06");
  package_.observers().request_refused(dropped, agenda_.now());
}

void Scheduler::tell_size(std::uint32_t die, Family family) {
  package_.observers().backlog_size(die, family, backlog(die, family).size(), agenda_.now());
}

/// The op does not start where it was to; a backlog that had reserved it has no reservation any more.
void Scheduler::give_up_start(const Op& op) {
  Ticket& note = ticket(op);
  if (note.start) agenda_.cancel(note.start);
  note.start = CalendarHandle();
  if (op.family() == Family::None) return;
  Backlog& waiting = backlog(op.info.die, op.family());
  if (waiting.reserved == &op) waiting.reserved = nullptr;
}

/// A SUSPEND took the reservation back: the op returns to the head of its backlog (SUS-04, BKL-04). Where it is of the
/// other family, it only waits until the tables allow it again.
void Scheduler::reservation_revoked(Op& op, Time planned_start, Time suspend_end) {
  const std::uint32_t die = op.info.die;
  give_up_start(op);
  Backlog& waiting = backlog(die, op.family());
  const bool own_family = planner(die).suspended_at(op.family(), suspend_end);  // its RESUME may be planned already
  waiting.push_head(op, planned_start);
  if (!own_family) {
    waiting.last_start = 0;
    retry_later(die, op.family());
  }
  package_.observers().op_backlogged(op.info, agenda_.now());
  tell_size(die, op.family());
}

/// A reset aborted an op that had not started: it is nowhere any more (RES-06).
void Scheduler::aborted_before_start(Op& op) {
  give_up_start(op);
  if (op.family() != Family::None && op.life == Life::Backlogged) {
    backlog(op.info.die, op.family()).remove(op);
    tell_size(op.info.die, op.family());
    tell_dropped(op);
  }
  OpResult result = result_of(op);
  result.outcome = Reason::AbortedByReset;
  deliver(op.info.slot, result);
}

}  // namespace nandtlm
