// What the address manager knows; the draws are in address_draws.cpp.
#include "testbench/generator/address_manager.h"

#include <algorithm>

namespace nandtlm {

AddressManager::AddressManager(const Device& device, const AddressRules& rules)
    : device_(device),
      rules_(rules),
      planes_(device.topology.planes),
      rows_(device.topology.blocks_per_die / device.topology.planes),
      modes_(device),
      categories_(1 + modes_.count() * kKindsPerMode),
      pending_(device.topology.blocks_per_die) {
  of_plane_.assign(planes_ * categories_, IndexSet(rows_));
  of_rows_.assign(categories_, IndexSet(planes_ > 1 ? rows_ : 0));
  for (std::uint32_t block = 0; block < device.topology.blocks_per_die; ++block) refresh(block);
}

/// Calls note(effects, target, pending) for every block that the op reads or changes.
template <typename Note>
void AddressManager::note_blocks(const OpInfo& op, Note&& note) {
  const OpBase& base = device_.base_of(op.op);
  if (base.effects.action != Action::Read && !changes_array(base)) return;
  for (const Target& target : op.targets) {
    if (target.block < 0) continue;
    const auto block = static_cast<std::uint32_t>(target.block);
    note(base.effects, target, pending_[block]);
    refresh(block);
  }
}

void AddressManager::accepted(const OpInfo& op) {
  note_blocks(op, [this](const Effects& effects, const Target& target, Pending& pending) {
    if (effects.action == Action::Read) {
      ++pending.reads;
      return;
    }
    const std::int32_t page = next_page(static_cast<std::uint32_t>(target.block));
    ++pending.changes;
    if (effects.action == Action::Erase) ++pending.erases;
    pending.next_page = page;
    if (!effects.commits_page()) return;
    const auto pages = static_cast<std::int32_t>(device_.topology.pages_per_block);
    pending.next_page = effects.whole_block ? pages : std::max(page, target.page + 1);
  });
}

void AddressManager::over(const OpInfo& op) {
  note_blocks(op, [this](const Effects& effects, const Target& target, Pending& pending) {
    if (effects.action == Action::Read) {
      --pending.reads;
      return;
    }
    --pending.changes;
    if (effects.action == Action::Erase) --pending.erases;
    const BlockState& block = rules_.block(static_cast<std::uint32_t>(target.block));
    const bool done = !effects.commits_page() || block.last_page >= target.page;
    pending.tainted = pending.changes > 0 && (pending.tainted || !done);
  });
}

std::int32_t AddressManager::next_page(std::uint32_t block) const {
  return pending_[block].changes > 0 ? pending_[block].next_page : rules_.block(block).last_page + 1;
}

bool AddressManager::is_kind(Kind kind, std::uint32_t block) const {
  const BlockState& state = rules_.block(block);
  const Pending& pending = pending_[block];
  if (state.condition == BlockState::Condition::Bad) return false;
  const bool erased = state.condition == BlockState::Condition::Erased;
  if (kind == Kind::Erase) {
    // An erased block without data, and without half a one-shot program, gains nothing from another erase.
    const bool used = !erased || state.last_page >= 0 || state.stage != Oneshot::No;
    return used && pending.changes == 0 && pending.reads == 0;
  }
  if (!erased || pending.erases > 0) return false;
  const bool idle = pending.changes == 0;
  const bool room = next_page(block) < static_cast<std::int32_t>(device_.topology.pages_per_block);
  switch (kind) {
    case Kind::Program:
      return room && !pending.tainted && (!idle || state.stage == Oneshot::No);
    case Kind::Fresh:
      return idle && state.last_page < 0 && state.stage == Oneshot::No;
    case Kind::Read:
      return state.last_page >= static_cast<std::int32_t>(device_.rules.offset_guard);
    case Kind::AfterLsb:
      return room && idle && state.stage == Oneshot::Lsb;
    case Kind::AfterCsb:
      return room && idle && state.stage == Oneshot::Csb;
    default:
      return room && idle && state.stage == Oneshot::Msb;
  }
}

void AddressManager::refresh(std::uint32_t block) {
  const std::uint32_t plane = block % planes_;
  const std::uint32_t row = block / planes_;
  blocks_of(plane, 0).set(row, is_kind(Kind::Erase, block));
  refresh_row(row, 0);
  Pending& pending = pending_[block];
  const std::size_t mode = mode_of(rules_.block(block).celltype);
  if (pending.shown_mode != mode) show(block, pending.shown_mode, false);
  pending.shown_mode = static_cast<std::uint8_t>(mode);
  show(block, mode, true);
}

/// Puts the block into the sets of a mode where it belongs, or takes it out of all of them.
void AddressManager::show(std::uint32_t block, std::size_t mode, bool shown) {
  const std::uint32_t plane = block % planes_;
  const std::uint32_t row = block / planes_;
  for (std::size_t i = 1; i < kKinds; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const std::size_t set = category(kind, mode);
    blocks_of(plane, set).set(row, shown && is_kind(kind, block));
    refresh_row(row, set);
  }
}

void AddressManager::refresh_row(std::uint32_t row, std::size_t category) {
  if (planes_ == 1) return;
  const PlaneMask planes = planes_of_row(row, category);
  const Kind kind = category == 0 ? Kind::Erase : static_cast<Kind>(1 + (category - 1) % kKindsPerMode);
  of_rows_[category].set(row, (planes & (planes - 1)) != 0 && largest_group(row, planes, kind) != 0);
}

PlaneMask AddressManager::planes_of_row(std::uint32_t row, std::size_t category) const {
  PlaneMask planes = 0;
  for (std::uint32_t plane = 0; plane < planes_; ++plane) {
    if (blocks_of(plane, category).contains(row)) planes = static_cast<PlaneMask>(planes | (1U << plane));
  }
  return planes;
}

/// EPR-02: several planes take the same page. Of what programs, the largest group of planes that stand at one page, the
/// lowest such page first; 0: no two do. What reads or erases goes together as it is.
PlaneMask AddressManager::largest_group(std::uint32_t row, PlaneMask planes, Kind kind) const {
  if (kind == Kind::Erase || kind == Kind::Read) return planes;
  PlaneMask best = 0;
  int best_size = 1;
  for (std::uint32_t first = 0; first < planes_; ++first) {
    if ((planes >> first & 1U) == 0) continue;
    PlaneMask group = 0;
    int size = 0;
    for (std::uint32_t plane = first; plane < planes_; ++plane) {
      if ((planes >> plane & 1U) == 0) continue;
      if (next_page(row * planes_ + plane) != next_page(row * planes_ + first)) continue;
      group = static_cast<PlaneMask>(group | (1U << plane));
      ++size;
    }
    if (size > best_size) {
      best = group;
      best_size = size;
    }
  }
  return best;
}

}  // namespace nandtlm
