#include "tests/reference/past.h"

#include <algorithm>
#include <set>

namespace nandtlm::reference {
namespace {

constexpr std::ptrdiff_t kWorthIt = 16;

/// When the op was over; kNever: it is not.
Time over_at(const Operation& op) {
  if (op.life == Life::Aborted) return op.aborted_at;
  return op.life == Life::Completed ? op.end() : kNever;
}

/// Does something before its end: what was over behind its start must not be folded without it.
bool acts_early(const Plan& plan, const Operation& op) {
  const Effects& effects = plan.effects(op);
  const bool sets_early = (effects.latch_set >> static_cast<unsigned>(Latch::Read) & 1U) != 0;
  return !op.pieces.empty() && (sets_early || effects.is_reset());
}

/// What was over before this can go: nothing that stays has changed anything before.
Time frontier_of(const Plan& plan, Time now) {
  Time frontier = now;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Operation& op : plan.ops) {
      if (!acts_early(plan, op) || over_at(op) < frontier || op.start() >= frontier) continue;
      frontier = op.start();
      moved = true;
    }
  }
  return frontier;
}

template <typename List, typename F>
void erase_if(List& list, F&& f) {
  list.erase(std::remove_if(list.begin(), list.end(), f), list.end());
}

/// Blocks of the die that `leaving` may have changed.
std::set<std::int32_t> blocks_of(const Plan& leaving, std::uint32_t die) {
  std::set<std::int32_t> blocks;
  for (const Operation& op : leaving.ops) {
    if (op.die != die) continue;
    for (const Target& target : op.targets) blocks.insert(target.block);
  }
  if (leaving.resets.empty()) return blocks;
  for (const auto& known : leaving.past->blocks) {
    if (known.first.first == die) blocks.insert(known.first.second);
  }
  return blocks;
}

std::shared_ptr<const Past> outcome_of(const Plan& leaving, Time frontier) {
  auto past = std::make_shared<Past>(*leaving.past);
  for (std::uint32_t die = 0; die < leaving.device->topology.dies; ++die) {
    past->flags[die] = flags_at(leaving, die, frontier);
    for (const std::int32_t block : blocks_of(leaving, die))
      past->blocks[{die, block}] = block_at(leaving, die, block, frontier);
  }
  past->odt = odt_at(leaving, frontier);
  return past;
}

}  // namespace

void fold(Plan& plan, Time now) {
  const Time frontier = frontier_of(plan, now);
  const auto leaves = [frontier](const Operation& op) { return over_at(op) < frontier; };
  if (std::count_if(plan.ops.begin(), plan.ops.end(), leaves) < kWorthIt) return;
  Plan leaving = plan;
  leaving.suspensions.clear();
  erase_if(leaving.ops, [&](const Operation& op) { return !leaves(op); });
  erase_if(leaving.resets, [&](const ResetMark& reset) { return reset.at >= frontier; });
  plan.past = outcome_of(leaving, frontier);
  erase_if(plan.ops, leaves);
  erase_if(plan.resets, [&](const ResetMark& reset) { return reset.at < frontier; });
  erase_if(plan.suspensions, [&](const Suspension& entry) {
    const auto is_held = [&](const Operation& op) { return op.uid == entry.op; };
    return entry.until < frontier && std::none_of(plan.ops.begin(), plan.ops.end(), is_held);
  });
}

}  // namespace nandtlm::reference
