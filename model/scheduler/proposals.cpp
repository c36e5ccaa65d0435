// Deciding on batches: all requests accepted, or none.
#include <cassert>

#include "model/observe/refusal_report.h"
#include "model/scheduler/scheduler.h"

namespace nandtlm {

/// The client is told at the very end: it may submit again from within, and that moves the requests.
void Scheduler::decide_next() {
  Proposal proposal = proposals_.front();
  proposals_.pop_front();
  proposal.requests = requests_.begin();
  decide(proposal);
  if (listener_ != nullptr) listener_->batch_decided(proposal.requests, proposal.count, decision_);
  for (std::size_t i = 0; i < proposal.count; ++i) {
    requests_.front().data = nullptr;
    requests_.pop_front();
  }
  proposal.client->batch_decided(decision_);
}

std::uint64_t Scheduler::decide_now(Request* requests, std::size_t count, const Verdict* first,
                                    SchedulerClient& client) {
  assert(proposals_.empty());
  decide(Proposal{next_batch_++, &client, count, requests, first});
  if (listener_ != nullptr) listener_->batch_decided(requests, count, decision_);
  client.batch_decided(decision_);
  return next_batch_ - 1;
}

void Scheduler::decide(const Proposal& proposal) {
  resolve_dies(proposal);
  placed_.clear();
  if (const Refusal refusal = judge_batch(proposal)) {
    refuse(proposal, 0, refusal);
    return;
  }
  journal_.begin(proposal.count == 1 ? Journal::Mode::Final : Journal::Mode::Undoable);
  for (std::size_t i = 0; i < proposal.count; ++i) {
    const Refusal refusal = place(proposal, i);
    if (!refusal) continue;
    journal_.rollback();
    refuse(proposal, i, refusal);
    return;
  }
  accept(proposal);
  journal_.commit();
}

/// SUS-05: an op on which no die can be read goes where the op before it went.
void Scheduler::resolve_dies(const Proposal& proposal) const {
  std::uint32_t die = 0;
  for (std::size_t i = 0; i < proposal.count; ++i) {
    Request& request = proposal.requests[i];
    if (request.die == kAnyDie) request.die = die;
    die = request.die;
    derive_planes(device_.topology, request.targets);
  }
}

Refusal Scheduler::judge_batch(const Proposal& proposal) const {
  if (proposal.count == 0) return refusal_of(Reason::Malformed, "a batch has at least one request");
  for (std::size_t i = 0; i < proposal.count; ++i) {
    const Request& request = proposal.requests[i];
    if (index(request.op) >= device_.ops.size()) return refusal_of(Reason::Malformed, "no such op");
    if (request.die >= device_.topology.dies) return refusal_of(Reason::EprAddressRange, "die beyond the topology");
    const bool shared = proposal.count > 1 && device_.base_of(request.op).effects.is_reset();
    if (shared) return refusal_of(Reason::Malformed, "a reset stands alone in its batch");
  }
  return Refusal();
}

Refusal Scheduler::place(const Proposal& proposal, std::size_t i) {
  const Request& request = proposal.requests[i];
  const Family family = device_.base_of(request.op).family;
  const Time not_before = earliest_start(request);
  ResourceManager& plan = planner(request.die);
  if (family != Family::None && !request.exact && must_queue(plan, request, family, not_before)) {
    return queue(plan, request);
  }
  const bool judged = i == 0 && proposal.first != nullptr;
  const Verdict verdict = judged ? *proposal.first : verdict_for(plan, request, not_before);
  if (!verdict.ok()) {
    const bool meets_suspension = family != Family::None && verdict.refusal.reason == Reason::StateForbidSuspend &&
                                  plan.suspended_at(family, kNever - 1);
    return meets_suspension && !request.exact ? queue(plan, request) : verdict.refusal;
  }
  Op& op = plan.reserve(request, verdict, this, journal_);
  placed_.push_back(Placed{&op, verdict.start, false});
  return Refusal();
}

/// A request never starts before the one before it in its batch on the same die.
Time Scheduler::earliest_start(const Request& request) const {
  Time not_before = std::max(agenda_.now(), request.not_before);
  for (const Placed& placed : placed_) {
    if (placed.op->info.die == request.die && !placed.queued) not_before = std::max(not_before, placed.start);
  }
  return not_before;
}

Verdict Scheduler::verdict_for(ResourceManager& plan, const Request& request, Time not_before) {
  if (!request.exact) return plan.feasible_at(request, not_before);
  if (request.not_before >= not_before) return plan.judge_at(request, request.not_before);
  Verdict too_late;
  too_late.refusal = refusal_of(Reason::Malformed, "its exact start is over");
  return too_late;
}

/// BKL-01: the family is suspended there, or others of it wait already.
bool Scheduler::must_queue(const ResourceManager& plan, const Request& request, Family family, Time not_before) const {
  const Backlog& waiting = backlog(request.die, family);
  if (!waiting.empty() || waiting.reserved != nullptr) return true;
  bool waits = false;
  for (const Placed& placed : placed_) {
    if (placed.op->info.die != request.die) continue;
    if (placed.queued && placed.op->family() == family) return true;
    if (placed.op->effects().action != Action::Suspend) continue;
    // What a SUSPEND of this batch takes back gets to its backlog at the commit.
    package_.state().ops.for_each_live([&](const Op& op) {
      waits = waits || (op.life == Life::Backlogged && op.info.die == request.die && op.family() == family);
    });
  }
  return waits || plan.suspended_at(family, agenda_.now()) || plan.suspended_at(family, not_before);
}

Refusal Scheduler::queue(ResourceManager& plan, const Request& request) {
  if (const Refusal refusal = plan.judge_arrival(request)) return refusal;
  placed_.push_back(Placed{&plan.accept_unplanned(request, this, journal_), kNever, true});
  return Refusal();
}

void Scheduler::refuse(const Proposal& proposal, std::size_t i, const Refusal& refusal) {
  decision_ = BatchDecision();
  decision_.ticket = proposal.ticket;
  decision_.refused_index = i;
  decision_.refusal = refusal;
  if (i < proposal.count) {
    const Request& request = proposal.requests[i];
    const std::uint32_t die = std::min(request.die, device_.topology.dies - 1);
    if (index(request.op) < device_.ops.size()) {
      report_refusal(package_.observers(), device_, package_.die(die).resources(), request, refusal, agenda_.now());
    }
  }
}

void Scheduler::accept(const Proposal& proposal) {
  const Time now = agenda_.now();
  decision_.ticket = proposal.ticket;
  decision_.accepted = true;
  decision_.refusal = Refusal();
  decision_.uids.clear();
  decision_.starts.clear();
  for (std::size_t i = 0; i < placed_.size(); ++i) {
    const Placed& placed = placed_[i];
    Op& op = *placed.op;
    Ticket& note = new_ticket(op);
    note = Ticket{proposal.client, proposal.ticket, static_cast<std::uint32_t>(i), proposal.requests[i].data, {}};
    package_.die(op.info.die).note_phases(op.info, op.touches);
    package_.observers().op_accepted(op.info, now, placed.start);
    decision_.uids.push_back(op.info.uid);
    decision_.starts.push_back(placed.start);
    if (placed.queued) {
      Backlog& waiting = backlog(op.info.die, op.family());
      waiting.push_tail(op, std::max(now, proposal.requests[i].not_before));
      package_.observers().op_backlogged(op.info, now);
      tell_size(op.info.die, op.family());
      continue;
    }
    // A SUSPEND later in the same batch may have revoked it already; the journal tells so at its commit.
    if (op.life == Life::Reserved) note.start = agenda_.at(op.info.die, placed.start, Turn::Start, *this, &op);
  }
}

}  // namespace nandtlm
