// The tables that ops are drawn from: one per op state and situation, built when it is first met.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "testbench/generator/situation.h"
#include "testbench/generator/weight_table.h"

namespace nandtlm {

/// What can be drawn in an op state and a situation.
struct DrawTable {
  /// What a situation leaves of the weight that an op has in the state.
  enum class Left : std::uint8_t { Nothing, Share, All };

  const AliasTable* ops = nullptr;
  const Left* left = nullptr;  ///< [op]
  bool leads_on = false;       ///< there are ops that do more than ask, reset or wait
};

/// The weights of an op state as they stand, whatever the situation will be.
struct AheadTable {
  Weight total = 0;
  Weight idle = 0;  ///< of it: draws that mean to propose nothing
  AliasTable ops;   ///< the others
  bool filled = false;

  /// True where nothing can be drawn.
  bool empty() const { return total == 0; }
  /// std::nullopt: to propose nothing. Most draws are that, and need not look at the ops. Precondition: not empty().
  std::optional<OpId> draw(Rng& rng) const {
    if (rng.below(total) < idle) return std::nullopt;
    return OpId(ops.draw(rng));
  }
};

class DrawTables {
 public:
  /// `device` and `weights` outlive this.
  /// `nop_is_nothing`: a NOP that is drawn means to propose nothing, so no situation masks it.
  DrawTables(const Device& device, const WeightTable& weights, Queueing queueing, bool nop_is_nothing);

  /// The weights of `phase` without what `situation` masks.
  const DrawTable& at(std::uint32_t phase, std::uint32_t situation) {
    const std::vector<std::uint32_t>& places = places_[phase];
    const std::uint32_t number = number_of_[situation];
    const std::uint32_t place = number < places.size() ? places[number] : 0;
    return place != 0 ? *tables_[place - 1] : build(phase, situation);
  }
  const AheadTable& ahead(std::uint32_t phase) {
    AheadTable& table = ahead_[phase];
    if (!table.filled) fill(table, phase);
    return table;
  }
  /// An op that was drawn from ahead(): does it stand as a draw from `table`, of the same phase? Those that do are
  /// drawn as `table` says; where it does not, `table` is drawn from.
  static bool stands(const DrawTable& table, OpId op, Rng& rng);

  /// Drawn, it means to propose nothing.
  bool is_idle(OpId op) const { return idle_[index(op)]; }

  /// During the bootstrap ops are weighted by their cell type (GEN-04); [celltype], empty: all alike.
  void set_celltype_weights(std::vector<Weight> weights) { celltype_weights_ = std::move(weights); }

 private:
  using Lefts = std::vector<DrawTable::Left>;
  struct HashOfWeights {
    std::size_t operator()(const std::vector<Weight>& weights) const;
  };

  const DrawTable& build(std::uint32_t phase, std::uint32_t situation);
  void fill(AheadTable& table, std::uint32_t phase) const;
  BaseSet masked_in(std::uint32_t situation) const;
  void meet(std::uint32_t situation);
  bool is_rarer(const OpSpec& op, std::uint32_t situation) const;
  Weight celltype_share(const OpSpec& op, Weight weight) const;

  const Device& device_;
  const WeightTable& weights_;
  Queueing queueing_;
  bool nop_is_nothing_;
  std::vector<Weight> celltype_weights_;
  std::vector<bool> leads_on_;                      ///< [op]
  std::vector<bool> idle_;                          ///< [op]
  std::vector<std::uint32_t> number_of_;            ///< [situation]: in the order in which they were met, from 1 on
  std::vector<Lefts> lefts_;                        ///< [number of the situation - 1][op]
  std::vector<std::vector<std::uint32_t>> places_;  ///< [phase][number of the situation]: 1 + place in tables_
  std::vector<std::unique_ptr<DrawTable>> tables_;
  std::unordered_map<std::vector<Weight>, AliasTable, HashOfWeights> by_weights_;  ///< many situations leave the same
  std::vector<AheadTable> ahead_;  ///< [phase]: filled when it is first met
};

}  // namespace nandtlm
