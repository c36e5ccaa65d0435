// One die's address rules and the generator's address manager, without a kernel: ops are accepted and ended by hand.
#pragma once

#include <deque>
#include <memory>

#include "testbench/generator/address_manager.h"

namespace nandtlm::test {

/// One die without a kernel: the rules as the die keeps them, and the manager that listens.
class Yard {
 public:
  explicit Yard(std::shared_ptr<const Device> device)
      : device_(std::move(device)), rules_(*device_, 0), manager(*device_, rules_) {}

  const Device& device() const { return *device_; }
  const AddressRules& rules() const { return rules_; }
  bool nothing_pending() const { return pending_.empty(); }

  bool draw(OpId op, std::int32_t plane, Rng& rng, TargetList& targets) const {
    AddressManager::Wish wish;
    wish.op = op;
    wish.plane = plane;
    return manager.draw(wish, rng, targets);
  }
  /// What the die would say when everything accepted before has ended.
  Refusal judge(OpId op, const TargetList& targets) const {
    const OpSpec& spec = device_->op(op);
    return rules_.judge(spec, device_->base(spec.base), targets, kNever - 1, 0);
  }
  void accept(OpId op, const TargetList& targets) {
    pending_.emplace_back();
    Op& accepted = pending_.back();
    accepted.info.uid = ++uid_;
    accepted.info.op = op;
    accepted.info.targets = targets;
    accepted.spec = &device_->op(op);
    accepted.base = &device_->base_of(op);
    rules_.plan(accepted, static_cast<Time>(uid_));
    manager.accepted(accepted.info);
  }
  void finish_oldest() {
    const Op op = pending_.front();
    pending_.pop_front();
    rules_.complete(op);
    manager.over(op.info);
  }
  /// A reset: what runs, the oldest, is spoilt, the others are dropped.
  void reset(bool oldest_runs) {
    for (const Op& op : pending_) rules_.forget(op);
    rules_.forget_stages();
    for (; !pending_.empty(); pending_.pop_front(), oldest_runs = false) {
      if (oldest_runs) rules_.spoil(pending_.front());
      manager.over(pending_.front().info);
    }
    manager.stages_lost();
  }
  bool has_pending(std::int32_t block, bool reads_too) const {
    for (const Op& op : pending_) {
      if (!reads_too && op.effects().action == Action::Read) continue;
      for (const Target& target : op.info.targets) {
        if (target.block == block) return true;
      }
    }
    return false;
  }
  bool has_pending_erase(std::int32_t block) const {
    for (const Op& op : pending_) {
      if (op.effects().action != Action::Erase) continue;
      for (const Target& target : op.info.targets) {
        if (target.block == block) return true;
      }
    }
    return false;
  }
  /// Is there a block in the plane for a single-plane op? By trying every block and page.
  bool search(OpId op, std::int32_t plane) const {
    const Action action = device_->base_of(op).effects.action;
    const auto planes = static_cast<std::int32_t>(device_->topology.planes);
    for (std::int32_t block = plane; block < static_cast<std::int32_t>(device_->topology.blocks_per_die);
         block += planes) {
      if (action == Action::Erase) {
        if (!judge(op, {Target{plane, block, -1}}) && !has_pending(block, true) && is_used(block)) return true;
        continue;
      }
      if (has_pending_erase(block)) continue;
      for (std::int32_t page = 0; page < static_cast<std::int32_t>(device_->topology.pages_per_block); ++page) {
        if (action == Action::Read && page > rules_.block(static_cast<std::uint32_t>(block)).last_page) continue;
        if (!judge(op, {Target{plane, block, page}})) return true;
      }
    }
    return false;
  }

 private:
  bool is_used(std::int32_t block) const {
    const BlockState& state = rules_.block(static_cast<std::uint32_t>(block));
    return state.condition == BlockState::Condition::NotErased || state.last_page >= 0 || state.stage != Oneshot::No;
  }

  std::shared_ptr<const Device> device_;
  AddressRules rules_;
  std::deque<Op> pending_;
  Uid uid_ = 0;

 public:
  AddressManager manager;
};

}  // namespace nandtlm::test
