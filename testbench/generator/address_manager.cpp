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
  row_planes_.assign(categories_ * rows_, 0);
  of_rows_.assign(categories_, IndexSet(planes_ > 1 ? rows_ : 0));
  for (std::uint32_t block = 0; block < device.topology.blocks_per_die; ++block) refresh(block);
}

/// Calls read(block) or change(effects, target, pending) for every block that the op reads or changes.
template <typename Read, typename Change>
void AddressManager::note_blocks(const OpInfo& op, Read&& read, Change&& change) {
  const OpBase& base = device_.base_of(op.op);
  const bool reads = base.effects.action == Action::Read;
  if (!reads && !changes_array(base)) return;
  for (const Target& target : op.targets) {
    if (target.block < 0) continue;
    const auto block = static_cast<std::uint32_t>(target.block);
    if (reads) {
      read(block);
    } else {
      change(base.effects, target, pending_[block]);
      refresh(block);
    }
  }
}

/// Reads change nothing but whether the block may be erased: before the first of them, and after the last.
void AddressManager::accepted(const OpInfo& op) {
  const auto read = [this](std::uint32_t block) {
    if (pending_[block].reads++ == 0) refresh_erase(block);
  };
  note_blocks(op, read, [this](const Effects& effects, const Target& target, Pending& pending) {
    const std::int32_t page = next_page(static_cast<std::uint32_t>(target.block));
    ++pending.changes;
    if (effects.action == Action::Erase) ++pending.erases;
    pending.next_page = page;
    pending.stage = effects.commits_page() ? Oneshot::No : effects.oneshot;
    if (!effects.commits_page()) return;
    const auto pages = static_cast<std::int32_t>(device_.topology.pages_per_block);
    pending.next_page = effects.whole_block ? pages : std::max(page, target.page + 1);
  });
}

void AddressManager::over(const OpInfo& op) {
  const auto read = [this](std::uint32_t block) {
    if (--pending_[block].reads == 0) refresh_erase(block);
  };
  note_blocks(op, read, [](const Effects& effects, const Target& /*target*/, Pending& pending) {
    --pending.changes;
    if (effects.action == Action::Erase) --pending.erases;
  });
}

void AddressManager::stages_lost() {
  for (std::size_t mode = 0; mode < modes_.count(); ++mode) {
    for (const Kind kind : {Kind::AfterLsb, Kind::AfterCsb, Kind::AfterMsb}) {
      for (std::uint32_t plane = 0; plane < planes_; ++plane) {
        const IndexSet& rows = blocks_of(plane, category(kind, mode));
        // From behind: what leaves the set moves its last item.
        for (std::size_t i = rows.size(); i-- > 0;) refresh(rows[i] * planes_ + plane);
      }
    }
  }
}

std::int32_t AddressManager::next_page(std::uint32_t block) const {
  return pending_[block].changes > 0 ? pending_[block].next_page : rules_.block(block).last_page + 1;
}

Oneshot AddressManager::stage_of(std::uint32_t block) const {
  return pending_[block].changes > 0 ? pending_[block].stage : rules_.block(block).stage;
}

AddressManager::KindMask AddressManager::kinds_of(std::uint32_t block) const {
  const BlockState& state = rules_.block(block);
  const Pending& pending = pending_[block];
  const KindMask kinds = may_erase(block) ? bit(Kind::Erase) : KindMask{0};
  if (state.condition != BlockState::Condition::Erased || pending.erases > 0) return kinds;
  return static_cast<KindMask>(kinds | kinds_of_erased(block));
}

bool AddressManager::may_erase(std::uint32_t block) const {
  const BlockState& state = rules_.block(block);
  const Pending& pending = pending_[block];
  if (pending.changes != 0 || pending.reads != 0 || state.condition == BlockState::Condition::Bad) return false;
  // An erased block without data, and without half a one-shot program, gains nothing from another erase.
  return state.condition != BlockState::Condition::Erased || state.last_page >= 0 || state.stage != Oneshot::No;
}

AddressManager::KindMask AddressManager::kinds_of_erased(std::uint32_t block) const {
  const BlockState& state = rules_.block(block);
  const Pending& pending = pending_[block];
  KindMask kinds = state.last_page >= static_cast<std::int32_t>(device_.rules.offset_guard) ? bit(Kind::Read) : 0;
  const bool full = next_page(block) >= static_cast<std::int32_t>(device_.topology.pages_per_block);
  if (full) return kinds;
  const auto add = [&](Kind kind) { kinds = static_cast<KindMask>(kinds | bit(kind)); };
  switch (stage_of(block)) {
    case Oneshot::Lsb:
      add(Kind::AfterLsb);
      break;
    case Oneshot::Csb:
      add(Kind::AfterCsb);
      break;
    case Oneshot::Msb:
      add(Kind::AfterMsb);
      break;
    default:
      add(Kind::Program);
      if (state.last_page < 0 && pending.changes == 0) add(Kind::Fresh);
  }
  return kinds;
}

/// Puts the block into the sets where it belongs now, and takes it out of the others.
void AddressManager::refresh(std::uint32_t block) {
  Shown& shown = pending_[block].shown;
  const Shown before = shown;
  shown = Shown{kinds_of(block), modes_.of(rules_.block(block).celltype), next_page(block)};
  const bool moved = shown.mode != before.mode;
  if (!moved && shown.kinds == before.kinds && shown.page == before.page) return;
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const bool was = (before.kinds & bit(kind)) != 0;
    const bool is = (shown.kinds & bit(kind)) != 0;
    if (was && (!is || moved)) show(block, kind, before.mode, false);
    if (is && (!was || moved)) show(block, kind, shown.mode, true);
    if (was && is && !moved && wants_one_page(kind) && shown.page != before.page)
      refresh_row(block / planes_, kind, shown.mode);
  }
}

void AddressManager::refresh_erase(std::uint32_t block) {
  KindMask& kinds = pending_[block].shown.kinds;
  const bool is = may_erase(block);
  if (is == ((kinds & bit(Kind::Erase)) != 0)) return;
  kinds = static_cast<KindMask>(kinds ^ bit(Kind::Erase));
  show(block, Kind::Erase, pending_[block].shown.mode, is);
}

void AddressManager::show(std::uint32_t block, Kind kind, std::size_t mode, bool in) {
  const std::uint32_t plane = block % planes_;
  const std::uint32_t row = block / planes_;
  const std::size_t set = category(kind, mode);
  blocks_of(plane, set).set(row, in);
  PlaneMask& planes = row_planes(set, row);
  const auto own = static_cast<PlaneMask>(1U << plane);
  planes = static_cast<PlaneMask>(in ? planes | own : planes & ~own);
  refresh_row(row, kind, mode);
}

void AddressManager::refresh_row(std::uint32_t row, Kind kind, std::size_t mode) {
  if (planes_ == 1) return;
  const std::size_t set = category(kind, mode);
  const PlaneMask planes = planes_of_row(row, set);
  of_rows_[set].set(row, (planes & (planes - 1)) != 0 && largest_group(row, planes, kind) != 0);
}

/// EPR-02: several planes take the same page. Of what programs, the largest group of planes that stand at one page, the
/// lowest such page first; 0: no two do. What reads or erases goes together as it is.
PlaneMask AddressManager::largest_group(std::uint32_t row, PlaneMask planes, Kind kind) const {
  if (!wants_one_page(kind)) return planes;
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
