// Weighted draws in constant time.
#pragma once

#include <cstdint>
#include <vector>

#include "testbench/generator/rng.h"

namespace nandtlm {

/// Weights are whole numbers; 1 stands for 1e-9.
using Weight = std::uint64_t;
inline constexpr Weight kWeightOne = 1'000'000'000;

/// Walker's alias method in exact integer arithmetic: an item is drawn with exactly weight / sum of weights.
class AliasTable {
 public:
  AliasTable() = default;
  /// Items with weight 0 are never drawn. Where the sum of the weights times their number would not fit into 64 bits
  /// (some thousand ops with the highest weight) all weights lose their lowest bits, down to 1.
  explicit AliasTable(const std::vector<Weight>& weights);

  /// True where no item has a weight.
  bool empty() const { return columns_.empty(); }
  /// Precondition: not empty().
  std::uint32_t draw(Rng& rng) const {
    const Column& column = columns_[rng.below(columns_.size())];
    return rng.below(total_) < column.share ? column.item : column.other;
  }

 private:
  struct Column {
    Weight share = 0;  ///< of `item`, out of total_
    std::uint32_t item = 0;
    std::uint32_t other = 0;
  };

  Weight total_ = 0;
  std::vector<Column> columns_;
};

}  // namespace nandtlm
