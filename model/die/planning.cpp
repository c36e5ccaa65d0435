// Searching for a start, and reserving there.
#include "model/die/resource_manager.h"

namespace nandtlm {

Verdict ResourceManager::judge_at(const Request& request, Time start) {
  const Candidate c = candidate(request);
  Verdict verdict = judge_candidate(c, start);
  verdict.planes = c.planes;
  verdict.touches = c.touches;
  return verdict;
}

Verdict ResourceManager::judge_candidate(const Candidate& c, Time start) {
  if (c.base->effects.action == Action::Suspend) return judge_suspend(c, start);
  if (c.base->effects.action == Action::Resume) return judge_resume(c, start);
  if (const Blocker blocker = check(c, start)) return Verdict::refused(blocker.refusal);
  return Verdict::at(start);
}

Verdict ResourceManager::feasible_at(const Request& request, Time not_before, Time latest) {
  const Candidate c = candidate(request);
  Verdict verdict = search_candidate(c, not_before, latest);
  verdict.planes = c.planes;
  verdict.touches = c.touches;
  return verdict;
}

Verdict ResourceManager::search_candidate(const Candidate& c, Time not_before, Time latest) {
  if (c.base->effects.action == Action::Suspend) return search_suspend(c, not_before);
  if (c.base->effects.action == Action::Resume) return search_resume(c, not_before);
  return search(c, not_before, latest);
}

Verdict ResourceManager::feasible_again(const Op& op, Time not_before) {
  return search(candidate(op, 0, op.nominal), not_before);
}

Verdict ResourceManager::search(const Candidate& c, Time not_before, Time latest) {
  Time start = not_before;
  for (;;) {
    start = first_gap(c, start);
    if (start > latest) return Verdict::at(start);
    const Blocker blocker = check_rules(c, start);
    if (!blocker) return Verdict::at(start);
    if (blocker.retry == kNever || blocker.retry <= start) return Verdict::refused(lasting(c, blocker.refusal));
    start = blocker.retry;
  }
}

/// Of several rules that no passing of time cures the first in the order of RES-01: what is still in the way when
/// everything planned is over.
Refusal ResourceManager::lasting(const Candidate& c, const Refusal& found) const {
  const Blocker at_rest = check(c, kNever / 2);
  return at_rest ? at_rest.refusal : found;
}

Time ResourceManager::first_gap(const Candidate& c, Time start) {
  for (;;) {
    start = first_plane_gap(c, start);
    const Blocker bus = check_bus(c, start);
    if (!bus) return start;
    start = bus.retry;
  }
}

Time ResourceManager::first_plane_gap(const Candidate& c, Time start) {
  if (c.planes == 0) return start;
  const bool shares_die = c.base->scope == Scope::PlaneSet;
  const std::uint32_t kind =
      shares_die ? 1U + 2U * static_cast<std::uint32_t>(index(c.spec->base)) + (c.spec->multi ? 1U : 0U) : 0U;
  const DieTimeline::GapQuery query{c.length(), c.planes, kind};
  const Time from = timeline_.skip_dense(start, query);
  Time gap = from;
  // A reservation before the first that overlaps the wanted interval can only end earlier: one pass is enough.
  for (std::size_t i = timeline_.first_reaching(gap); i < timeline_.size(); ++i) {
    const Reservation& other = timeline_[i];
    if (other.start >= gap + c.length()) break;
    if (other.end > gap && plane_conflict(c, *other.op) != Reason::None) gap = other.end;
  }
  timeline_.remember_dense(start, gap, query);
  return gap;
}

Refusal ResourceManager::judge_arrival(const Request& request) const {
  const Candidate c = candidate(request);
  return address_.judge(*c.spec, *c.base, request.targets, kNever, 0);
}

Op& ResourceManager::create(const Request& request, PlaneMask planes, PlaneMask touches, PlanOwner* owner,
                            Journal& journal) {
  const OpSpec& spec = device_.op(request.op);
  const Uid next_uid = package_.ops.next_uid();
  Op& op = package_.ops.create(request.uid);
  op.info.op = request.op;
  op.info.die = die_;
  op.info.targets = request.targets;
  op.info.planes = planes;
  op.info.source = request.source;
  op.spec = &spec;
  op.base = &device_.base(spec.base);
  op.owner = owner;
  op.touches = touches;
  op.nominal = spec.nominal;
  journal.record([this, &op, next_uid] { package_.ops.undo_create(op, next_uid); });
  return op;
}

Op& ResourceManager::reserve(const Request& request, const Verdict& verdict, PlanOwner* owner, Journal& journal) {
  Op& op = create(request, verdict.planes, verdict.touches, owner, journal);
  op.life = Life::Reserved;
  if (verdict.nothing_to_suspend) {
    op.nothing_to_suspend = true;
    op.nominal = op.spec->issue_time();
    op.info.planes = 0;
  }
  op.pieces.push_back(Piece{verdict.start, 0, op.nominal});
  if (op.effects().action == Action::Suspend && !op.nothing_to_suspend) plan_cut(op, journal);
  place(op, op.pieces.back(), journal);
  if (op.effects().action == Action::Resume) plan_resume(op, journal);
  return op;
}

Op& ResourceManager::accept_unplanned(const Request& request, PlanOwner* owner, Journal& journal) {
  const Candidate c = candidate(request);
  Op& op = create(request, c.planes, c.touches, owner, journal);
  op.life = Life::Backlogged;
  address_.plan(op, kNever);
  journal.record([this, &op] { address_.forget(op); });
  return op;
}

void ResourceManager::reserve_again(Op& op, Time start) {
  op.life = Life::Reserved;
  op.pieces.push_back(Piece{start, 0, op.nominal});
  Journal done(Journal::Mode::Final);
  place(op, op.pieces.back(), done);
}

Op* ResourceManager::planned_start(Uid uid, Time start) const {
  for (std::size_t i = timeline_.first_starting_at(start); i < timeline_.size() && timeline_[i].start == start; ++i) {
    if (timeline_[i].op->info.uid == uid && timeline_[i].op->life == Life::Reserved) return timeline_[i].op;
  }
  return nullptr;
}

void ResourceManager::place(Op& op, const Piece& piece, Journal& journal) {
  timeline_.insert(op, piece.start, piece.end());
  take_bus(op, piece);
  FlagChange change;
  if (read_latch_change(flag_source(op), piece, change)) flags_.insert(change);
  if (end_change(flag_source(op), piece, all_planes_, change)) flags_.insert(change);
  address_.plan(op, piece.end());
  const Action action = op.effects().action;
  if (action == Action::OdtOff || action == Action::OdtOn) {
    package_.odt.plan(piece.end(), action == Action::OdtOff, op.info.uid);
  }
  journal.record([this, &op, piece] {
    unplace(op, piece);
    address_.forget(op);
  });
}

void ResourceManager::unplace(Op& op, const Piece& piece) {
  timeline_.remove(op, piece.start, false);
  leave_bus(op, piece);
  flags_.remove(op.info.uid, piece.start);
  package_.odt.remove(op.info.uid);
}

void ResourceManager::take_bus(const Op& op, const Piece& piece) {
  for_each_bus_segment(op.spec->steps, piece, [&](Time start, Time end) {
    bus_.insert(BusTimeline::Segment{start, end, op.info.uid, die_, op.family()});
  });
}

void ResourceManager::leave_bus(const Op& op, const Piece& piece) {
  for_each_bus_segment(op.spec->steps, piece, [&](Time start, Time) { bus_.remove(start, op.info.uid); });
}

}  // namespace nandtlm
