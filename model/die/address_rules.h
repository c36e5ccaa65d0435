// EPR: which page may be erased, programmed and read, judged by the state that will hold when the op starts (EPR-03).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/storage_modes.h"
#include "model/flat_queue.h"
#include "model/op.h"

namespace nandtlm {

/// What the array holds in one block (EPR-01).
struct BlockState {
  enum class Condition : std::uint8_t { NotErased, Erased, Bad };

  Condition condition = Condition::NotErased;
  CellId celltype{};            ///< of the last erase
  Oneshot stage = Oneshot::No;  ///< how far a one-shot program of `last_page + 1` has come (EPR-04)
  std::int32_t last_page = -1;  ///< last programmed page; -1: none since the erase

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(condition, celltype, stage, last_page);
  }
};

/// The address rules of one die. Knows the array as it is and the accepted operations that will change it.
class AddressRules {
 public:
  AddressRules(const Device& device, std::uint32_t die);

  /// EPR-02, EPR-04 for an op of `spec` on `targets` that starts at `start`; `self` is the uid of an op that is known
  /// here already (a refill passes every rule again), 0 for a new one.
  Refusal judge(const OpSpec& spec, const OpBase& base, const TargetList& targets, Time start, Uid self) const;
  /// Only what no passing of time can cure: range, bad block, shape of a multi-plane set.
  Refusal judge_address(const OpSpec& spec, const OpBase& base, const TargetList& targets) const;

  /// EPR-03 the other way round: what this op changes at `end` must leave every accepted op legal that changes the
  /// same blocks after it. Names the op that it would spoil.
  Refusal judge_planned(const OpSpec& spec, const OpBase& base, const TargetList& targets, Time end, Uid self) const;
  /// The same for `read`, which is reserved to start at `read_start`, not before `end`.
  Refusal judge_read_after(const Op& read, Time read_start, const OpSpec& spec, const OpBase& base,
                           const TargetList& targets, Time end) const;

  /// An accepted op will change its blocks at `end` (kNever: not planned yet), and not when it was to before. Ops
  /// without an array effect are ignored.
  void plan(const Op& op, Time end, Time lost_end = kNever);
  /// The moment of its change moved.
  void replan(const Op& op, Time end);
  /// It will not happen after all.
  void forget(const Op& op);
  /// The op ended: the array changes now, once (SUS-13).
  void complete(const Op& op);
  /// The op was cut for good: the page is corrupt, the erase left the block not erased (RES-06).
  void spoil(const Op& op);
  /// One-shot programs in progress lose their latches with a reset.
  void forget_stages();

  void transfer(StateArchive& archive);

  const BlockState& block(std::uint32_t index) const { return blocks_[index]; }
  /// EPR-03: an accepted op that waits in a backlog and is to change one of the blocks before `self` (0: a new op)
  /// does; 0: none. What changes a block does so in the order in which it was accepted; what is illegal as it stands
  /// may be cured by who overtakes it.
  Uid waits_before(const TargetList& targets, Uid self) const;
  /// The first moment after `time` at which a planned op changes one of the blocks; kNever where none is planned.
  Time next_change_after(const TargetList& targets, Time time) const;

 private:
  /// One block's share of an accepted op.
  struct Change {
    Time end = kNever;
    Uid uid = 0;
    const OpSpec* spec = nullptr;
    const OpBase* base = nullptr;
    std::int32_t page = -1;
    bool suspended = false;  ///< or about to be
    Time lost_end = kNever;  ///< of one that waits: where it would have ended before a SUSPEND took it back

    bool before(const Change& other) const {
      if (end != other.end) return end < other.end;
      if (suspended != other.suspended) return suspended;
      return lost_end != other.lost_end ? lost_end < other.lost_end : uid < other.uid;
    }
  };
  struct BlockPlan {
    FlatQueue<Change> changes;  ///< by end; without one, what is suspended before what waits; then as they were
    BlockState tail;            ///< after all of them
  };

  Refusal judge_block(const OpSpec& spec, const OpBase& base, const Target& target, const BlockState& state) const;
  Refusal judge_program(const OpSpec& spec, const OpBase& base, const Target& target, const BlockState& state) const;
  BlockState state_at(std::uint32_t block, Time start, Uid self) const;
  void apply(const OpSpec& spec, const OpBase& base, std::int32_t page, BlockState& state) const;
  Time end_of(std::int32_t block, Uid uid) const;
  Time before_waiting(const Op& op) const;
  BlockPlan& plan_of(std::uint32_t block);
  void add_change(std::uint32_t block, const Change& change);
  /// Where the change of `uid` stands; changes.size(): nowhere.
  static std::size_t place_of(const FlatQueue<Change>& changes, Uid uid);
  /// `applied`: the change has become part of the block, so that what follows stays the same.
  void drop_change(std::uint32_t block, Uid uid, bool applied);
  void note_stage(std::uint32_t block, const Effects& effects);
  void refresh_tail(std::uint32_t block, BlockPlan& plan);

  const Device& device_;
  std::vector<BlockState> blocks_;
  StorageModes modes_;
  std::vector<std::uint32_t> plan_index_;  ///< [block]: 1 + index into plans_, 0: nothing planned
  std::vector<BlockPlan> plans_;
  std::vector<std::uint32_t> idle_plans_;
  std::vector<std::uint32_t> staged_;  ///< blocks with a one-shot program in progress
};

/// True for ops whose end changes the array state that the rules look at.
inline bool changes_array(const OpBase& base) {
  return base.effects.action == Action::Program || base.effects.action == Action::Erase;
}

}  // namespace nandtlm
