#include "testbench/generator/alias_table.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// How far weights are shifted right so that (their sum) * (their number) fits.
unsigned shift_of(const std::vector<Weight>& weights) {
  __extension__ using Wide = unsigned __int128;
  Wide sum = 0;
  for (const Weight weight : weights) sum += weight;
  Wide product = (sum + weights.size()) * weights.size();
  unsigned shift = 0;
  for (; (product >> 63U) != 0; product >>= 1U) ++shift;
  return shift;
}

}  // namespace

AliasTable::AliasTable(const std::vector<Weight>& weights) {
  const unsigned shift = shift_of(weights);
  columns_.reserve(weights.size() - static_cast<std::size_t>(std::count(weights.begin(), weights.end(), 0)));
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    columns_.push_back(Column{std::max<Weight>(weights[i] >> shift, 1), i, i});
    total_ += columns_.back().share;
  }
  // Every column holds `total_` in all: what is short is filled up by what has too much.
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  small.reserve(columns_.size());
  large.reserve(columns_.size());
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    columns_[i].share *= columns_.size();
    (columns_[i].share < total_ ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    Column& poor = columns_[small.back()];
    Column& rich = columns_[large.back()];
    poor.other = rich.item;
    rich.share -= total_ - poor.share;
    small.pop_back();
    if (rich.share >= total_) continue;
    small.push_back(large.back());
    large.pop_back();
  }
}

}  // namespace nandtlm
