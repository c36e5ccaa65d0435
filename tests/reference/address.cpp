#include "tests/reference/address.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "tests/reference/past.h"

namespace nandtlm::reference {
namespace {

// A0SLC, ACSLC and FWSLC store as SLC.
std::string stored_as(const Device& device, CellId cell) {
  const std::string& name = device.celltypes[index(cell)];
  return name == "A0SLC" || name == "ACSLC" || name == "FWSLC" ? "SLC" : name;
}

bool same_cell(const Device& device, CellId a, CellId b) {
  return stored_as(device, a) == stored_as(device, b);
}

const Target* target_in(const Operation& op, std::int32_t block) {
  for (const Target& target : op.targets) {
    if (target.block == block) return &target;
  }
  return nullptr;
}

/// An op that changed the block, or was stopped by a reset while it did; without an op: the reset itself.
struct Change {
  Time at = 0;
  const Operation* op = nullptr;
  bool spoiled = false;
};

bool changes_array(const Plan& plan, const Operation& op) {
  return plan.effects(op).action == Action::Program || plan.effects(op).action == Action::Erase;
}

bool is_over(const Operation& op) {
  return op.life == Life::Completed || op.life == Life::Aborted;
}

std::vector<Change> changes_until(const Plan& plan, std::uint32_t die, std::int32_t block, Time t, bool over) {
  std::vector<Change> changes;
  for (const Operation& op : plan.ops) {
    if (over && !is_over(op)) continue;
    if (op.die != die || !changes_array(plan, op) || target_in(op, block) == nullptr) continue;
    const bool spoiled = op.life == Life::Aborted && op.started;
    const Time at = spoiled ? op.aborted_at : op.end();
    if (at != kNever && at <= t) changes.push_back({at, &op, spoiled});
  }
  for (const ResetMark& reset : plan.resets) {
    if (reset.die == die && reset.at <= t) changes.push_back({reset.at, nullptr, false});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

void forget_oneshot(Block& block) {
  block.oneshot.clear();
  block.oneshot_page = -1;
}

void program(const Plan& plan, const Change& change, std::int32_t page, Block& block) {
  const Effects& effects = plan.effects(*change.op);
  if (!block.erased && (effects.commits_page() || !change.spoiled)) {  // let through without an erase
    block.erased = true;
    block.erased_as = plan.spec(*change.op).celltype;
  }
  if (!effects.commits_page() && !change.spoiled) {
    block.oneshot.push_back(effects.oneshot);
    block.oneshot_page = page;
    return;
  }
  forget_oneshot(block);
  if (!effects.commits_page()) return;
  const auto last = effects.whole_block ? static_cast<std::int32_t>(plan.device->topology.pages_per_block) - 1 : page;
  block.last = std::max(block.last, last);
  block.pages.resize(static_cast<std::size_t>(block.last) + 1, plan.spec(*change.op).celltype);
}

void apply(const Plan& plan, const Change& change, const Target& target, Block& block) {
  if (plan.effects(*change.op).action == Action::Program) {
    program(plan, change, target.page, block);
    return;
  }
  block.erased = !change.spoiled;
  block.erased_as = plan.spec(*change.op).celltype;
  block.last = -1;
  block.pages.clear();
  forget_oneshot(block);
}

Reason program_reason(const Plan& plan, const Operation& op, const Target& target, const Block& block) {
  const Effects& effects = plan.effects(op);
  const CellId cell = plan.spec(op).celltype;
  if (!block.erased && plan.device->rules.program_before_erase) return Reason::EprProgramBeforeErase;
  if (block.erased && !same_cell(*plan.device, cell, block.erased_as)) return Reason::EprDifferentCelltypes;
  if (target.page <= block.last) return Reason::EprProgramsOnSamePage;
  if (block.erased && target.page != block.last + 1) return Reason::EprPageNotAscending;
  std::vector<Oneshot> before;
  if (effects.oneshot == Oneshot::Csb) before = {Oneshot::Lsb};
  if (effects.oneshot == Oneshot::Msb) before = {Oneshot::Lsb, Oneshot::Csb};
  if (effects.oneshot == Oneshot::Last) {
    before = {Oneshot::Lsb, Oneshot::Csb};
    if (block.oneshot.size() == 3) before.push_back(Oneshot::Msb);
  }
  if (block.oneshot != before) return Reason::EprOneshotOrder;
  return Reason::None;
}

Reason read_reason(const Plan& plan, const Operation& op, const Target& target, const Block& block) {
  const auto guard = static_cast<std::int32_t>(plan.device->rules.offset_guard);
  if (block.last < 0 || target.page + guard > block.last) return Reason::EprReadBeforeProgram;
  const CellId cell = block.pages[static_cast<std::size_t>(target.page)];
  if (!same_cell(*plan.device, plan.spec(op).celltype, cell)) return Reason::EprDifferentCelltypes;
  return Reason::None;
}

Reason block_reason(const Plan& plan, const Operation& op, const Target& target, const Block& block) {
  const Effects& effects = plan.effects(op);
  if (effects.action == Action::Program) return program_reason(plan, op, target, block);
  // A recovery read takes its page from the latches of a suspended program.
  if (effects.action == Action::Read && !effects.reads_suspended) return read_reason(plan, op, target, block);
  return Reason::None;
}

/// By `t`, from what is `over` or from all.
Block block_from(const Plan& plan, std::uint32_t die, std::int32_t number, Time t, bool over) {
  Block block;
  if (const auto known = plan.past->blocks.find({die, number}); known != plan.past->blocks.end()) block = known->second;
  for (const BadBlock& bad : plan.device->bad_blocks)
    block.bad = block.bad || (bad.die == die && static_cast<std::int32_t>(bad.block) == number);
  for (const Change& change : changes_until(plan, die, number, t, over)) {
    if (change.op == nullptr) {
      forget_oneshot(block);
    } else {
      apply(plan, change, *target_in(*change.op, number), block);
    }
  }
  return block;
}

Block block_now(const Plan& plan, std::uint32_t die, std::int32_t number) {
  return block_from(plan, die, number, kNever - 1, true);
}

/// Accepted ops that will change the block, in the order in which they do: those with an end by it, then what is
/// suspended, then what waits in a backlog.
std::vector<const Operation*> changers_of(const Plan& plan, const Operation& self, std::int32_t block) {
  std::vector<const Operation*> changers;
  for (const Operation& op : plan.ops) {
    if (op.die == self.die && op.uid != self.uid && !is_over(op) && changes_array(plan, op) &&
        target_in(op, block) != nullptr)
      changers.push_back(&op);
  }
  const auto rank = [](const Operation* op) {
    return std::make_tuple(op->end(), op->pieces.empty(), op->lost_end, op->uid);
  };
  std::sort(changers.begin(), changers.end(),
            [&](const Operation* a, const Operation* b) { return rank(a) < rank(b); });
  return changers;
}

}  // namespace

Block block_at(const Plan& plan, std::uint32_t die, std::int32_t number, Time t) {
  return block_from(plan, die, number, t, false);
}

Reason shape_reason(const Plan& plan, const Operation& op) {
  const Topology& topology = plan.device->topology;
  if (op.die >= topology.dies) return Reason::EprAddressRange;
  const OpBase& base = plan.base(op);
  const Action action = base.effects.action;
  if (base.scope == Scope::PlaneSet && op.targets.empty()) return Reason::EprAddressRange;
  for (const Target& target : op.targets) {
    if (target.block >= static_cast<std::int32_t>(topology.blocks_per_die)) return Reason::EprAddressRange;
    if (target.page >= static_cast<std::int32_t>(topology.pages_per_block)) return Reason::EprAddressRange;
    if (base.effects.needs_target && target.block < 0) return Reason::EprAddressRange;
    if ((action == Action::Read || action == Action::Program) && target.page < 0) return Reason::EprAddressRange;
  }
  if (op.targets.size() > 1 && !plan.spec(op).multi) return Reason::EprMultiplaneMismatch;
  for (std::size_t i = 1; i < op.targets.size(); ++i) {
    const Target& a = op.targets[i - 1];
    const Target& b = op.targets[i];
    const auto planes = static_cast<std::int32_t>(topology.planes);
    if (b.plane <= a.plane || a.page != b.page || a.block / planes != b.block / planes)
      return Reason::EprMultiplaneMismatch;
  }
  if (!plan.device->rules.address) return Reason::None;
  for (const Target& target : op.targets) {
    for (const BadBlock& bad : plan.device->bad_blocks) {
      const bool hit = bad.die == op.die && static_cast<std::int32_t>(bad.block) == target.block;
      if (hit && base.effects.needs_target) return Reason::EprBadBlock;
    }
  }
  return Reason::None;
}

Reason address_reason(const Plan& plan, const Operation& op, Time t) {
  const Reason shape = shape_reason(plan, op);
  if (shape != Reason::None || !plan.device->rules.address) return shape;
  for (const Target& target : op.targets) {
    const Reason reason = block_reason(plan, op, target, block_at(plan, op.die, target.block, t));
    if (reason != Reason::None) return reason;
  }
  return Reason::None;
}

Reason arrival_reason(const Plan& plan, const Operation& op) {
  const Reason shape = shape_reason(plan, op);
  if (shape != Reason::None || !plan.device->rules.address) return shape;
  for (const Target& target : op.targets) {
    Block block = block_now(plan, op.die, target.block);
    for (const Operation* other : changers_of(plan, op, target.block))
      apply(plan, {0, other, false}, *target_in(*other, target.block), block);
    const Reason reason = block_reason(plan, op, target, block);
    if (reason != Reason::None) return reason;
  }
  return Reason::None;
}

bool waits_behind(const Operation& other, const Operation& op) {
  if (op.life != Life::Backlogged) return true;
  return std::make_pair(op.lost_end, op.uid) < std::make_pair(other.lost_end, other.uid);
}

Reason later_change_spoiled(const Plan& plan, const Operation& op) {
  if (!plan.device->rules.address || !changes_array(plan, op)) return Reason::None;
  const bool is_new = op.uid >= plan.next_uid;
  for (const Target& target : op.targets) {
    Block without = block_now(plan, op.die, target.block);
    Block with = without;
    bool changed = false;
    for (const Operation* other : changers_of(plan, op, target.block)) {
      const bool waits = other->pieces.empty();
      if (!is_new && waits && waits_behind(*other, plan.find(op.uid))) break;
      if (!changed && other->end() > op.end()) {
        apply(plan, {op.end(), &op, false}, target, with);
        changed = true;
      }
      const Target& place = *target_in(*other, target.block);
      const Reason reason = block_reason(plan, *other, place, with);
      if (changed && reason != Reason::None && block_reason(plan, *other, place, without) == Reason::None)
        return reason;
      apply(plan, {0, other, false}, place, without);
      apply(plan, {0, other, false}, place, with);
    }
  }
  return Reason::None;
}

bool share_a_block(const Operation& a, const Operation& b) {
  return std::any_of(a.targets.begin(), a.targets.end(),
                     [&](const Target& target) { return target_in(b, target.block) != nullptr; });
}

bool must_wait_for(const Plan& plan, const Operation& op, const Operation& other) {
  return plan.device->rules.address && other.die == op.die && other.uid != op.uid && changes_array(plan, op) &&
         changes_array(plan, other) && share_a_block(op, other);
}

// What is planned already has its turn; what is illegal as it stands may be cured by who overtakes it.
bool must_wait(const Plan& plan, const Operation& op) {
  if (!plan.device->rules.address || !changes_array(plan, op)) return false;
  const bool is_new = op.uid >= plan.next_uid;
  if (!is_new && plan.find(op.uid).life != Life::Backlogged) return false;
  for (const Target& target : op.targets) {
    Block block = block_now(plan, op.die, target.block);
    for (const Operation* other : changers_of(plan, op, target.block)) {
      const Target& place = *target_in(*other, target.block);
      const bool waits = other->life == Life::Backlogged;
      if (waits && !is_new && !waits_behind(plan.find(op.uid), *other)) continue;
      if (waits && block_reason(plan, *other, place, block) == Reason::None) return true;
      if (!waits) apply(plan, {0, other, false}, place, block);
    }
  }
  return false;
}

Reason suspended_target_reason(const Plan& plan, const Operation& op, Time t) {
  const Effects& effects = plan.effects(op);
  if (effects.reads_suspended || effects.is_suspend_or_resume() || effects.is_reset() ||
      effects.action == Action::Status || effects.action == Action::DataOut)
    return Reason::None;
  for (const Suspension& entry : plan.suspensions) {
    if (entry.die != op.die || !entry.holds(t) || entry.op == op.uid) continue;
    const Operation& held = plan.find(entry.op);
    for (const Target& target : op.targets) {
      const Target* same = target_in(held, target.block);
      if (same == nullptr) continue;
      if (entry.family == Family::Erase || effects.action == Action::Erase || effects.whole_block ||
          plan.effects(held).whole_block || same->page == target.page)
        return Reason::SuspendedTarget;
    }
  }
  return Reason::None;
}

}  // namespace nandtlm::reference
