// Counters by key: a flat hash table, smaller and faster than a node per key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace nandtlm {

/// Two words that a file packs its columns into.
struct CountKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const CountKey& a, const CountKey& b) { return a.high == b.high && a.low == b.low; }
};

/// Counts how often a key was added. Memory grows with the number of different keys only.
class CountTable {
 public:
  using Count = std::pair<CountKey, std::uint64_t>;

  void add(const CountKey& key) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    Count& slot = find(key);
    if (slot.second++ == 0) {
      slot.first = key;
      ++used_;
    }
  }
  void clear() {
    slots_.clear();
    used_ = 0;
  }
  bool empty() const { return used_ == 0; }
  std::size_t size() const { return used_; }

  /// All keys with their counts, in no order.
  std::vector<Count> counts() const {
    std::vector<Count> result;
    result.reserve(used_);
    for (const Count& slot : slots_) {
      if (slot.second != 0) result.push_back(slot);
    }
    return result;
  }

 private:
  static std::uint64_t hash(const CountKey& key) {
    std::uint64_t h = (key.high ^ (key.low * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29;
    return h * 0x94D049BB133111EBULL;
  }

  /// The slot of `key`, or the free one where it belongs. At least one slot is free.
  Count& find(const CountKey& key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = (hash(key) >> 32) & mask;
    while (slots_[i].second != 0 && !(slots_[i].first == key)) i = (i + 1) & mask;
    return slots_[i];
  }

  void grow() {
    const std::vector<Count> old = counts();
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), Count{});
    for (const Count& count : old) find(count.first) = count;
  }

  std::vector<Count> slots_;  ///< a power of two; a count of 0 marks a free slot
  std::size_t used_ = 0;
};

}  // namespace nandtlm
