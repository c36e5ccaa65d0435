// Counters by key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/state_archive.h"
#include "traces/key_table.h"

namespace nandtlm {

/// Counts how often a key was added. Memory grows with the number of different keys only.
class CountTable {
 public:
  void add(const CountKey& key) { ++counts_[key]; }
  /// Forgets the counts, keeps the memory.
  void clear() { counts_.clear(); }
  std::size_t size() const { return counts_.size(); }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(counts_);
  }

  /// Calls visit(key, count) for every key, in the order of the keys.
  template <typename Visit>
  void for_each_sorted(Visit&& visit) const {
    counts_.for_each_sorted(visit);
  }

 private:
  KeyTable<std::uint64_t> counts_;
};

/// Counts how often a page was added, by key. Pages that lie close together share a key and are found together: a run
/// touches most pages of a block if it touches one.
class PageCountTable {
 public:
  /// `page` is -1 where there is none. Precondition: the lower half of `key.low` is free.
  void add(const CountKey& key, std::int32_t page) { ++count_of(key, page); }
  /// The page will soon be added: what lies far away is brought near meanwhile.
  void expect(const CountKey& key, std::int32_t page) {
#if defined(__GNUC__)
    __builtin_prefetch(&count_of(key, page), 1);
#endif
  }

  /// Calls visit(key, page, count) for every counted page, in the order of the keys, then pages.
  template <typename Visit>
  void for_each_sorted(Visit&& visit) const {
    numbers_.for_each_sorted([&](const CountKey& key, std::uint32_t number) {
      const auto first = static_cast<std::uint32_t>(key.low) * kGroup;
      for (std::uint32_t i = 0; i < kGroup; ++i) {
        const std::uint64_t count = groups_[number - 1][i];
        if (count != 0) visit(key, static_cast<std::int32_t>(first + i - 1U), count);
      }
    });
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(numbers_, groups_);
    recent_ = {};
    if (!archive.loading()) return;
    numbers_.for_each_sorted([this](const CountKey& /*key*/, std::uint32_t number) {
      if (number > groups_.size()) throw StateError("a group of pages is counted nowhere");
    });
  }

 private:
  static constexpr std::uint32_t kGroup = 32;
  static constexpr std::size_t kRecent = 1024;
  static constexpr int kRecentShift = 64 - 10;

  std::uint64_t& count_of(const CountKey& key, std::int32_t page) {
    const auto shifted = static_cast<std::uint32_t>(page) + 1U;
    return groups_[number_of({key.high, key.low | shifted / kGroup}) - 1][shifted % kGroup];
  }

  /// The groups in use are few, but all that ever were are many: those in use are found without touching the others.
  std::uint32_t number_of(const CountKey& key) {
    const std::uint64_t hash = KeyTable<std::uint32_t>::hash(key);
    Recent& recent = recent_[hash >> kRecentShift];
    if (recent.number == 0 || !(recent.key == key)) {
      std::uint32_t& number = numbers_.find(key, hash);
      if (number == 0) {
        groups_.emplace_back();
        number = static_cast<std::uint32_t>(groups_.size());
      }
      recent = {key, number};
    }
    return recent.number;
  }

  struct Recent {
    CountKey key;
    std::uint32_t number = 0;
  };
  std::array<Recent, kRecent> recent_;
  KeyTable<std::uint32_t> numbers_;  ///< of a group: 1 + its place
  std::vector<std::array<std::uint64_t, kGroup>> groups_;
};

}  // namespace nandtlm
