#include "testbench/generator/situation.h"

namespace nandtlm {
namespace {

BaseSet masked_by_suspension(const Device& device, std::uint32_t situation, Queueing queueing) {
  BaseSet masked;
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto f = static_cast<std::size_t>(family);
    const bool suspended = (situation >> f & 1U) != 0;
    BaseSet by_table = device.rules.suspend ? device.exclusions.by_suspend[f][suspended ? 1 : 0] : BaseSet();
    for (std::size_t i = 0; i < device.bases.size(); ++i) {
      const OpBase& base = device.bases[i];
      if (suspended && base.family == family) by_table.set(i, queueing == Queueing::No);
      if (base.effects.controls != family) continue;
      if (base.effects.action == Action::Resume && !suspended) by_table.set(i);
      if (base.effects.action == Action::Suspend && suspended) by_table.set(i);
    }
    masked |= by_table;
  }
  if ((situation & Situation::kProgramSuspended) == 0) return masked;
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    if (device.bases[i].effects.controls == Family::Erase) masked.set(i);  // SUS-08
  }
  return masked;
}

/// Bases that only make sense in a state which does not hold.
BaseSet masked_without(const Device& device, std::uint32_t situation) {
  BaseSet masked;
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    const Effects& effects = device.bases[i].effects;
    const bool reads_latch = effects.action == Action::DataOut || effects.copyback;
    const bool no_latch = reads_latch && (situation & Situation::kLatched) == 0;
    const bool ends_cache_read = effects.action == Action::None && (effects.cache_end & 1U) != 0;
    const bool no_cache = ends_cache_read && (situation & Situation::kCacheRead) == 0;
    const bool no_suspended = effects.reads_suspended && (situation & Situation::kProgramSuspended) == 0;
    const bool odt_is_on = effects.action == Action::OdtOn && (situation & Situation::kOdtOff) == 0;
    if (no_latch || no_cache || no_suspended || odt_is_on) masked.set(i);
  }
  return masked;
}

BaseSet masked_by_stage(const Device& device, std::uint32_t situation) {
  BaseSet masked;
  const std::uint32_t stage = situation & Situation::kStages;
  if (stage == 0) return masked;
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    const Action action = device.bases[i].effects.action;
    const bool wanted = stage == Situation::kStageErase     ? action == Action::Erase
                        : stage == Situation::kStageProgram ? action == Action::Program
                                                            : action == Action::Read || action == Action::DataOut;
    const bool ends_cache = (device.bases[i].effects.cache_end & situation / Situation::kCacheRead) != 0;
    if (!wanted && !ends_cache && action != Action::Resume) masked.set(i);
  }
  return masked;
}

}  // namespace

BaseSet forbidden_while_suspended(const Device& device, Family family) {
  if (!device.rules.suspend) return BaseSet();
  BaseSet forbidden = device.exclusions.by_suspend[static_cast<std::size_t>(family)][1];
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    if (device.bases[i].family == family) forbidden.reset(i);
  }
  return forbidden;
}

Needs needs_of(const Device& device, const OpSpec& op) {
  const OpBase& base = device.base(op.base);
  const Effects& effects = base.effects;
  if (effects.action == Action::Resume) return Needs::Die;  // SUS-14
  // A SUSPEND goes over its target; a reset takes the planes when it starts.
  const bool goes_over = base.instant_resv || effects.action == Action::Suspend || effects.is_reset();
  if (base.scope == Scope::None || goes_over) return Needs::Nothing;
  const bool shares_die = !op.multi && device.rules.single_single_allowed.test(index(op.base));
  return base.scope == Scope::PlaneSet && shares_die ? Needs::Plane : Needs::Die;
}

bool finds_room(const Device& device, const OpSpec& op, std::uint32_t situation) {
  const Family family = device.base(op.base).family;
  if ((situation & Situation::of(Situation::kProgramFull, family)) != 0) return false;
  const std::uint32_t queues =
      Situation::of(Situation::kProgramWaits, family) | Situation::of(Situation::kProgramSuspended, family);
  if ((situation & queues) != 0) return true;  // goes to the backlog at once, whatever runs
  const Needs needs = needs_of(device, op);
  if (needs == Needs::Plane) return (situation & Situation::kPlaneBusy) == 0;
  return needs == Needs::Nothing || (situation & Situation::kDieBusy) == 0;
}

BaseSet masked_bases(const Device& device, std::uint32_t situation, Queueing queueing) {
  BaseSet masked = masked_by_suspension(device, situation, queueing) | masked_without(device, situation) |
                   masked_by_stage(device, situation);
  const Exclusions& tables = device.exclusions;
  const bool parked = (situation & Situation::kProgramSuspended) != 0;  // the program's latches and cache state too
  for (std::size_t i = 0; device.rules.latch && i < kLatches; ++i) {
    const bool own = i == static_cast<std::size_t>(Latch::Read) || !parked;
    if (own && (situation >> i & Situation::kLatched) != 0) masked |= tables.by_latch[i];
  }
  for (std::size_t i = 0; device.rules.cache && i < kCaches; ++i) {
    const bool own = i == static_cast<std::size_t>(Cache::Read) || !parked;
    if (own && (situation >> i & Situation::kCacheRead) != 0) masked |= tables.by_cache[i];
  }
  if (device.rules.odt && (situation & Situation::kOdtOff) != 0) masked |= tables.by_odt_disabled;
  return masked;
}

}  // namespace nandtlm
