// Making candidates, and following the execution. Rules, planning and suspend have files of their own.
#include "model/die/resource_manager.h"

#include <cassert>

namespace nandtlm {

ResourceManager::ResourceManager(const Device& device, std::uint32_t die, BusTimeline& bus, PackageState& package)
    : device_(device),
      die_(die),
      all_planes_(static_cast<PlaneMask>((1U << device.topology.planes) - 1U)),
      bus_(bus),
      package_(package),
      address_(device, die) {
  package.dies.push_back(this);
}

void ResourceManager::advance(Time now) {
  if (now == advanced_to_) return;
  advanced_to_ = now;
  bus_.advance(now);
  flags_.advance(now);
  package_.odt.advance(now);
}

Candidate ResourceManager::candidate(const Request& request) const {
  const OpSpec& spec = device_.op(request.op);
  Candidate c;
  c.spec = &spec;
  c.base = &device_.base(spec.base);
  c.targets = &request.targets;
  c.planes = occupied_planes(*c.base, request.targets);
  c.touches = touched_planes(request.targets);
  c.to = spec.nominal;
  return c;
}

Candidate ResourceManager::candidate(const Op& op, Time from, Time to) const {
  Candidate c;
  c.spec = op.spec;
  c.base = op.base;
  c.targets = &op.info.targets;
  c.planes = op.info.planes;
  c.touches = op.touches;
  c.self = op.info.uid;
  c.from = from;
  c.to = to;
  return c;
}

PlaneMask ResourceManager::occupied_planes(const OpBase& base, const TargetList& targets) const {
  if (base.effects.is_suspend_or_resume()) return all_planes_;  // SUS-14
  if (base.effects.is_reset() || base.instant_resv) return 0;   // a reset takes the planes when it starts, not before
  switch (base.scope) {
    case Scope::None:
      return 0;
    case Scope::DieWide:
      return all_planes_;
    case Scope::PlaneSet:
      break;
  }
  return targets.empty() ? PlaneMask{0} : touched_planes(targets);
}

PlaneMask ResourceManager::touched_planes(const TargetList& targets) const {
  PlaneMask planes = 0;
  for (const Target& target : targets) {
    if (target.plane < 0 || target.plane >= static_cast<std::int32_t>(device_.topology.planes)) continue;
    planes = static_cast<PlaneMask>(planes | (1U << target.plane));
  }
  return planes != 0 ? planes : all_planes_;
}

const Op* ResourceManager::suspended_program_at(const Target& target) const {
  for (const Suspension& entry : stack(Family::Program).entries()) {
    for (const Target& held : entry.op->info.targets) {
      if (held.block == target.block && held.page == target.page) return entry.op;
    }
  }
  return nullptr;
}

Op* ResourceManager::cut(const Op& suspend) {
  Suspension* entry = own_stack(suspend.effects().controls).planned_at(suspend.start());
  if (entry == nullptr) return nullptr;
  Op& target = *entry->op;
  entry->cut = true;
  timeline_.remove(target, target.piece().start, true);
  target.executed = target.piece().to;
  target.pieces.erase(target.pieces.begin());
  target.life = Life::Suspended;
  return &target;
}

Op& ResourceManager::resume(const Op& resume) {
  SuspendStack& resumed = own_stack(resume.effects().controls);
  Op& op = *resumed.entries().front().op;
  assert(op.piece().start == resume.piece().end());
  resumed.remove_oldest();
  op.life = Life::Running;
  op.was_resumed = true;
  return op;
}

void ResourceManager::ended(Op& op) {
  timeline_.remove(op, op.piece().start, true);
  op.executed = op.piece().to;
  address_.complete(op);
}

void ResourceManager::reset(Op& reset_op, Time now) {
  for (std::size_t i = 0; i < timeline_.size(); ++i) {
    const Op& op = *timeline_[i].op;
    if (&op == &reset_op) continue;
    for (const Piece& piece : op.pieces) leave_bus(op, piece);
    address_.forget(op);
    package_.odt.remove(op.info.uid);
  }
  for (SuspendStack& suspended : stacks_) {
    for (const Suspension& entry : suspended.entries()) address_.forget(*entry.op);
    suspended.clear();
  }
  timeline_.clear();
  flags_.clear();
  address_.forget_stages();
  timeline_.insert(reset_op, now, now + reset_op.nominal);
}

void ResourceManager::reset_ended(const Op& reset_op) {
  timeline_.remove(reset_op, reset_op.piece().start, true);
}

}  // namespace nandtlm
