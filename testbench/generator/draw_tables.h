// The tables that ops are drawn from: one per op state and situation, built when it is first met.
#pragma once

#include <memory>
#include <vector>

#include "testbench/generator/situation.h"
#include "testbench/generator/weight_table.h"

namespace nandtlm {

class DrawTables {
 public:
  /// `device` and `weights` outlive this.
  /// `nop_is_nothing`: a NOP that is drawn means to propose nothing, so no situation masks it.
  DrawTables(const Device& device, const WeightTable& weights, Queueing queueing, bool nop_is_nothing);

  /// The weights of `phase` without what `situation` masks.
  const AliasTable& at(std::uint32_t phase, std::uint32_t situation) {
    const std::uint32_t place = places_[std::size_t{phase} * Situation::kCount + situation];
    return place != 0 ? *tables_[place - 1] : build(phase, situation);
  }

  /// During the bootstrap ops are weighted by their cell type (GEN-04); [celltype], empty: all alike.
  void set_celltype_weights(std::vector<Weight> weights) { celltype_weights_ = std::move(weights); }

 private:
  const AliasTable& build(std::uint32_t phase, std::uint32_t situation);

  const Device& device_;
  const WeightTable& weights_;
  Queueing queueing_;
  bool nop_is_nothing_;
  std::vector<Weight> celltype_weights_;
  std::vector<std::uint32_t> places_;  ///< [phase][situation]: 1 + place in tables_
  std::vector<std::unique_ptr<AliasTable>> tables_;
};

}  // namespace nandtlm
