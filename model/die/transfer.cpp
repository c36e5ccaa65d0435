// The state of a die in a snapshot (SNP-01).
#include <algorithm>

#include "model/die/die.h"
#include "tlm/state_archive.h"

namespace nandtlm {

void DieTimeline::transfer(StateArchive& archive, OpTable& ops) {
  archive.each(items_, [&](Reservation& item) {
    archive(item.start, item.end, item.reach);
    ops.link(archive, item.op);
  });
  archive(dense_);
}

void SuspendStack::transfer(StateArchive& archive, OpTable& ops) {
  archive.each(entries_, [&](Suspension& entry) {
    archive(entry.at, entry.until, entry.cut);
    ops.link(archive, entry.op);
  });
}

void AddressRules::transfer(StateArchive& archive) {
  archive(blocks_, plan_index_, idle_plans_, staged_);
  archive.each(plans_, [&](BlockPlan& plan) {
    archive(plan.tail);
    archive.each(plan.changes, [&](Change& change) {
      auto op = static_cast<std::uint64_t>(change.spec == nullptr ? 0 : change.spec - device_.ops.data());
      archive(change.end, change.uid, op, change.page, change.suspended, change.lost_end);
      if (op >= device_.ops.size()) throw StateError("a change of a block is by no operation of this device");
      change.spec = &device_.ops[op];
      change.base = &device_.base(change.spec->base);
    });
  });
}

void ResourceManager::transfer(StateArchive& archive) {
  timeline_.transfer(archive, package_.ops);
  archive(flags_);
  for (SuspendStack& stack : stacks_) stack.transfer(archive, package_.ops);
  address_.transfer(archive);
}

void Die::transfer(StateArchive& archive) {
  const bool requests_held = std::any_of(held_requests_.begin(), held_requests_.end(),
                                         [](const tlm::tlm_generic_payload* held) { return held != nullptr; });
  if (!held_back_.empty() || requests_held || !blocking_.empty()) {
    throw StateError("a client without a scheduler has a transaction under way on die " + std::to_string(number_));
  }
  archive.mark("die");
  resources_.transfer(archive);
  for (const auto& plane : planes_) archive(*plane);
  for (const Op*& op : plane_op_) package_.state.ops.link(archive, op);
  archive(plane_last_);
  package_.state.ops.link(archive, reset_op_);
}

}  // namespace nandtlm
