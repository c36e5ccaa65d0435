// The alphabetical order of texts as numbers, so that rows can be sorted without comparing texts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "traces/ready_text.h"

namespace nandtlm {

/// Ranks of at most 65536 texts.
class TextRanks {
 public:
  explicit TextRanks(const std::vector<std::string>& texts) : ranks_(texts.size()) {
    std::vector<std::size_t> by_rank(texts.size());
    std::iota(by_rank.begin(), by_rank.end(), std::size_t{0});
    std::stable_sort(by_rank.begin(), by_rank.end(), [&](auto a, auto b) { return texts[a] < texts[b]; });
    for (std::size_t rank = 0; rank < by_rank.size(); ++rank) {
      ranks_[by_rank[rank]] = rank;
      fields_.emplace_back(texts[by_rank[rank]] + ",");
    }
  }

  /// Of the text with this index.
  std::uint64_t rank(std::size_t index) const { return ranks_[index]; }
  /// The text of the rank in the lowest 16 bits of `bits`, with a comma.
  const ReadyText& field(std::uint64_t bits) const { return fields_[bits & 0xFFFF]; }

 private:
  std::vector<std::uint64_t> ranks_;
  std::vector<ReadyText> fields_;  ///< by rank
};

}  // namespace nandtlm
