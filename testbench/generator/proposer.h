// Draws what to propose at a hook: an op by the weights of its state, an address, a sequence (GEN-01). Proposes only.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "testbench/generator/batch_builder.h"
#include "testbench/generator/draw_tables.h"
#include "testbench/generator/hook.h"

namespace nandtlm {

/// What came of the draws, for the summary.
struct ProposerCounts {
  std::uint64_t hooks = 0;
  std::uint64_t no_bus = 0;  ///< the bus was taken, or reserved ahead, for longer than the admission window
  std::uint64_t drawn = 0;
  std::uint64_t idle = 0;          ///< drew to do nothing (NOP)
  std::uint64_t no_op = 0;         ///< no op has a weight in the state
  std::uint64_t no_address = 0;    ///< no legal address for the op or its sequence
  std::uint64_t not_admitted = 0;  ///< the first op could not start within the admission window

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(hooks, no_bus, drawn, idle, no_op, no_address, not_admitted);
  }
};

class Proposer {
 public:
  /// All of them outlive this.
  Proposer(Package& package, Scheduler& scheduler, const Generation& generation, const GeneratorSettings& settings,
           const WeightTable& weights);

  /// For a hook that is to meet `phase` on the die at the moment `at`: draws its op. std::nullopt: it does not come,
  /// because others have reserved the bus at that moment, or because it drew to do nothing.
  std::optional<DrawnAhead> draw_ahead(std::uint32_t die, std::uint32_t phase, Time at, Rng& rng);

  /// The proposal of a hook that has come, with the randomness of this hook. nullptr: nothing is proposed. The batch is
  /// good until the next call.
  Batch* propose(const Hook& hook, Time now, Rng& rng);

  /// The RESUME that a die needs next to have nothing suspended, by the order of SUS-08, or what ends the state that
  /// forbids it: ODT switched off, an open cache, a one-shot program under way; nullptr: neither is legal now.
  Batch* resume_for_drain(std::uint32_t die, Time now, Rng& rng);

  AddressManager& addresses(std::uint32_t die) { return *addresses_[die]; }
  const ProposerCounts& counts() const { return counts_; }
  /// Bits of Situation::kStages, 0: no bootstrap (GEN-04).
  void set_stage(std::uint32_t stage) { stage_ = stage; }
  DrawTables& tables() { return tables_; }

  template <typename Archive>
  void transfer(Archive& archive) {
    for (const auto& addresses : addresses_) archive(*addresses);
    archive(counts_, stage_, ways_made_);
  }

 private:
  /// When something that lasts longer than the admission window begins, or began; kNever: nothing is planned.
  struct Room {
    Time die = kNever;
    Time plane = kNever;
  };
  /// What ops are drawn by on a plane.
  struct Standing {
    std::uint32_t phase = 0;
    std::uint32_t situation = 0;
    Room room;
    const DrawTable* table = nullptr;
  };

  std::uint32_t situation(const ResourceManager& plan, std::uint32_t die, std::uint32_t plane, const Room& room,
                          Time now) const;
  bool gets_bus(const ResourceManager& plan, Time now) const;
  Room room_on(const ResourceManager& plan, std::uint32_t plane, Time now) const;
  std::uint32_t queue_bits(const ResourceManager& plan, std::uint32_t die, bool die_busy, Time now) const;
  Standing standing_on(const ResourceManager& plan, std::uint32_t die, std::uint32_t plane, Time now);
  bool would_queue(const ResourceManager& plan, std::uint32_t die, Family family, Time now) const;
  bool comes_too_late(const Hook& hook, const Standing& standing, OpId op, Time now) const;
  bool draw_first(const Hook& hook, Time now, OpId op, Rng& rng);
  bool grow(std::uint32_t die, Time now, Rng& rng);
  Verdict judge_resume(ResourceManager& plan, std::uint32_t die, Family family, Time now);
  Batch* make_way(std::uint32_t die, Time now, Reason blocked_by, Rng& rng);
  Batch* make_way_on(std::uint32_t die, Time now, Reason blocked_by, Rng& rng);
  bool admit(Batch& batch, ResourceManager& plan, Time now) const;

  Package& package_;
  Scheduler& scheduler_;
  const Device& device_;
  const Generation& generation_;
  const GeneratorSettings& settings_;
  DrawTables tables_;
  std::vector<Needs> needs_;                  ///< [op]
  std::array<BaseSet, kFamilies> forbidden_;  ///< in a sequence while the family is suspended
  Sequences sequences_;
  BatchBuilder builder_;
  bool all_need_bus_;  ///< every op has an ISSUE that takes time
  std::vector<std::unique_ptr<AddressManager>> addresses_;
  Batch batch_;
  ProposerCounts counts_;
  std::uint32_t stage_ = 0;
  std::uint32_t ways_made_ = 0;  ///< by a drain since its last RESUME
};

}  // namespace nandtlm
