// Counters by key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "traces/key_index.h"

namespace nandtlm {

/// Counts how often a key was added. Memory grows with the number of different keys only.
class CountTable {
 public:
  void add(const CountKey& key) {
    const std::uint32_t number = keys_.number(key);
    if (number == counts_.size()) counts_.push_back(0);
    ++counts_[number];
  }
  /// Forgets the counts, keeps the memory.
  void clear() {
    keys_.clear();
    counts_.clear();
  }
  std::size_t size() const { return keys_.size(); }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(keys_, counts_);
  }

  /// Calls visit(key, count) for every key, in the order of the keys.
  template <typename Visit>
  void for_each_sorted(Visit&& visit) const {
    for (const std::uint32_t number : keys_.sorted()) visit(keys_.key(number), counts_[number]);
  }

 private:
  KeyIndex keys_;
  std::vector<std::uint64_t> counts_;  ///< by number
};

/// Counts how often a page was added, by key. Pages that lie close together share a key and are found together: a run
/// touches most pages of a block if it touches one.
class PageCountTable {
 public:
  /// `page` is -1 where there is none. Precondition: the lower half of `key.low` is free.
  void add(const CountKey& key, std::int32_t page) {
    const auto shifted = static_cast<std::uint32_t>(page) + 1U;
    ++groups_[group_of({key.high, key.low | shifted / kGroup})][shifted % kGroup];
  }

  /// Calls visit(key, page, count) for every counted page, in the order of the keys, then pages.
  template <typename Visit>
  void for_each_sorted(Visit&& visit) const {
    for (const std::uint32_t number : keys_.sorted()) {
      const CountKey key = keys_.key(number);
      const auto first = static_cast<std::uint32_t>(key.low) * kGroup;
      for (std::uint32_t i = 0; i < kGroup; ++i) {
        const std::uint64_t count = groups_[number][i];
        if (count != 0) visit(key, static_cast<std::int32_t>(first + i - 1U), count);
      }
    }
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(keys_, groups_);
    recent_ = {};
  }

 private:
  static constexpr std::uint32_t kGroup = 32;
  static constexpr std::size_t kRecent = 1024;
  static constexpr int kRecentShift = 64 - 10;

  /// The groups in use are few, but all that ever were are many: those in use are found without touching the others.
  std::uint32_t group_of(const CountKey& key) {
    const std::uint64_t hash = KeyIndex::hash(key);
    Recent& recent = recent_[hash >> kRecentShift];
    if (!(recent.key == key) || groups_.empty()) {
      recent = {key, keys_.number(key, hash)};
      if (recent.number == groups_.size()) groups_.emplace_back();
    }
    return recent.number;
  }

  struct Recent {
    CountKey key;
    std::uint32_t number = 0;
  };
  std::array<Recent, kRecent> recent_;
  KeyIndex keys_;
  std::vector<std::array<std::uint64_t, kGroup>> groups_;  ///< by number
};

}  // namespace nandtlm
