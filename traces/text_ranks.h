// The alphabetical order of texts as numbers, so that rows can be sorted without comparing texts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace nandtlm {

/// Ranks of at most 65536 texts.
class TextRanks {
 public:
  /// The texts outlive this.
  explicit TextRanks(const std::vector<std::string>& texts) : texts_(&texts), by_rank_(texts.size()) {
    std::iota(by_rank_.begin(), by_rank_.end(), std::size_t{0});
    std::stable_sort(by_rank_.begin(), by_rank_.end(), [&](auto a, auto b) { return texts[a] < texts[b]; });
    ranks_.resize(texts.size());
    for (std::size_t rank = 0; rank < by_rank_.size(); ++rank) ranks_[by_rank_[rank]] = rank;
  }

  /// Of the text with this index.
  std::uint64_t rank(std::size_t index) const { return ranks_[index]; }
  /// Inverse of rank(), from the lowest 16 bits of `bits`.
  std::string_view text(std::uint64_t bits) const { return (*texts_)[by_rank_[bits & 0xFFFF]]; }

 private:
  const std::vector<std::string>* texts_;
  std::vector<std::size_t> by_rank_;
  std::vector<std::uint64_t> ranks_;
};

}  // namespace nandtlm
