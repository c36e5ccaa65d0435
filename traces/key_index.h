// Numbers for keys as they come: a flat hash table, smaller and faster than a node per key.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace nandtlm {

/// Two words that a file packs its columns into, so that the order of keys is the order of rows.
struct CountKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(high, low);
  }
  friend bool operator==(const CountKey& a, const CountKey& b) { return a.high == b.high && a.low == b.low; }
  friend bool operator<(const CountKey& a, const CountKey& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

/// Gives every different key a number: 0, 1, 2 and so on.
class KeyIndex {
 public:
  /// The number of `key`; a key that was never asked for gets the next one, size().
  std::uint32_t number(const CountKey& key) { return number(key, hash(key)); }
  /// The same where hash(key) is known.
  std::uint32_t number(const CountKey& key, std::uint64_t hash_of_key) {
    if (2 * (keys_.size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = find(key, hash_of_key);
    if (slot == kFree) {
      slot = static_cast<std::uint32_t>(keys_.size());
      keys_.push_back(key);
    }
    return slot;
  }
  const CountKey& key(std::uint32_t number) const { return keys_[number]; }
  std::size_t size() const { return keys_.size(); }
  /// Forgets the keys, keeps the memory.
  void clear() {
    std::fill(slots_.begin(), slots_.end(), kFree);
    keys_.clear();
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(keys_);
    if (!archive.loading()) return;
    std::size_t half = 32;
    while (half < keys_.size() + 1) half *= 2;
    slots_.assign(half, kFree);
    grow();
  }

  static std::uint64_t hash(const CountKey& key) {
    std::uint64_t h = (key.high ^ (key.low * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29;
    return h * 0x94D049BB133111EBULL;
  }

  /// The numbers in the order of their keys.
  std::vector<std::uint32_t> sorted() const {
    std::vector<std::uint32_t> numbers(keys_.size());
    std::iota(numbers.begin(), numbers.end(), 0U);
    std::sort(numbers.begin(), numbers.end(), [this](auto a, auto b) { return keys_[a] < keys_[b]; });
    return numbers;
  }

 private:
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;

  /// The slot of `key`, or the free one where it belongs. At least one slot is free.
  std::uint32_t& find(const CountKey& key, std::uint64_t hash_of_key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = (hash_of_key >> 32) & mask;
    while (slots_[i] != kFree && !(keys_[slots_[i]] == key)) i = (i + 1) & mask;
    return slots_[i];
  }

  void grow() {
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), kFree);
    for (std::uint32_t number = 0; number < keys_.size(); ++number) find(keys_[number], hash(keys_[number])) = number;
  }

  std::vector<std::uint32_t> slots_;  ///< a power of two
  std::vector<CountKey> keys_;        ///< by number
};

}  // namespace nandtlm
