#include "tests/reference/die_rules.h"

#include <algorithm>

#include "tests/reference/address.h"
#include "tests/reference/flags.h"

namespace nandtlm::reference {
namespace {

bool overlap(Time from_a, Time to_a, Time from_b, Time to_b) {
  return from_a < to_b && from_b < to_a;
}

bool overlap_in_time(const Operation& a, const Operation& b) {
  for (const Piece& x : a.pieces) {
    for (const Piece& y : b.pieces) {
      if (overlap(x.start, x.end(), y.start, y.end())) return true;
    }
  }
  return false;
}

struct Stretch {
  Time start = 0;
  Time end = 0;
};

std::vector<Stretch> bus_stretches(const Plan& plan, const Operation& op) {
  std::vector<Stretch> stretches;
  for (const Piece& piece : op.pieces) {
    for_each_stretch(plan.spec(op), piece, [&](State, Time start, Time end, bool bus) {
      if (bus) stretches.push_back({start, end});
    });
  }
  return stretches;
}

Time end_of_first(const std::vector<Stretch>& taken) {
  const auto first = std::min_element(taken.begin(), taken.end(),
                                      [](const Stretch& a, const Stretch& b) { return a.start < b.start; });
  return first == taken.end() ? kNever : first->end;
}

bool share_a_die(const Plan& plan, const Operation& a, const Operation& b) {
  return reaches(plan, a, b.die) || reaches(plan, b, a.die);
}

bool latch_forbids(const Plan& plan, const Operation& op, const Flags& flags) {
  const Device& device = *plan.device;
  for (unsigned plane = 0; plane < device.topology.planes; ++plane) {
    if ((touched_planes(plan, op) >> plane & 1U) == 0) continue;
    for (unsigned latch = 0; latch < kLatches; ++latch) {
      const bool held = (flags.latches[plane] >> latch & 1U) != 0;
      if (held && device.exclusions.by_latch[latch].test(index(plan.spec(op).base))) return true;
    }
  }
  return false;
}

bool state_forbids(const Plan& plan, const Operation& op, Time t) {
  const std::size_t base = index(plan.spec(op).base);
  for (const Operation& other : plan.ops) {
    if (other.uid == op.uid || !reaches(plan, other, op.die) || !plan.base(other).affect_state) continue;
    if ((taken_planes(plan, other) & touched_planes(plan, op)) == 0) continue;
    const auto& forbidden = plan.device->exclusions.by_op_state[index(plan.spec(other).base)];
    for (const Piece& piece : other.pieces) {
      if (!piece.covers(t)) continue;
      const State state = state_at_offset(plan.spec(other), piece.from + (t - piece.start));
      if (forbidden[static_cast<std::size_t>(state)].test(base)) return true;
    }
  }
  return false;
}

bool suspend_state_forbids(const Plan& plan, const Operation& op, Time t) {
  const OpBase& base = plan.base(op);
  for (const Family family : {Family::Program, Family::Erase}) {
    const bool suspended = plan.suspended(op.die, family, t) != nullptr;
    const auto& table = plan.device->exclusions.by_suspend[static_cast<std::size_t>(family)];
    if (plan.device->rules.suspend && table[suspended ? 1 : 0].test(index(plan.spec(op).base))) return true;
    if (suspended && base.family == family) return true;  // SUS-06
    const bool controls_erase = base.effects.is_suspend_or_resume() && base.effects.controls == Family::Erase;
    if (suspended && family == Family::Program && controls_erase) return true;  // SUS-08
  }
  return false;
}

bool cache_forbids(const Plan& plan, const Operation& op, const Flags& flags) {
  const auto& tables = plan.device->exclusions.by_cache;
  const std::size_t base = index(plan.spec(op).base);
  const auto forbids = [&](Cache cache) { return tables[static_cast<std::size_t>(cache)].test(base); };
  for (unsigned plane = 0; plane < plan.device->topology.planes; ++plane) {
    const bool touched = (touched_planes(plan, op) >> plane & 1U) != 0;
    if (touched && flags.cache_read[plane] && forbids(Cache::Read)) return true;
  }
  return (flags.cache_program && forbids(Cache::Program)) ||
         (flags.oneshot_cache_program && forbids(Cache::OneshotProgram));
}

// A planned SUSPEND still finds whom it was accepted for, a planned RESUME too.
bool link_is_broken(const Plan& plan, const Operation& op) {
  const Effects& effects = plan.effects(op);
  if (effects.action == Action::Resume) {
    const Suspension* entry = plan.suspended(op.die, effects.controls, op.start());
    return entry == nullptr || entry->op != op.acts_on;
  }
  if (effects.action != Action::Suspend) return false;
  if (op.acts_on == 0) return running_at(plan, op.die, effects.controls, op.start()) != nullptr;
  const std::vector<Piece>& pieces = plan.find(op.acts_on).pieces;
  return std::none_of(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.end() == op.start(); });
}

}  // namespace

Time bus_taken_until(const Plan& plan, const Operation& op) {
  const Topology& topology = plan.device->topology;
  std::vector<Stretch> taken;
  for (const Operation& other : plan.ops) {
    if (other.uid == op.uid || topology.channel_of(other.die) != topology.channel_of(op.die)) continue;
    for (const Stretch& a : bus_stretches(plan, op)) {
      for (const Stretch& b : bus_stretches(plan, other)) {
        if (overlap(a.start, a.end, b.start, b.end)) taken.push_back(b);
      }
    }
  }
  return end_of_first(taken);
}

Time planes_taken_until(const Plan& plan, const Operation& op) {
  if (plan.effects(op).is_reset()) return kNever;  // it goes over everything
  std::vector<Stretch> taken;
  for (const Operation& other : plan.ops) {
    if (other.uid == op.uid || !share_a_die(plan, op, other)) continue;
    if ((taken_planes(plan, op) & taken_planes(plan, other)) == 0) continue;
    for (const Piece& a : op.pieces) {
      for (const Piece& b : other.pieces) {
        if (overlap(a.start, a.end(), b.start, b.end())) taken.push_back({b.start, b.end()});
      }
    }
  }
  return end_of_first(taken);
}

bool multi_is_excluded(const Plan& plan, const Operation& op) {
  if (taken_planes(plan, op) == 0 || plan.effects(op).is_reset()) return false;
  for (const Operation& other : plan.ops) {
    if (other.uid == op.uid || other.die != op.die || taken_planes(plan, other) == 0) continue;
    if (!overlap_in_time(op, other)) continue;
    const Family family = plan.base(op).family;
    if (family != Family::None && family == plan.base(other).family) return true;
    if (plan.spec(op).multi || plan.spec(other).multi) return true;
    const BaseSet& allowed = plan.device->rules.single_single_allowed;
    if (!allowed.test(index(plan.spec(op).base)) || !allowed.test(index(plan.spec(other).base))) return true;
  }
  return false;
}

std::vector<Reason> table_reasons(const Plan& plan, const Operation& op, Time t) {
  const Rules& rules = plan.device->rules;
  const Flags flags = flags_at(plan, op.die, t);
  std::vector<Reason> reasons;
  if (rules.latch && latch_forbids(plan, op, flags)) reasons.push_back(Reason::Latch);
  if (rules.state_forbid && state_forbids(plan, op, t)) reasons.push_back(Reason::StateForbid);
  if (suspend_state_forbids(plan, op, t)) reasons.push_back(Reason::StateForbidSuspend);
  if (rules.odt && odt_at(plan, t).disabled && plan.device->exclusions.by_odt_disabled.test(index(plan.spec(op).base)))
    reasons.push_back(Reason::StateForbidOdt);
  if (rules.cache && cache_forbids(plan, op, flags)) reasons.push_back(Reason::StateForbidCache);
  return reasons;
}

namespace {

/// What it meets at its start: not the suspension that it begins itself.
std::vector<Reason> table_reasons_at_start(const Plan& plan, const Operation& op) {
  if (plan.effects(op).action != Action::Suspend) return table_reasons(plan, op, op.start());
  Plan met = plan;
  met.suspensions.erase(std::remove_if(met.suspensions.begin(), met.suspensions.end(),
                                       [&](const Suspension& entry) { return entry.suspend == op.uid; }),
                        met.suspensions.end());
  return table_reasons(met, op, op.start());
}

}  // namespace

std::vector<Reason> reasons_at_start(const Plan& plan, const Operation& op) {
  std::vector<Reason> reasons = table_reasons_at_start(plan, op);
  if (link_is_broken(plan, op)) reasons.push_back(Reason::NothingToSuspend);
  const Reason target = suspended_target_reason(plan, op, op.start());
  if (target != Reason::None) reasons.push_back(target);
  const Reason address = address_reason(plan, op, op.start());
  if (address != Reason::None) reasons.push_back(address);
  return reasons;
}

namespace {

Reason first_new(const std::vector<Reason>& before, const std::vector<Reason>& after) {
  for (const Reason reason : after) {
    if (std::find(before.begin(), before.end(), reason) == before.end()) return reason;
  }
  return Reason::None;
}

// Where an op goes on behind a planned RESUME it must still be allowed to.
Reason resumed_piece_spoiled(const Plan& before, const Plan& after, const Operation& op, Time t) {
  if (op.pieces.size() < 2) return Reason::None;
  const std::vector<Piece>& pieces_before = before.find(op.uid).pieces;
  for (std::size_t i = 1; i < op.pieces.size() && i < pieces_before.size(); ++i) {
    const Time start = op.pieces[i].start;
    if (start < t) continue;
    const std::vector<Reason> reasons = table_reasons(after, op, start);
    const Reason reason = reasons.empty() ? Reason::None : first_new(table_reasons(before, op, start), reasons);
    if (reason != Reason::None) return reason;
  }
  return Reason::None;
}

}  // namespace

Reason later_op_spoiled(const Plan& before, const Plan& after, Time t, Uid except) {
  for (const Operation& later : after.ops) {
    if (later.uid == except || later.pieces.empty()) continue;
    Reason reason = Reason::None;
    if (later.is_planned() && later.start() >= t) reason = new_reason(before, after, later.uid);
    if (reason == Reason::None) reason = resumed_piece_spoiled(before, after, later, t);
    if (reason != Reason::None) return reason;
  }
  return Reason::None;
}

Reason new_reason(const Plan& before, const Plan& after, Uid uid) {
  const std::vector<Reason> reasons = reasons_at_start(after, after.find(uid));
  return reasons.empty() ? Reason::None : first_new(reasons_at_start(before, before.find(uid)), reasons);
}

}  // namespace nandtlm::reference
