#include "tests/reference/plan.h"

#include <algorithm>
#include <stdexcept>

namespace nandtlm::reference {

Time Operation::end() const {
  if (pieces.empty() || life == Life::Aborted) return kNever;
  return pieces.back().to == nominal ? pieces.back().end() : kNever;
}

const Operation& Plan::find(Uid uid) const {
  for (const Operation& op : ops) {
    if (op.uid == uid) return op;
  }
  throw std::logic_error("reference: no such uid");
}

Operation& Plan::find(Uid uid) {
  return const_cast<Operation&>(static_cast<const Plan*>(this)->find(uid));
}

const Suspension* Plan::suspended(std::uint32_t die, Family family, Time t) const {
  for (const Suspension& entry : suspensions) {
    if (entry.die == die && entry.family == family && entry.holds(t)) return &entry;
  }
  return nullptr;
}

PlaneMask all_planes(const Device& device) {
  return static_cast<PlaneMask>((1U << device.topology.planes) - 1U);
}

namespace {

PlaneMask target_planes(const Operation& op) {
  PlaneMask planes = 0;
  for (const Target& target : op.targets) {
    if (target.plane >= 0 && target.plane < static_cast<std::int32_t>(kMaxPlanes))
      planes = static_cast<PlaneMask>(planes | (1U << static_cast<unsigned>(target.plane)));
  }
  return planes;
}

}  // namespace

PlaneMask taken_planes(const Plan& plan, const Operation& op) {
  const OpBase& base = plan.base(op);
  if (base.effects.action == Action::Suspend && op.acts_on == 0) return 0;  // SUS-02: the bus alone
  if (base.effects.is_reset() && op.life == Life::Reserved) return 0;       // RES-06: takes the die at its start
  if (base.effects.is_suspend_or_resume() || base.effects.is_reset()) return all_planes(*plan.device);
  if (base.instant_resv || base.scope == Scope::None) return 0;
  return base.scope == Scope::DieWide ? all_planes(*plan.device) : target_planes(op);
}

PlaneMask touched_planes(const Plan& plan, const Operation& op) {
  const PlaneMask planes = target_planes(op);
  return planes != 0 ? planes : all_planes(*plan.device);
}

bool reaches(const Plan& plan, const Operation& op, std::uint32_t die) {
  if (op.die == die) return true;
  if (plan.effects(op).action != Action::ResetAll) return false;
  // A later reset of that die took it over.
  return std::none_of(plan.resets.begin(), plan.resets.end(),
                      [&](const ResetMark& reset) { return reset.die == die && reset.at > op.start(); });
}

State state_at_offset(const OpSpec& spec, Time offset) {
  Time begin = 0;
  for (const Step& step : spec.steps) {
    if (offset < begin + step.duration) return step.state;
    begin += step.duration;
  }
  return spec.steps.back().state;
}

const Operation* running_at(const Plan& plan, std::uint32_t die, Family family, Time t) {
  for (const Operation& op : plan.ops) {
    if (op.die != die || plan.base(op).family != family) continue;
    for (const Piece& piece : op.pieces) {
      if (piece.covers(t)) return &op;
    }
  }
  return nullptr;
}

}  // namespace nandtlm::reference
