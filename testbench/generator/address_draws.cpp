// Draws of the address manager.
#include <algorithm>

#include "testbench/generator/address_manager.h"

namespace nandtlm {
namespace {

/// A draw that must meet a further wish is tried so often: constant time, and rarely in vain.
constexpr int kTries = 4;

bool names_a_block(const OpBase& base) {
  const auto has = [&](PayloadKey key) {
    return std::find(base.payload.begin(), base.payload.end(), key) != base.payload.end();
  };
  return has(PayloadKey::Block);
}

bool names_a_plane(const OpBase& base) {
  return base.scope == Scope::PlaneSet ||
         std::find(base.payload.begin(), base.payload.end(), PayloadKey::Plane) != base.payload.end();
}

}  // namespace

/// The kind of blocks that an op takes; false: it takes none of them.
bool AddressManager::kind_for(const OpBase& base, Kind& kind) {
  switch (base.effects.action) {
    case Action::Erase:
      kind = Kind::Erase;
      return true;
    case Action::Read:
      kind = Kind::Read;
      return true;
    case Action::Program:
      break;
    default:
      return false;
  }
  switch (base.effects.oneshot) {
    case Oneshot::Csb:
      kind = Kind::AfterLsb;
      return true;
    case Oneshot::Msb:
    case Oneshot::Last:
      kind = Kind::AfterCsb;
      return true;
    default:
      kind = base.effects.whole_block ? Kind::Fresh : Kind::Program;
      return true;
  }
}

bool AddressManager::draw(const Wish& wish, Rng& rng, TargetList& targets) const {
  targets.clear();
  const OpSpec& spec = device_.op(wish.op);
  const OpBase& base = device_.base(spec.base);
  Kind kind{};
  if (!kind_for(base, kind)) return draw_other(wish, base, spec, rng, targets);
  const std::size_t mode = mode_of(spec.celltype);
  for (;;) {
    if (spec.multi) {
      if (draw_multi(wish, kind, mode, rng, targets)) break;
    } else {
      Target target;
      if (draw_single(wish, kind, mode, rng, target)) {
        targets.push_back(target);
        break;
      }
    }
    // What ends a one-shot program follows its CSB, or its MSB.
    if (base.effects.oneshot != Oneshot::Last || kind == Kind::AfterMsb) return false;
    kind = Kind::AfterMsb;
  }
  const std::int32_t page = page_for(kind, targets, rng);
  for (Target& target : targets) target.page = page;
  return true;
}

bool AddressManager::draw_single(const Wish& wish, Kind kind, std::size_t mode, Rng& rng, Target& target) const {
  const auto plane = static_cast<std::uint32_t>(wish.plane);
  const IndexSet& rows = blocks_of(plane, category(kind, mode));
  for (int i = 0; !rows.empty() && i < kTries; ++i) {
    const std::uint32_t block = rows[rng.below(rows.size())] * planes_ + plane;
    if (avoided(wish, block)) continue;
    target.plane = wish.plane;
    target.block = static_cast<std::int32_t>(block);
    return true;
  }
  return false;
}

bool AddressManager::draw_multi(const Wish& wish, Kind kind, std::size_t mode, Rng& rng, TargetList& targets) const {
  const std::size_t set = category(kind, mode);
  const IndexSet& rows = of_rows_[set];
  for (int i = 0; !rows.empty() && i < kTries; ++i) {
    const std::uint32_t row = rows[rng.below(rows.size())];
    const PlaneMask planes = some_planes(largest_group(row, planes_of_row(row, set), kind), wish, rng);
    if (planes == 0) continue;
    targets.clear();
    bool avoid = false;
    for (std::uint32_t plane = 0; plane < planes_; ++plane) {
      if ((planes >> plane & 1U) == 0) continue;
      const std::uint32_t block = row * planes_ + plane;
      avoid = avoid || avoided(wish, block);
      targets.push_back(Target{static_cast<std::int32_t>(plane), static_cast<std::int32_t>(block), -1});
    }
    if (!avoid) return true;
  }
  return false;
}

/// Two planes or more of those that go together, as many as the policy allows; 0 where the wanted ones are not there.
PlaneMask AddressManager::some_planes(PlaneMask planes, const Wish& wish, Rng& rng) const {
  if (wish.exactly != 0) return (planes & wish.exactly) == wish.exactly ? wish.exactly : PlaneMask{0};
  std::array<std::uint32_t, kMaxPlanes> list{};
  std::uint32_t size = 0;
  for (std::uint32_t plane = 0; plane < planes_; ++plane) {
    if ((planes >> plane & 1U) != 0) list[size++] = plane;
  }
  const std::uint32_t most = std::min(size, std::max(wish.max_planes, 2U));
  if (most < 2) return 0;
  const auto wanted = static_cast<std::uint32_t>(2 + rng.below(most - 1));
  PlaneMask chosen = 0;
  for (std::uint32_t i = 0; i < wanted; ++i) {
    std::swap(list[i], list[i + rng.below(size - i)]);
    chosen = static_cast<PlaneMask>(chosen | (1U << list[i]));
  }
  return chosen;
}

std::int32_t AddressManager::page_for(Kind kind, const TargetList& targets, Rng& rng) const {
  if (kind == Kind::Erase) return -1;
  if (kind != Kind::Read) return next_page(static_cast<std::uint32_t>(targets[0].block));
  std::int32_t last = rules_.block(static_cast<std::uint32_t>(targets[0].block)).last_page;
  for (const Target& target : targets) {
    last = std::min(last, rules_.block(static_cast<std::uint32_t>(target.block)).last_page);
  }
  const std::int32_t highest = last - static_cast<std::int32_t>(device_.rules.offset_guard);
  return static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(highest) + 1));
}

bool AddressManager::avoided(const Wish& wish, std::uint32_t block) const {
  return wish.avoid != nullptr &&
         std::find(wish.avoid->begin(), wish.avoid->end(), static_cast<std::int32_t>(block)) != wish.avoid->end();
}

/// Ops that leave the array alone: a plane where they want one, a block that nothing is going to change where their
/// payload names one.
bool AddressManager::draw_other(const Wish& wish, const OpBase& base, const OpSpec& spec, Rng& rng,
                                TargetList& targets) const {
  if (!names_a_plane(base)) return true;
  Target target{wish.plane, -1, -1};
  if (names_a_block(base)) {
    if (spec.multi) return draw_multi(wish, Kind::Erase, 0, rng, targets);
    if (!draw_single(wish, Kind::Erase, 0, rng, target)) return false;
    const std::uint32_t pages = device_.topology.pages_per_block;
    target.page = static_cast<std::int32_t>(rng.below(pages));
  }
  targets.push_back(target);
  return true;
}

bool AddressManager::may_read(OpId op, const Target& target) const {
  if (target.block < 0) return false;
  const auto block = static_cast<std::uint32_t>(target.block);
  const BlockState& state = rules_.block(block);
  return (kinds_of(block) & bit(Kind::Read)) != 0 && mode_of(device_.op(op).celltype) == mode_of(state.celltype) &&
         target.page + static_cast<std::int32_t>(device_.rules.offset_guard) <= state.last_page;
}

bool AddressManager::has_any(OpId op, std::int32_t plane) const {
  const OpSpec& spec = device_.op(op);
  Kind kind{};
  if (!kind_for(device_.base(spec.base), kind)) return true;
  const std::size_t set = category(kind, mode_of(spec.celltype));
  return spec.multi ? !of_rows_[set].empty() : !blocks_of(static_cast<std::uint32_t>(plane), set).empty();
}

}  // namespace nandtlm
