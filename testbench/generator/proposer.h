// Draws what to propose at a hook: an op by the weights of its state, an address, a sequence (GEN-01). Proposes only.
#pragma once

#include <memory>
#include <vector>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "testbench/generator/batch_builder.h"
#include "testbench/generator/draw_tables.h"

namespace nandtlm {

/// What came of the draws, for the summary.
struct ProposerCounts {
  std::uint64_t hooks = 0;
  std::uint64_t drawn = 0;
  std::uint64_t idle = 0;          ///< drew to do nothing (NOP)
  std::uint64_t no_op = 0;         ///< no op has a weight in the state
  std::uint64_t no_address = 0;    ///< no legal address for the op or its sequence
  std::uint64_t not_admitted = 0;  ///< the first op could not start within the admission window
};

class Proposer {
 public:
  /// All of them outlive this.
  Proposer(Package& package, Scheduler& scheduler, const Generation& generation, const GeneratorSettings& settings,
           const WeightTable& weights);

  /// A proposal for a plane, with the randomness of this hook. nullptr: nothing is proposed. The batch is good until
  /// the next call.
  const Batch* propose(std::uint32_t die, std::uint32_t plane, Time now, Rng& rng);

  /// The RESUME that a die needs next to have nothing suspended, by the order of SUS-08; nullptr: none.
  const Batch* resume_for_drain(std::uint32_t die, Time now);

  AddressManager& addresses(std::uint32_t die) { return *addresses_[die]; }
  const ProposerCounts& counts() const { return counts_; }
  /// Bits of Situation::kStages, 0: no bootstrap (GEN-04).
  void set_stage(std::uint32_t stage) { stage_ = stage; }
  DrawTables& tables() { return tables_; }

 private:
  std::uint32_t situation(std::uint32_t die, std::uint32_t plane, Time now);
  const AliasTable& table_for(std::uint32_t die, std::uint32_t plane, Time now);
  bool draw_first(std::uint32_t die, std::uint32_t plane, Time now, OpId op, Rng& rng);
  BatchBuilder::Place place_on(std::uint32_t die, Time now) const;
  bool admit(Request& request, Time now);
  bool admit_to_backlog(const Request& request, Family family) const;
  bool is_delay(OpId op) const;

  Package& package_;
  Scheduler& scheduler_;
  const Device& device_;
  const Generation& generation_;
  const GeneratorSettings& settings_;
  DrawTables tables_;
  Sequences sequences_;
  BatchBuilder builder_;
  std::vector<std::unique_ptr<AddressManager>> addresses_;
  Batch batch_;
  ProposerCounts counts_;
  std::uint32_t stage_ = 0;
};

}  // namespace nandtlm
