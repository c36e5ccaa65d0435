// One question per function: is this rule in the way of a start there? In the order of RES-01.
#include "model/die/resource_manager.h"

namespace nandtlm {
namespace {

Blocker blocked(Reason reason, const char* rule, Time retry) {
  Blocker blocker;
  blocker.refusal.reason = reason;
  blocker.refusal.rule = rule;
  blocker.retry = retry;
  return blocker;
}

Blocker blocked_by(Reason reason, const char* rule, const Reservation& other, Time retry) {
  Blocker blocker = blocked(reason, rule, retry);
  blocker.refusal.blocker = other.op->info.uid;
  blocker.refusal.from = other.start;
  blocker.refusal.to = other.end;
  return blocker;
}

/// The step of `op` that runs at `time`, and when it ends (or is cut).
const Step& step_running_at(const Reservation& reservation, const Piece& piece, Time time, Time& from, Time& to) {
  const std::vector<Step>& steps = reservation.op->spec->steps;
  Time begin = 0;
  const std::uint8_t i = step_at(steps, piece.from + (time - piece.start), begin);
  from = piece.start + (std::max(begin, piece.from) - piece.from);
  to = std::min(piece.start + (begin + steps[i].duration - piece.from), reservation.end);
  return steps[i];
}

const Piece& piece_of(const Reservation& reservation) {
  for (const Piece& piece : reservation.op->pieces) {
    if (piece.start == reservation.start) return piece;
  }
  return reservation.op->pieces.front();
}

constexpr const char* kSuspendedRule[kFamilies] = {"PROGRAM_SUSPENDED", "ERASE_SUSPENDED"};
constexpr const char* kNotSuspendedRule[kFamilies] = {"NOT_PROGRAM_SUSPENDED", "NOT_ERASE_SUSPENDED"};

}  // namespace

Blocker ResourceManager::check(const Candidate& c, Time start) const {
  if (Blocker bus = check_bus(c, start)) return bus;
  if (Blocker planes = check_planes(c, start)) return planes;
  return check_rules(c, start);
}

Blocker ResourceManager::check_rules(const Candidate& c, Time start) const {
  if (Blocker exclusion = check_exclusion(c, start)) return exclusion;
  const DieFlags flags = active_flags_at(start);
  if (Blocker latch = check_latch(c, start, flags)) return latch;
  if (Blocker state = check_op_state(c, start)) return state;
  if (Blocker suspend = check_suspend_state(c, start)) return suspend;
  if (Blocker odt = check_odt(c, start)) return odt;
  if (Blocker cache = check_cache(c, start, flags)) return cache;
  if (Blocker target = check_suspended_target(c, start)) return target;
  return check_address(c, start);
}

Blocker ResourceManager::check_bus(const Candidate& c, Time start) const {
  Blocker blocker;
  for_each_bus_segment(c.spec->steps, c.piece_at(start), [&](Time from, Time to) {
    if (blocker) return;
    const BusTimeline::Segment* other = bus_.conflict(from, to);
    if (other == nullptr) return;
    blocker = blocked(Reason::Bus, "bus", start + (other->end - from));
    blocker.refusal.blocker = other->uid;
    blocker.refusal.from = other->start;
    blocker.refusal.to = other->end;
  });
  return blocker;
}

Reason ResourceManager::plane_conflict(const Candidate& c, const Op& other) const {
  if ((c.planes & other.info.planes) != 0) return Reason::PlaneScope;
  if (c.planes == 0 || other.info.planes == 0) return Reason::None;
  // One op of a family at a time on a die: a SUSPEND has one target (SUS-02).
  if (c.base->family != Family::None && c.base->family == other.family()) return Reason::ExclusionMulti;
  if (c.spec->multi || other.spec->multi) return Reason::ExclusionMulti;
  const BaseSet& allowed = device_.rules.single_single_allowed;
  const bool both = allowed.test(index(c.spec->base)) && allowed.test(index(other.spec->base));
  return both ? Reason::None : Reason::ExclusionMulti;
}

Blocker ResourceManager::check_planes(const Candidate& c, Time start) const {
  Blocker multi;
  if (c.planes == 0) return multi;
  const Time end = start + c.length();
  for (std::size_t i = timeline_.first_reaching(start); i < timeline_.size() && timeline_[i].start < end; ++i) {
    const Reservation& other = timeline_[i];
    if (!other.overlaps(start, end)) continue;
    const Reason reason = plane_conflict(c, *other.op);
    if (reason == Reason::PlaneScope) return blocked_by(reason, "planescope", other, other.end);
    if (reason == Reason::ExclusionMulti && !multi) multi = blocked_by(reason, "exclusion_multi", other, other.end);
  }
  return multi;
}

/// Operations reserved to start later must stay legal: neither a state of this one nor what it sets may forbid them.
Blocker ResourceManager::check_exclusion(const Candidate& c, Time start) const {
  if (c.base->effects.action == Action::OdtOff) return check_later_odt(c, start);
  if (timeline_.empty() || timeline_[timeline_.size() - 1].start <= start) return Blocker();
  const Piece piece = c.piece_at(start);
  const bool has_windows = c.base->affect_state && c.planes != 0;
  Op probe;
  probe.spec = c.spec;
  probe.base = c.base;
  probe.touches = c.touches;
  probe.nominal = c.to;
  FlagChange change;
  BaseSet forbidden;
  Time sets_at = kNever;
  if (end_change(probe, piece, all_planes_, change) && change.sets_anything()) {
    forbidden = forbidden_by_flags(change);
    if (forbidden.any()) sets_at = change.at;
  }
  if (!has_windows && sets_at == kNever) return Blocker();
  const Time horizon = sets_at == kNever ? piece.end() : kNever;
  for (std::size_t i = timeline_.first_starting_at(start); i < timeline_.size() && timeline_[i].start < horizon; ++i) {
    const Reservation& later = timeline_[i];
    if (later.op->info.uid == c.self || (later.op->touches & c.touches) == 0) continue;
    const std::size_t base = index(later.op->spec->base);
    if (has_windows && later.start < piece.end() && (c.planes & later.op->touches) != 0) {
      Time begin = 0;
      const Step& step = c.spec->steps[step_at(c.spec->steps, piece.from + (later.start - start), begin)];
      const auto& table = device_.exclusions.by_op_state[index(c.spec->base)][static_cast<std::size_t>(step.state)];
      if (table.test(base)) {
        return blocked_by(Reason::Exclusion, device_.state_key(c.spec->base, step.state).c_str(), later, later.end);
      }
    }
    if (later.start >= sets_at && forbidden.test(base)) return blocked_by(Reason::Exclusion, "latch or cache", later, later.end);
  }
  return Blocker();
}

/// ODT is one state for the package: what any die has reserved for later must stay legal without it.
Blocker ResourceManager::check_later_odt(const Candidate& c, Time start) const {
  const Time off = start + c.length();
  for (const ResourceManager* die : package_.dies) {
    for (std::size_t i = die->timeline_.first_starting_at(off); i < die->timeline_.size(); ++i) {
      const Reservation& later = die->timeline_[i];
      if (!device_.exclusions.by_odt_disabled.test(index(later.op->spec->base))) continue;
      return blocked_by(Reason::Exclusion, "ODT_DISABLE", later, later.end);
    }
  }
  return Blocker();
}

BaseSet ResourceManager::forbidden_by_flags(const FlagChange& change) const {
  BaseSet forbidden;
  for (std::size_t i = 0; i < kLatches; ++i) {
    if (change.latch_set[i] != 0) forbidden |= device_.exclusions.by_latch[i];
  }
  if (change.cache_read_set != 0) forbidden |= device_.exclusions.by_cache[static_cast<std::size_t>(Cache::Read)];
  for (std::size_t i = 0; i < kCaches; ++i) {
    if ((change.cache_set >> i & 1U) != 0) forbidden |= device_.exclusions.by_cache[i];
  }
  return forbidden;
}

/// While PROGRAM is suspended, the latches and the cache state that belong to the program are parked with it.
DieFlags ResourceManager::active_flags_at(Time time) const {
  DieFlags flags = flags_.at(time);
  if (!suspended_at(Family::Program, time)) return flags;
  for (const Latch latch : {Latch::Lsb, Latch::Csb, Latch::Msb}) flags.latched[static_cast<std::size_t>(latch)] = 0;
  flags.cache_program = 0;
  return flags;
}

Blocker ResourceManager::check_latch(const Candidate& c, Time start, const DieFlags& flags) const {
  if (!device_.rules.latch) return Blocker();
  for (std::size_t i = 0; i < kLatches; ++i) {
    const bool held = (flags.latched[i] & c.touches) != 0;
    if (held && device_.exclusions.by_latch[i].test(index(c.spec->base))) {
      return blocked(Reason::Latch, name(static_cast<Latch>(i)), flags_.next_change_after(start));
    }
  }
  return Blocker();
}

Blocker ResourceManager::check_op_state(const Candidate& c, Time start) const {
  if (!device_.rules.state_forbid) return Blocker();
  for (std::size_t i = timeline_.first_reaching(start); i < timeline_.size() && timeline_[i].start <= start; ++i) {
    const Reservation& other = timeline_[i];
    if (!other.covers(start) || !other.op->base->affect_state || (other.op->info.planes & c.touches) == 0) continue;
    if (other.op->info.uid == c.self) continue;
    Time from = 0;
    Time to = 0;
    const Step& step = step_running_at(other, piece_of(other), start, from, to);
    const BaseId base = other.op->spec->base;
    if (!device_.exclusions.by_op_state[index(base)][static_cast<std::size_t>(step.state)].test(index(c.spec->base))) continue;
    Blocker blocker = blocked_by(Reason::StateForbid, device_.state_key(base, step.state).c_str(), other, to);
    blocker.refusal.from = from;
    blocker.refusal.to = to;
    return blocker;
  }
  return Blocker();
}

Blocker ResourceManager::check_suspend_state(const Candidate& c, Time start) const {
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto f = static_cast<std::size_t>(family);
    const Suspension* holding = stack(family).holding_at(start);
    const bool suspended = holding != nullptr;
    const bool own_family = suspended && c.base->family == family;  // SUS-06: holds whatever the tables say
    // SUS-08: what was suspended last is resumed first, and no ERASE is suspended over a suspended PROGRAM.
    const bool nested = suspended && family == Family::Program && c.base->effects.controls == Family::Erase;
    const bool by_table = device_.rules.suspend && device_.exclusions.by_suspend[f][suspended ? 1 : 0].test(index(c.spec->base));
    if (!own_family && !nested && !by_table) continue;
    const char* rule = by_table ? (suspended ? kSuspendedRule[f] : kNotSuspendedRule[f]) : own_family ? "SUS-06" : "SUS-08";
    Blocker blocker = blocked(Reason::StateForbidSuspend, rule, stack(family).next_change_after(start));
    if (suspended) {
      blocker.refusal.blocker = holding->op->info.uid;
      blocker.refusal.from = holding->at;
      blocker.refusal.to = holding->until;
    }
    return blocker;
  }
  return Blocker();
}

Blocker ResourceManager::check_odt(const Candidate& c, Time start) const {
  if (!device_.rules.odt || !package_.odt.disabled_at(start)) return Blocker();
  if (!device_.exclusions.by_odt_disabled.test(index(c.spec->base))) return Blocker();
  return blocked(Reason::StateForbidOdt, "ODT_DISABLE", package_.odt.next_change_after(start));
}

Blocker ResourceManager::check_cache(const Candidate& c, Time start, const DieFlags& flags) const {
  if (!device_.rules.cache) return Blocker();
  for (std::size_t i = 0; i < kCaches; ++i) {
    const bool reads = i == static_cast<std::size_t>(Cache::Read);
    const bool held = reads ? (flags.cache_read & c.touches) != 0 : (flags.cache_program >> i & 1U) != 0;
    if (held && device_.exclusions.by_cache[i].test(index(c.spec->base))) {
      return blocked(Reason::StateForbidCache, name(static_cast<Cache>(i)), flags_.next_change_after(start));
    }
  }
  return Blocker();
}

Blocker ResourceManager::check_suspended_target(const Candidate& c, Time start) const {
  if (c.base->effects.reads_suspended) return Blocker();
  for (const Family family : {Family::Program, Family::Erase}) {
    const Suspension* holding = stack(family).holding_at(start);
    if (holding == nullptr || holding->op->info.uid == c.self) continue;
    for (const Target& held : holding->op->info.targets) {
      for (const Target& wanted : *c.targets) {
        if (wanted.block < 0 || wanted.block != held.block) continue;
        if (family == Family::Program && wanted.page != held.page && c.base->effects.action != Action::Erase) continue;
        Blocker blocker = blocked(Reason::SuspendedTarget, "SUS-07", holding->until);
        blocker.refusal.blocker = holding->op->info.uid;
        blocker.refusal.from = holding->at;
        blocker.refusal.to = holding->until;
        return blocker;
      }
    }
  }
  return Blocker();
}

Blocker ResourceManager::check_address(const Candidate& c, Time start) const {
  Blocker blocker;
  blocker.refusal = address_.judge(*c.spec, *c.base, *c.targets, start, c.self);
  const bool later = blocker.refusal.reason >= Reason::EprProgramBeforeErase && blocker.refusal.reason <= Reason::EprOneshotOrder;
  if (later) blocker.retry = address_.next_change_after(*c.targets, start);
  return blocker;
}

}  // namespace nandtlm
