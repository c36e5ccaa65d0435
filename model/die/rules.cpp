// One question per function: is this rule in the way of a start there? In the order of RES-01.
#include "model/die/resource_manager.h"

namespace nandtlm {
namespace {

Blocker blocked(Reason reason, const char* rule, Time retry) {
  return Blocker{refusal_of(reason, rule), retry};
}

Blocker blocked_by(Reason reason, const char* rule, const Reservation& other, Time retry) {
  return Blocker{refusal_of(reason, rule, other.op->info.uid, other.start, other.end), retry};
}

Blocker blocked_by(Reason reason, const char* rule, const Suspension& holding, Time retry) {
  return Blocker{refusal_of(reason, rule, holding.op->info.uid, holding.at, holding.until), retry};
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
  if (anything_suspended()) {
    if (Blocker target = check_suspended_target(c, start)) return target;
  }
  return check_address(c, start);
}

Blocker ResourceManager::check_bus(const Candidate& c, Time start) const {
  Blocker blocker;
  for_each_bus_segment(c.spec->steps, c.piece_at(start), [&](Time from, Time to) {
    if (blocker) return;
    const BusTimeline::Segment* other = bus_.conflict(from, to);
    if (other == nullptr) return;
    blocker =
        Blocker{refusal_of(Reason::Bus, "bus", other->uid, other->start, other->end), start + (other->end - from)};
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
  if (c.base->effects.action == Action::OdtOff) {
    if (Blocker odt = check_later_odt(c, start)) return odt;
  }
  if (timeline_.empty() || timeline_[timeline_.size() - 1].start < start) return Blocker();
  const Piece piece = c.piece_at(start);
  std::array<FlagChange, 2> changes;
  std::size_t sets = 0;
  const FlagSource source{c.spec, c.base, c.touches, c.to, c.self};
  // What forbids nothing is not looked for among what is reserved.
  if (read_latch_change(source, piece, changes[sets]) && forbidden_by_flags(changes[sets]).any()) ++sets;
  if (end_change(source, piece, all_planes_, changes[sets]) && forbidden_by_flags(changes[sets]).any()) ++sets;
  const bool has_windows = c.planes != 0 && (c.base->affect_state || c.base->family != Family::None);
  if (!has_windows && sets == 0) return Blocker();
  const Time horizon = sets == 0 ? piece.end() : kNever;
  for (std::size_t i = timeline_.first_starting_at(start); i < timeline_.size() && timeline_[i].start < horizon; ++i) {
    const Reservation& later = timeline_[i];
    if (later.op->info.uid == c.self) continue;
    if (has_windows && later.start < piece.end()) {
      if (Blocker window = check_later_in_window(c, piece, later)) return window;
    }
    for (std::size_t k = 0; k < sets; ++k) {
      if (Blocker flag = check_later_flags(changes[k], start, later)) return flag;
    }
  }
  return Blocker();
}

/// `later` starts while the candidate runs.
Blocker ResourceManager::check_later_in_window(const Candidate& c, const Piece& piece, const Reservation& later) const {
  // SUS-02: a SUSPEND that was planned to find nothing would find this one.
  if (later.op->nothing_to_suspend && later.op->effects().controls == c.base->family) {
    return blocked_by(Reason::Exclusion, "SUS-02", later, later.start + 1);
  }
  const bool stands_there = c.base->affect_state && (c.planes & later.op->touches) != 0;
  if (!device_.rules.state_forbid || !stands_there) return Blocker();
  Time begin = 0;
  const Step& step = c.spec->steps[step_at(c.spec->steps, piece.from + (later.start - piece.start), begin)];
  const auto& table = device_.exclusions.by_op_state[index(c.spec->base)][static_cast<std::size_t>(step.state)];
  if (!table.test(index(later.op->spec->base))) return Blocker();
  // A start that is late enough to meet `later` in the step before.
  const Time retry = later.start - (std::max(begin, piece.from) - piece.from) + 1;
  return blocked_by(Reason::Exclusion, device_.state_key(c.spec->base, step.state).c_str(), later, retry);
}

/// `later` starts when the candidate has set a latch or opened a cache, and nothing planned has ended that by then.
Blocker ResourceManager::check_later_flags(const FlagChange& change, Time start, const Reservation& later) const {
  if (later.start < change.at || !forbidden_by_flags(change).test(index(later.op->spec->base))) return Blocker();
  Blocker blocker = check_later_with(change, later);
  blocker.retry = start + (later.start - change.at) + 1;
  return blocker;
}

/// The latches and cache states that `later` meets once `change` is planned too.
Blocker ResourceManager::check_later_with(const FlagChange& change, const Reservation& later) const {
  const std::size_t base = index(later.op->spec->base);
  DieFlags flags = flags_.at_with(later.start, change);
  // A SUSPEND meets the flags as they are before it parks them.
  const Effects& effects = later.op->effects();
  const bool parks =
      effects.action == Action::Suspend && effects.controls == Family::Program && !later.op->nothing_to_suspend;
  if (!parks) park_program_flags(later.start, flags);
  const int latch = device_.rules.latch ? latch_in_the_way(base, later.op->touches, flags) : -1;
  const int cache = device_.rules.cache ? cache_in_the_way(base, later.op->touches, flags) : -1;
  if (latch < 0 && cache < 0) return Blocker();
  const char* rule = latch >= 0 ? name(static_cast<Latch>(latch)) : name(static_cast<Cache>(cache));
  return blocked_by(Reason::Exclusion, rule, later, kNever);
}

/// ODT is one state for the package: what any die has reserved for later must stay legal without it.
Blocker ResourceManager::check_later_odt(const Candidate& c, Time start) const {
  if (!device_.rules.odt) return Blocker();
  const Time off = start + c.length();
  const Time changed_again = package_.odt.next_change_after(off);
  for (const ResourceManager* die : package_.dies) {
    for (std::size_t i = die->timeline_.first_starting_at(off); i < die->timeline_.size(); ++i) {
      const Reservation& later = die->timeline_[i];
      if (later.start >= changed_again) break;
      if (!device_.exclusions.by_odt_disabled.test(index(later.op->spec->base))) continue;
      return blocked_by(Reason::Exclusion, "ODT_DISABLE", later, start + (later.start - off) + 1);
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

/// The latch that is held on one of the planes and forbids the base; -1: none.
int ResourceManager::latch_in_the_way(std::size_t base, PlaneMask touches, const DieFlags& flags) const {
  for (std::size_t i = 0; i < kLatches; ++i) {
    if ((flags.latched[i] & touches) != 0 && device_.exclusions.by_latch[i].test(base)) return static_cast<int>(i);
  }
  return -1;
}

/// The same for cache states.
int ResourceManager::cache_in_the_way(std::size_t base, PlaneMask touches, const DieFlags& flags) const {
  for (std::size_t i = 0; i < kCaches; ++i) {
    const bool reads = i == static_cast<std::size_t>(Cache::Read);
    const bool held = reads ? (flags.cache_read & touches) != 0 : (flags.cache_program >> i & 1U) != 0;
    if (held && device_.exclusions.by_cache[i].test(base)) return static_cast<int>(i);
  }
  return -1;
}

/// While PROGRAM is suspended, the latches and the cache state that belong to the program are parked with it.
void ResourceManager::park_program_flags(Time time, DieFlags& flags) const {
  if (!suspended_at(Family::Program, time)) return;
  for (const Latch latch : {Latch::Lsb, Latch::Csb, Latch::Msb}) flags.latched[static_cast<std::size_t>(latch)] = 0;
  flags.cache_program = 0;
}

DieFlags ResourceManager::active_flags_at(Time time) const {
  DieFlags flags = flags_.at(time);
  park_program_flags(time, flags);
  return flags;
}

Blocker ResourceManager::check_latch(const Candidate& c, Time start, const DieFlags& flags) const {
  if (!device_.rules.latch) return Blocker();
  const int latch = latch_in_the_way(index(c.spec->base), c.touches, flags);
  if (latch < 0) return Blocker();
  return blocked(Reason::Latch, name(static_cast<Latch>(latch)), next_flags_change_after(start));
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
    if (!device_.exclusions.by_op_state[index(base)][static_cast<std::size_t>(step.state)].test(index(c.spec->base)))
      continue;
    Blocker blocker = blocked_by(Reason::StateForbid, device_.state_key(base, step.state).c_str(), other, to);
    blocker.refusal.from = from;
    blocker.refusal.to = to;
    return blocker;
  }
  return Blocker();
}

/// Now or later.
bool ResourceManager::anything_suspended() const {
  return !stack(Family::Program).empty() || !stack(Family::Erase).empty();
}

Blocker ResourceManager::check_suspend_state(const Candidate& c, Time start) const {
  const std::size_t base = index(c.spec->base);
  if (!anything_suspended()) {
    const auto& tables = device_.exclusions.by_suspend;
    if (!device_.rules.suspend || !(tables[0][0].test(base) || tables[1][0].test(base))) return Blocker();
  }
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto f = static_cast<std::size_t>(family);
    const Suspension* holding = stack(family).holding_at(start);
    const bool suspended = holding != nullptr;
    const bool own_family = suspended && c.base->family == family;  // SUS-06: holds whatever the tables say
    // SUS-08: what was suspended last is resumed first, and no ERASE is suspended over a suspended PROGRAM.
    const bool nested = suspended && family == Family::Program && c.base->effects.controls == Family::Erase;
    const bool by_table = device_.rules.suspend && device_.exclusions.by_suspend[f][suspended ? 1 : 0].test(base);
    if (!own_family && !nested && !by_table) continue;
    const char* rule = by_table     ? (suspended ? kSuspendedRule[f] : kNotSuspendedRule[f])
                       : own_family ? "SUS-06"
                                    : "SUS-08";
    const Time retry = stack(family).next_change_after(start);
    return suspended ? blocked_by(Reason::StateForbidSuspend, rule, *holding, retry)
                     : blocked(Reason::StateForbidSuspend, rule, retry);
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
  const int cache = cache_in_the_way(index(c.spec->base), c.touches, flags);
  if (cache < 0) return Blocker();
  return blocked(Reason::StateForbidCache, name(static_cast<Cache>(cache)), next_flags_change_after(start));
}

/// Flags also change where a planned SUSPEND parks them.
Time ResourceManager::next_flags_change_after(Time time) const {
  return std::min(flags_.next_change_after(time), stack(Family::Program).next_change_after(time));
}

Blocker ResourceManager::check_suspended_target(const Candidate& c, Time start) const {
  if (may_address_suspended(c.base->effects)) return Blocker();
  for (const Family family : {Family::Program, Family::Erase}) {
    const Suspension* holding = stack(family).holding_at(start);
    if (holding == nullptr || holding->op->info.uid == c.self) continue;
    for (const Target& held : holding->op->info.targets) {
      for (const Target& wanted : *c.targets) {
        if (wanted.block < 0 || wanted.block != held.block) continue;
        if (family == Family::Program && wanted.page != held.page && c.base->effects.action != Action::Erase) continue;
        return blocked_by(Reason::SuspendedTarget, "SUS-07", *holding, holding->until);
      }
    }
  }
  return Blocker();
}

Blocker ResourceManager::check_address(const Candidate& c, Time start) const {
  Blocker blocker;
  blocker.refusal = address_.judge(*c.spec, *c.base, *c.targets, start, c.self);
  if (!blocker) {
    if (!device_.rules.address || !changes_array(*c.base)) return blocker;
    blocker.refusal = address_.judge_planned(*c.spec, *c.base, *c.targets, start + c.length(), c.self);
  }
  if (!blocker) {
    const Uid before = address_.waits_before(*c.targets, c.self);
    if (before != 0) return Blocker{refusal_of(Reason::SuspendedTarget, "EPR-03", before, 0, 0), kNever};
    return check_later_reads(c, start);
  }
  const bool later =
      blocker.refusal.reason >= Reason::EprProgramBeforeErase && blocker.refusal.reason <= Reason::EprOneshotOrder;
  if (later) blocker.retry = address_.next_change_after(*c.targets, start);
  return blocker;
}

/// EPR-03: no erase before a read that is reserved for later and needs what is in the block.
Blocker ResourceManager::check_later_reads(const Candidate& c, Time start) const {
  if (c.base->effects.action != Action::Erase) return Blocker();
  const Time end = start + c.length();
  for (std::size_t i = timeline_.first_starting_at(end); i < timeline_.size(); ++i) {
    const Reservation& later = timeline_[i];
    if (later.op->effects().action != Action::Read) continue;
    Blocker blocker;
    blocker.refusal = address_.judge_read_after(*later.op, later.start, *c.spec, *c.base, *c.targets, end);
    if (!blocker) continue;
    blocker.refusal.from = later.start;
    blocker.refusal.to = later.end;
    blocker.retry = later.end;
    return blocker;
  }
  return Blocker();
}

}  // namespace nandtlm
