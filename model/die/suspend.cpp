// SUSPEND and RESUME: what they need, and what they do to the plan (SPEC section 4).
#include "model/die/resource_manager.h"

#include <algorithm>

namespace nandtlm {
namespace {

bool share_block(const TargetList& a, const TargetList& b) {
  for (const Target& one : a) {
    for (const Target& other : b) {
      if (one.block >= 0 && one.block == other.block) return true;
    }
  }
  return false;
}

/// `op` wants what `suspended` holds: the block of an erase, the page of a program (SUS-07).
bool addresses(const Op& op, const Op& suspended) {
  for (const Target& held : suspended.info.targets) {
    for (const Target& wanted : op.info.targets) {
      const bool same_block = wanted.block >= 0 && wanted.block == held.block;
      if (same_block && (suspended.family() == Family::Erase || wanted.page == held.page)) return true;
    }
  }
  return false;
}

/// A SUSPEND that nothing stands in the way of; `target` is what it cuts.
Verdict suspend_at(Time start, const Reservation* target) {
  Verdict verdict = Verdict::at(start);
  verdict.nothing_to_suspend = target == nullptr;
  return verdict;
}

}  // namespace

/// The reservation of the family's op that runs at `time` (SUS-02: at its end it has ended).
const Reservation* ResourceManager::running_at(Family family, Time time) const {
  for (std::size_t i = timeline_.first_reaching(time); i < timeline_.size() && timeline_[i].start <= time; ++i) {
    if (timeline_[i].covers(time) && timeline_[i].op->family() == family) return &timeline_[i];
  }
  return nullptr;
}

Verdict ResourceManager::judge_suspend(const Candidate& c, Time start) const {
  const Reservation* target = running_at(c.base->effects.controls, start);
  const Blocker blocker = check_suspend(c, start, target);
  return blocker ? Verdict::refused(blocker.refusal) : suspend_at(start, target);
}

Verdict ResourceManager::search_suspend(const Candidate& c, Time not_before) {
  Time start = not_before;
  for (;;) {
    const Reservation* target = running_at(c.base->effects.controls, start);
    const Blocker blocker = check_suspend(c, start, target);
    if (!blocker) return suspend_at(start, target);
    // It waits for the bus and for others on the planes, but what it finds at its start is the answer.
    const Reason reason = blocker.refusal.reason;
    // Behind what the suspended state forbids it waits only as long as there is something to cut.
    const bool too_late = target != nullptr && blocker.retry >= target->end;
    const bool waits =
        reason == Reason::Bus || reason == Reason::PlaneScope || (reason == Reason::Exclusion && !too_late);
    if (!waits || blocker.retry == kNever || blocker.retry <= start) return Verdict::refused(blocker.refusal);
    start = blocker.retry;
  }
}

Blocker ResourceManager::check_suspend(const Candidate& c, Time start, const Reservation* target) const {
  const Family family = c.base->effects.controls;
  if (stack(family).planned_after(start)) {
    const Suspension& planned = stack(family).entries().back();
    return Blocker{refusal_of(Reason::StateForbidSuspend, "an earlier SUSPEND is planned", planned.op->info.uid,
                              planned.at, planned.until),
                   kNever};
  }
  if (target == nullptr) {
    Candidate issue_only = c;
    issue_only.to = c.spec->issue_time();
    issue_only.planes = 0;
    return check(issue_only, start);
  }
  const Piece& piece = target->op->pieces.back();
  const Time issue_end = target->start + (target->op->spec->issue_time() - piece.from);
  if (piece.from == 0 && start < issue_end) {
    return Blocker{refusal_of(Reason::StateForbid, "SUS-02: the target is in ISSUE", target->op->info.uid,
                              target->start, issue_end),
                   kNever};
  }
  // What is cut or revoked is not in the way.
  const auto goes_away = [&](const BusTimeline::Segment& segment) {
    return segment.die == die_ && segment.family == family;
  };
  const Time issued = start + c.spec->issue_time();
  if (const BusTimeline::Segment* other = bus_.conflict(start, issued, goes_away)) {
    return Blocker{refusal_of(Reason::Bus, "bus", other->uid, other->start, other->end), other->end};
  }
  const Time end = start + c.length();
  for (std::size_t i = timeline_.first_reaching(start); i < timeline_.size() && timeline_[i].start < end; ++i) {
    const Reservation& other = timeline_[i];
    if (!other.overlaps(start, end) || other.op->info.planes == 0 || other.op->family() == family) continue;
    return Blocker{refusal_of(Reason::PlaneScope, "planescope", other.op->info.uid, other.start, other.end), other.end};
  }
  if (const Blocker later = check_later_without(c, start, *target->op)) return later;
  const DieFlags flags = active_flags_at(start);
  if (Blocker latch = check_latch(c, start, flags)) return latch;
  if (Blocker state = check_op_state(c, start)) return state;
  if (Blocker suspend = check_suspend_state(c, start)) return suspend;
  if (Blocker odt = check_odt(c, start)) return odt;
  if (Blocker cache = check_cache(c, start, flags)) return cache;
  return check_suspend_limits(*target->op, start);
}

/// SUS-16.
Blocker ResourceManager::check_suspend_limits(const Op& target, Time start) const {
  const Policies& policies = device_.policies;
  const Time since = target.pieces.back().start;
  if (start - since < policies.min_progress) {
    return Blocker{refusal_of(Reason::SuspendTooSoon, "policies.min_progress_us", target.info.uid, since,
                              since + policies.min_progress),
                   kNever};
  }
  if (policies.max_suspends_per_op != 0 && target.suspends >= policies.max_suspends_per_op) {
    return Blocker{refusal_of(Reason::SuspendLimit, "policies.max_suspends_per_op", target.info.uid, 0, 0), kNever};
  }
  return Blocker();
}

/// An op of no family that is reserved for later must stay legal in the suspended state. Ops of a family that must wait
/// go to their backlog instead.
Blocker ResourceManager::check_later_without(const Candidate& c, Time start, const Op& target) const {
  const std::vector<Op*>& followers = followers_of(target, start);
  for (const Op* follower : followers) {
    // Its SUSPEND would find nothing any more.
    const Suspension* planned = stack(follower->family()).find(*follower);
    if (planned == nullptr) continue;
    const Refusal refusal = refusal_of(Reason::Exclusion, "a SUSPEND is planned for what must wait", follower->info.uid,
                                       planned->at, planned->until);
    return Blocker{refusal, kNever};
  }
  for (std::size_t i = timeline_.first_starting_at(start); i < timeline_.size(); ++i) {
    const Reservation& later = timeline_[i];
    if (later.op->family() != Family::None) continue;
    const char* rule = why_not_suspended(c, start, later, target, followers);
    if (rule == nullptr) continue;
    return Blocker{refusal_of(Reason::Exclusion, rule, later.op->info.uid, later.start, later.end), later.start + 1};
  }
  return Blocker();
}

/// The rule that `later` would break once `target` is cut at `start` and its followers are gone; nullptr: none.
const char* ResourceManager::why_not_suspended(const Candidate& c, Time start, const Reservation& later,
                                               const Op& target, const std::vector<Op*>& followers) const {
  const std::size_t base = index(later.op->spec->base);
  const Family family = target.family();
  const Exclusions& tables = device_.exclusions;
  if (device_.rules.suspend && tables.by_suspend[static_cast<std::size_t>(family)][1].test(base)) {
    return "reserved for the suspended time";
  }
  if (family == Family::Program && later.op->effects().controls == Family::Erase) return "SUS-08";
  if (device_.rules.state_forbid && later.start < start + c.length()) {
    Time begin = 0;
    const Step& step = c.spec->steps[step_at(c.spec->steps, later.start - start, begin)];
    if (tables.by_op_state[index(c.spec->base)][static_cast<std::size_t>(step.state)].test(base)) return "SUS-14";
  }
  if (!may_address_suspended(later.op->effects()) && addresses(*later.op, target)) return "SUS-07";
  for (const Op* follower : followers) {
    const bool parked = family == Family::Program;  // with the program that they belong to
    const bool met = !parked && later.start >= follower->pieces.back().end();
    if (met && forbidden_by_what_it_ends(*follower).test(base) && is_forbidden_without(followers, later))
      return "RES-04";
  }
  const Effects& effects = later.op->effects();
  if (!device_.rules.address || effects.action != Action::Read || effects.reads_suspended) return nullptr;
  const auto needs = [&](const Op* gone) {
    return gone->pieces.back().end() <= later.start && reads_what_is_missing(*later.op, *gone);
  };
  const bool spoiled = needs(&target) || std::any_of(followers.begin(), followers.end(), needs);
  return spoiled ? "EPR-03" : nullptr;
}

/// True where a latch or cache state stands in the way of `later` that one of `gone` would have released.
bool ResourceManager::is_forbidden_without(const std::vector<Op*>& gone, const Reservation& later) const {
  FlagTimeline without = flags_;
  for (const Op* op : gone) without.remove(op->info.uid, op->start());
  DieFlags flags = without.at(later.start);
  park_program_flags(later.start, flags);
  const std::size_t base = index(later.op->spec->base);
  return (device_.rules.latch && latch_in_the_way(base, later.op->touches, flags) >= 0) ||
         (device_.rules.cache && cache_in_the_way(base, later.op->touches, flags) >= 0);
}

/// Bases that the latches and cache states forbid which the end of `op` would release.
BaseSet ResourceManager::forbidden_by_what_it_ends(const Op& op) const {
  BaseSet forbidden;
  for (std::size_t i = 0; i < kLatches; ++i) {
    if ((op.effects().latch_clear >> i & 1U) != 0) forbidden |= device_.exclusions.by_latch[i];
  }
  for (std::size_t i = 0; i < kCaches; ++i) {
    if ((op.effects().cache_end >> i & 1U) != 0) forbidden |= device_.exclusions.by_cache[i];
  }
  return forbidden;
}

/// True where `read` was accepted because `missing` would have erased or programmed before it.
bool ResourceManager::reads_what_is_missing(const Op& read, const Op& missing) const {
  const auto guard = static_cast<std::int32_t>(device_.rules.offset_guard);
  for (const Target& lost : missing.info.targets) {
    for (const Target& wanted : read.info.targets) {
      if (wanted.block < 0 || wanted.block != lost.block) continue;
      const bool whole = missing.effects().action == Action::Erase || missing.effects().whole_block;
      if (whole || wanted.page >= lost.page - guard) return true;
    }
  }
  return false;
}

/// What a cut of `target` at `at` takes off the plan, by start: ops of its family (SUS-04), ops of the other one that
/// the suspended state forbids, those that build on a block which the missing ones would have changed, and what is
/// behind those in their family: the order of a family is kept. Good until the next call.
const std::vector<Op*>& ResourceManager::followers_of(const Op& target, Time at) const {
  const BaseSet& forbidden = device_.exclusions.by_suspend[static_cast<std::size_t>(target.family())][1];
  std::vector<Op*>& followers = followers_;
  followers.clear();
  bool other_family_waits = false;
  for (std::size_t i = timeline_.first_starting_at(at); i < timeline_.size(); ++i) {
    Op& later = *timeline_[i].op;
    if (&later == &target || later.life != Life::Reserved || later.family() == Family::None) continue;
    const auto same_block = [&](const Op* other) { return share_block(other->info.targets, later.info.targets); };
    if (later.family() != target.family() && !other_family_waits) {
      const bool forbidden_now = device_.rules.suspend && forbidden.test(index(later.spec->base));
      const bool builds_on_others =
          device_.rules.address && std::any_of(followers.begin(), followers.end(), same_block);
      other_family_waits = forbidden_now || same_block(&target) || builds_on_others;
      if (!other_family_waits) continue;
    }
    followers.push_back(&later);
  }
  return followers;
}

Verdict ResourceManager::judge_resume(const Candidate& c, Time start) {
  const Suspension* newest = stack(c.base->effects.controls).top();
  if (newest == nullptr) return Verdict::refused(refusal_of(Reason::NothingToResume, "SUS-11"));
  // Its SUSPEND is planned for later: whatever else stands in the way, there is nothing to bring back yet.
  if (start < newest->at) return Verdict::refused(refusal_of(Reason::NothingToResume, "SUS-11"));
  if (const Blocker blocker = check(c, start)) return Verdict::refused(blocker.refusal);
  return place_kept_states(c, start);
}

Verdict ResourceManager::search_resume(const Candidate& c, Time not_before) {
  const Suspension* newest = own_stack(c.base->effects.controls).top();
  if (newest == nullptr) return Verdict::refused(refusal_of(Reason::NothingToResume, "SUS-11"));
  const Verdict own = search(c, std::max(not_before, newest->at));
  return own.ok() ? place_kept_states(c, own.start) : own;
}

/// SUS-09, SUS-10: the kept states start exactly at the end of the RESUME, or the RESUME is cancelled.
Verdict ResourceManager::place_kept_states(const Candidate& c, Time start) {
  Suspension& newest = *own_stack(c.base->effects.controls).top();
  const Time resume_end = start + c.length();
  const Candidate kept = candidate(
      *newest.op, newest.op->pieces.empty() ? newest.op->executed : newest.op->pieces.back().to, newest.op->nominal);
  newest.until = resume_end;  // the state that will hold then; a verdict has no side effects: put back below
  Blocker blocker = check(kept, resume_end);
  if (!blocker && newest.op->family() == Family::Program) blocker = check_later_unparked(kept, resume_end);
  newest.until = kNever;
  Verdict verdict;
  verdict.start = start;
  verdict.refusal = blocker.refusal;
  verdict.resume_cancelled = !verdict.ok();
  return verdict;
}

/// What was reserved while the program's latches and cache state are parked must be legal when they are back.
Blocker ResourceManager::check_later_unparked(const Candidate& kept, Time resume_end) const {
  FlagChange at_its_end;
  at_its_end.at = kNever;
  const FlagSource source{kept.spec, kept.base, kept.touches, kept.to, kept.self};
  if (!end_change(source, kept.piece_at(resume_end), all_planes_, at_its_end)) at_its_end.at = kNever;
  for (std::size_t i = timeline_.first_starting_at(resume_end); i < timeline_.size(); ++i) {
    const Reservation& later = timeline_[i];
    if (Blocker flag = check_later_with(at_its_end, later)) return flag;
  }
  return Blocker();
}

void ResourceManager::plan_cut(Op& suspend, Journal& journal) {
  const Family family = suspend.effects().controls;
  const Time at = suspend.start();
  const Time suspend_end = suspend.piece().end();
  Op& target = *running_at(family, at)->op;
  const std::vector<Op*>& followers = followers_of(target, at);
  cut_target(target, at, journal);
  // Newest first, so that each goes to the head of its backlog and the order is kept (SUS-04).
  for (auto follower = followers.rbegin(); follower != followers.rend(); ++follower)
    revoke(**follower, suspend_end, journal);
}

void ResourceManager::cut_target(Op& target, Time at, Journal& journal) {
  const Piece before = target.pieces.back();
  Piece& piece = target.pieces.back();
  leave_bus(target, before);
  piece.to = piece.from + (at - piece.start);
  take_bus(target, piece);
  timeline_.set_end(target, piece.start, at);
  flags_.remove(target.info.uid, at);
  ++target.suspends;
  address_.replan(target, kNever);
  target.suspended_targets = target.info.targets;
  own_stack(target.family()).push(target, at);
  journal.record([this, &target, before] {
    own_stack(target.family()).undo_push();
    if (--target.suspends == 0) target.suspended_targets.clear();
    const Piece cut_piece = target.pieces.back();
    leave_bus(target, cut_piece);
    target.pieces.back() = before;
    take_bus(target, before);
    timeline_.set_end(target, before.start, before.end());
    FlagChange change;
    if (end_change(flag_source(target), before, all_planes_, change)) flags_.insert(change);
    address_.replan(target, before.end());
  });
}

void ResourceManager::revoke(Op& op, Time suspend_end, Journal& journal) {
  const Piece piece = op.pieces.back();
  unplace(op, piece);
  address_.replan(op, kNever);
  op.pieces.pop_back();
  op.life = Life::Backlogged;
  journal.record([this, &op, piece] {
    op.life = Life::Reserved;
    op.pieces.push_back(piece);
    address_.forget(op);
    Journal done(Journal::Mode::Final);
    place(op, piece, done);
  });
  journal.at_commit([&op, piece, suspend_end] {
    if (op.owner != nullptr) op.owner->reservation_revoked(op, piece.start, suspend_end);
  });
}

void ResourceManager::plan_resume(Op& resume, Journal& journal) {
  SuspendStack& suspended = own_stack(resume.effects().controls);
  Suspension& newest = *suspended.top();
  Op& op = *newest.op;
  const Time resume_end = resume.piece().end();
  newest.until = resume_end;
  const Time consumed = op.pieces.empty() ? op.executed : op.pieces.back().to;
  op.pieces.push_back(Piece{resume_end, consumed, op.nominal});
  journal.record([this, &op, resume_end] {
    op.pieces.pop_back();
    address_.plan(op, kNever);
    Suspension* entry = own_stack(op.family()).find(op);
    if (entry->until == resume_end) entry->until = kNever;
  });
  place(op, op.pieces.back(), journal);
}

}  // namespace nandtlm
