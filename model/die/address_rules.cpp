#include "model/die/address_rules.h"

#include <algorithm>

#include "model/die/verdict.h"

namespace nandtlm {

AddressRules::AddressRules(const Device& device, std::uint32_t die)
    : device_(device),
      blocks_(device.topology.blocks_per_die),
      modes_(device),
      plan_index_(device.topology.blocks_per_die, 0) {
  for (const BadBlock& bad : device.bad_blocks) {
    if (bad.die == die) blocks_[bad.block].condition = BlockState::Condition::Bad;
  }
}

Refusal AddressRules::judge(const OpSpec& spec, const OpBase& base, const TargetList& targets, Time start,
                            Uid self) const {
  if (Refusal refusal = judge_address(spec, base, targets)) return refusal;
  if (!device_.rules.address) return Refusal();
  for (const Target& target : targets) {
    if (target.block < 0) continue;
    const BlockState state = state_at(static_cast<std::uint32_t>(target.block), start, self);
    if (Refusal refusal = judge_block(spec, base, target, state)) return refusal;
  }
  return Refusal();
}

Refusal AddressRules::judge_planned(const OpSpec& spec, const OpBase& base, const TargetList& targets, Time end,
                                    Uid self) const {
  for (const Target& target : targets) {
    if (target.block < 0) continue;
    const auto block = static_cast<std::uint32_t>(target.block);
    if (plan_index_[block] == 0) continue;
    const FlatQueue<Change>& changes = plans_[plan_index_[block] - 1].changes;
    if (changes.back().end <= end) continue;
    BlockState without = blocks_[block];
    BlockState with = without;
    bool changed = false;
    bool behind_self = false;
    for (const Change& change : changes) {
      behind_self = behind_self || change.uid == self;
      if (change.uid == self) continue;
      if (change.end == kNever && !change.suspended && behind_self) break;  // waits behind this one
      if (!changed && change.end > end) {
        apply(spec, base, target.page, with);
        changed = true;
      }
      const Target place{target.plane, target.block, change.page};
      if (changed && !judge_block(*change.spec, *change.base, place, without)) {
        if (Refusal refusal = judge_block(*change.spec, *change.base, place, with)) {
          refusal.rule = "EPR-03";
          refusal.blocker = change.uid;
          return refusal;
        }
      }
      apply(*change.spec, *change.base, change.page, without);
      apply(*change.spec, *change.base, change.page, with);
    }
  }
  return Refusal();
}

Refusal AddressRules::judge_read_after(const Op& read, Time read_start, const OpSpec& spec, const OpBase& base,
                                       const TargetList& targets, Time end) const {
  for (const Target& wanted : read.info.targets) {
    for (const Target& target : targets) {
      if (target.block < 0 || target.block != wanted.block) continue;
      const auto block = static_cast<std::uint32_t>(target.block);
      if (judge_block(*read.spec, *read.base, wanted, state_at(block, read_start, 0))) continue;
      BlockState with = state_at(block, end, 0);
      apply(spec, base, target.page, with);
      if (plan_index_[block] != 0) {
        for (const Change& change : plans_[plan_index_[block] - 1].changes) {
          if (change.end > end && change.end <= read_start) apply(*change.spec, *change.base, change.page, with);
        }
      }
      if (Refusal refusal = judge_block(*read.spec, *read.base, wanted, with)) {
        refusal.rule = "EPR-03";
        refusal.blocker = read.info.uid;
        return refusal;
      }
    }
  }
  return Refusal();
}

Refusal AddressRules::judge_address(const OpSpec& spec, const OpBase& base, const TargetList& targets) const {
  const Topology& topology = device_.topology;
  for (const Target& target : targets) {
    if (target.plane < -1 || target.plane >= static_cast<std::int32_t>(topology.planes)) {
      return refusal_of(Reason::EprAddressRange, "plane beyond the topology");
    }
    if (target.block < -1 || target.block >= static_cast<std::int32_t>(topology.blocks_per_die)) {
      return refusal_of(Reason::EprAddressRange, "block beyond the topology");
    }
    if (target.page < -1 || target.page >= static_cast<std::int32_t>(topology.pages_per_block)) {
      return refusal_of(Reason::EprAddressRange, "page beyond the topology");
    }
    const bool known = target.block >= 0 && target.plane >= 0;
    if (known &&
        topology.plane_of(static_cast<std::uint32_t>(target.block)) != static_cast<std::uint32_t>(target.plane)) {
      return refusal_of(Reason::EprAddressRange, "block b sits in plane b % planes");
    }
    const Action action = base.effects.action;
    const bool array = action == Action::Read || action == Action::Program || action == Action::Erase;
    if (array && (target.block < 0 || (action != Action::Erase && target.page < 0))) {
      return refusal_of(Reason::EprAddressRange, "block and page must be given");
    }
  }
  if (base.scope == Scope::PlaneSet && targets.empty()) {
    return refusal_of(Reason::EprAddressRange, "PLANE_SET op without a plane");
  }
  if (base.scope == Scope::PlaneSet && targets[0].plane < 0)
    return refusal_of(Reason::EprAddressRange, "plane must be given");
  for (std::size_t i = 1; i < targets.size(); ++i) {
    const Target& first = targets[0];
    const Target& previous = targets[i - 1];
    const Target& target = targets[i];
    if (target.plane <= previous.plane) return refusal_of(Reason::EprMultiplaneMismatch, "planes must ascend");
    if (target.page != first.page) return refusal_of(Reason::EprMultiplaneMismatch, "all planes take the same page");
    const auto row = [&](const Target& t) {
      return t.block < 0 ? -1 : t.block / static_cast<std::int32_t>(topology.planes);
    };
    if (row(target) != row(first))
      return refusal_of(Reason::EprMultiplaneMismatch, "all planes take the same block row");
  }
  if (!spec.multi && targets.size() > 1)
    return refusal_of(Reason::EprMultiplaneMismatch, "single-plane op with several targets");
  if (!device_.rules.address || !changes_array(base)) return Refusal();
  for (const Target& target : targets) {
    const bool bad = blocks_[static_cast<std::size_t>(target.block)].condition == BlockState::Condition::Bad;
    if (bad) return refusal_of(Reason::EprBadBlock, "EPR-01");
  }
  return Refusal();
}

Refusal AddressRules::judge_block(const OpSpec& spec, const OpBase& base, const Target& target,
                                  const BlockState& state) const {
  if (base.effects.action == Action::Program) return judge_program(spec, base, target, state);
  if (base.effects.action != Action::Read) return Refusal();
  if (state.condition == BlockState::Condition::Bad) return refusal_of(Reason::EprBadBlock, "EPR-01");
  if (base.effects.reads_suspended) return Refusal();  // takes the page from the latches of a suspended program
  const auto guard = static_cast<std::int32_t>(device_.rules.offset_guard);
  if (state.condition != BlockState::Condition::Erased || target.page > state.last_page - guard) {
    return refusal_of(Reason::EprReadBeforeProgram, "EPR-02");
  }
  if (modes_.of(spec.celltype) != modes_.of(state.celltype)) {
    return refusal_of(Reason::EprDifferentCelltypes, "EPR-02");
  }
  return Refusal();
}

Refusal AddressRules::judge_program(const OpSpec& spec, const OpBase& base, const Target& target,
                                    const BlockState& state) const {
  const bool fresh = state.condition == BlockState::Condition::NotErased;
  if (fresh && device_.rules.program_before_erase) return refusal_of(Reason::EprProgramBeforeErase, "EPR-02");
  const bool other_cells = modes_.of(spec.celltype) != modes_.of(state.celltype);
  if (!fresh && other_cells) return refusal_of(Reason::EprDifferentCelltypes, "EPR-02");
  if (base.effects.whole_block) {
    return state.last_page >= 0 ? refusal_of(Reason::EprProgramsOnSamePage, "EPR-02") : Refusal();
  }
  if (target.page <= state.last_page) return refusal_of(Reason::EprProgramsOnSamePage, "EPR-02");
  if (!fresh && target.page != state.last_page + 1) return refusal_of(Reason::EprPageNotAscending, "EPR-02");
  const Oneshot stage = state.stage;
  bool in_order = true;
  switch (base.effects.oneshot) {
    case Oneshot::No:
    case Oneshot::Lsb:
      in_order = stage == Oneshot::No;
      break;
    case Oneshot::Csb:
      in_order = stage == Oneshot::Lsb;
      break;
    case Oneshot::Msb:
      in_order = stage == Oneshot::Csb;
      break;
    case Oneshot::Last:
      in_order = stage == Oneshot::Csb || stage == Oneshot::Msb;
      break;
  }
  return in_order ? Refusal() : refusal_of(Reason::EprOneshotOrder, "EPR-04");
}

BlockState AddressRules::state_at(std::uint32_t block, Time start, Uid self) const {
  if (plan_index_[block] == 0) return blocks_[block];
  const BlockPlan& plan = plans_[plan_index_[block] - 1];
  if (plan.changes.back().end <= start && plan.changes.back().uid != self) return plan.tail;
  BlockState state = blocks_[block];
  for (const Change& change : plan.changes) {
    if (change.uid == self || change.end > start) break;
    apply(*change.spec, *change.base, change.page, state);
  }
  return state;
}

void AddressRules::apply(const OpSpec& spec, const OpBase& base, std::int32_t page, BlockState& state) const {
  if (base.effects.action == Action::Erase) {
    state.condition = BlockState::Condition::Erased;
    state.celltype = spec.celltype;
    state.stage = Oneshot::No;
    state.last_page = -1;
    return;
  }
  if (state.condition == BlockState::Condition::NotErased) {
    state.condition = BlockState::Condition::Erased;  // let through by rules.program_before_erase == false
    state.celltype = spec.celltype;
  }
  if (base.effects.commits_page()) {
    state.stage = Oneshot::No;
    state.last_page = base.effects.whole_block ? static_cast<std::int32_t>(device_.topology.pages_per_block) - 1 : page;
  } else {
    state.stage = base.effects.oneshot;
  }
}

AddressRules::BlockPlan& AddressRules::plan_of(std::uint32_t block) {
  if (plan_index_[block] == 0) {
    if (idle_plans_.empty()) {
      plans_.emplace_back();
      idle_plans_.push_back(static_cast<std::uint32_t>(plans_.size()));
    }
    plan_index_[block] = idle_plans_.back();
    idle_plans_.pop_back();
    plans_[plan_index_[block] - 1].tail = blocks_[block];
  }
  return plans_[plan_index_[block] - 1];
}

void AddressRules::plan(const Op& op, Time end, Time lost_end) {
  if (!changes_array(*op.base)) return;
  for (const Target& target : op.info.targets) {
    const Change change{end, op.info.uid, op.spec, op.base, target.page, op.suspends > 0, lost_end};
    add_change(static_cast<std::uint32_t>(target.block), change);
  }
}

void AddressRules::add_change(std::uint32_t block, const Change& change) {
  BlockPlan& plan = plan_of(block);
  FlatQueue<Change>& changes = plan.changes;
  if (changes.size() == 1 && changes.front().uid == change.uid) {
    changes.front() = change;  // alone as before: the tail stays the same
    return;
  }
  const std::size_t place_before = place_of(changes, change.uid);
  const bool moves = place_before != changes.size();
  if (moves) changes.erase(place_before);
  std::size_t position = changes.size();
  while (position != 0 && change.before(changes[position - 1])) --position;
  const bool last = position == changes.size();
  changes.insert(position, change);
  if (last && !moves) {
    apply(*change.spec, *change.base, change.page, plan.tail);
  } else {
    refresh_tail(block, plan);
  }
}

void AddressRules::replan(const Op& op, Time end) {
  const Time end_before = op.info.targets.empty() ? kNever : end_of(op.info.targets[0].block, op.info.uid);
  plan(op, end, end == kNever ? std::min(end_before, before_waiting(op)) : kNever);
}

/// What a SUSPEND takes back goes to the head of its backlog: before what waits there already, however often the whole
/// was delayed since that was taken back itself.
Time AddressRules::before_waiting(const Op& op) const {
  Time before = kNever;
  if (!changes_array(*op.base)) return before;
  for (const Target& target : op.info.targets) {
    const auto block = static_cast<std::size_t>(target.block);
    if (target.block < 0 || plan_index_[block] == 0) continue;
    for (const Change& change : plans_[plan_index_[block] - 1].changes) {
      const bool waits = change.end == kNever && !change.suspended && change.base->family == op.family();
      if (waits && change.uid != op.info.uid && change.lost_end != kNever)
        before = std::min(before, change.lost_end - 1);
    }
  }
  return before;
}

Time AddressRules::end_of(std::int32_t block, Uid uid) const {
  if (block < 0 || plan_index_[static_cast<std::size_t>(block)] == 0) return kNever;
  for (const Change& change : plans_[plan_index_[static_cast<std::size_t>(block)] - 1].changes) {
    if (change.uid == uid) return change.end;
  }
  return kNever;
}

Uid AddressRules::waits_before(const TargetList& targets, Uid self) const {
  for (const Target& target : targets) {
    const auto block = static_cast<std::size_t>(target.block);
    if (target.block < 0 || block >= plan_index_.size() || plan_index_[block] == 0)
      continue;  // its range is judged later
    BlockState state = blocks_[block];
    for (const Change& change : plans_[plan_index_[block] - 1].changes) {
      if (change.uid == self) break;
      const bool waits = change.end == kNever && !change.suspended;
      if (!waits) {
        apply(*change.spec, *change.base, change.page, state);
        continue;
      }
      const Target place{target.plane, target.block, change.page};
      if (!judge_block(*change.spec, *change.base, place, state)) return change.uid;
    }
  }
  return 0;
}

void AddressRules::forget(const Op& op) {
  if (!changes_array(*op.base)) return;
  for (const Target& target : op.info.targets)
    drop_change(static_cast<std::uint32_t>(target.block), op.info.uid, false);
}

std::size_t AddressRules::place_of(const FlatQueue<Change>& changes, Uid uid) {
  std::size_t place = 0;
  while (place != changes.size() && changes[place].uid != uid) ++place;
  return place;
}

void AddressRules::drop_change(std::uint32_t block, Uid uid, bool applied) {
  if (plan_index_[block] == 0) return;
  BlockPlan& plan = plans_[plan_index_[block] - 1];
  const std::size_t position = place_of(plan.changes, uid);
  if (position == plan.changes.size()) return;
  plan.changes.erase(position);
  if (plan.changes.empty()) {
    idle_plans_.push_back(plan_index_[block]);
    plan_index_[block] = 0;
  } else if (!applied || position != 0) {
    refresh_tail(block, plan);
  }
}

void AddressRules::refresh_tail(std::uint32_t block, BlockPlan& plan) {
  plan.tail = blocks_[block];
  for (const Change& change : plan.changes) apply(*change.spec, *change.base, change.page, plan.tail);
}

void AddressRules::complete(const Op& op) {
  if (!changes_array(*op.base)) return;
  for (const Target& target : op.info.targets) {
    const auto block = static_cast<std::uint32_t>(target.block);
    apply(*op.spec, *op.base, target.page, blocks_[block]);
    note_stage(block, op.effects());
    drop_change(block, op.info.uid, true);
  }
}

void AddressRules::note_stage(std::uint32_t block, const Effects& effects) {
  if (effects.oneshot == Oneshot::Lsb) {
    staged_.push_back(block);
  } else if (effects.oneshot == Oneshot::Last) {
    staged_.erase(std::remove(staged_.begin(), staged_.end(), block), staged_.end());
  }
}

void AddressRules::spoil(const Op& op) {
  if (!changes_array(*op.base)) return;
  for (const Target& target : op.info.targets) {
    BlockState& state = blocks_[static_cast<std::size_t>(target.block)];
    state.stage = Oneshot::No;
    if (op.effects().action == Action::Erase) {
      state.condition = BlockState::Condition::NotErased;
      state.last_page = -1;
    } else if (op.effects().commits_page()) {
      apply(*op.spec, *op.base, target.page, state);  // the page is used up, whatever it holds
    }
  }
}

void AddressRules::forget_stages() {
  for (const std::uint32_t block : staged_) blocks_[block].stage = Oneshot::No;
  staged_.clear();
}

Time AddressRules::next_change_after(const TargetList& targets, Time time) const {
  Time next = kNever;
  for (const Target& target : targets) {
    if (target.block < 0 || plan_index_[static_cast<std::size_t>(target.block)] == 0) continue;
    for (const Change& change : plans_[plan_index_[static_cast<std::size_t>(target.block)] - 1].changes) {
      if (change.end > time) next = std::min(next, change.end);
    }
  }
  return next;
}

}  // namespace nandtlm
