// Values by key: a flat hash table, smaller and faster than a node per key.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tlm/state_archive.h"

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

/// A number other than 0 for every key that was asked for. A key and its number lie side by side: with many keys
/// nearly every question waits for memory, once.
template <typename Number>
class KeyTable {
 public:
  /// The number of `key`. 0: it is new; it gets a number before the next call of anything.
  Number& operator[](const CountKey& key) { return find(key, hash(key)); }
  /// The same where hash(key) is known.
  Number& find(const CountKey& key, std::uint64_t hash_of_key) {
    if (2 * (used_ + 1) > places_.size()) grow();
    Place& place = place_of(key, hash_of_key);
    if (place.number == 0) {
      place.key = key;
      ++used_;
    }
    return place.number;
  }
  std::size_t size() const { return used_; }
  /// Forgets the keys, keeps the memory.
  void clear() {
    std::fill(places_.begin(), places_.end(), Place());
    used_ = 0;
  }

  /// Calls visit(key, number) for every key, in the order of the keys.
  template <typename Visit>
  void for_each_sorted(Visit&& visit) const {
    for (const Place& place : sorted()) visit(place.key, place.number);
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    std::vector<Place> places = sorted();
    archive(places);
    if (!archive.loading()) return;
    places_.clear();
    used_ = 0;
    for (const Place& place : places) {
      if (place.number == 0) throw StateError("a key has no number");
      (*this)[place.key] = place.number;
    }
  }

  static std::uint64_t hash(const CountKey& key) {
    std::uint64_t h = (key.high ^ (key.low * 0x9E3779B97F4A7C15ULL)) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29;
    return h * 0x94D049BB133111EBULL;
  }

 private:
  struct Place {
    CountKey key;
    Number number = 0;  ///< 0: free

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(key, number);
    }
  };

  std::vector<Place> sorted() const {
    std::vector<Place> used;
    used.reserve(used_);
    for (const Place& place : places_) {
      if (place.number != 0) used.push_back(place);
    }
    std::sort(used.begin(), used.end(), [](const Place& a, const Place& b) { return a.key < b.key; });
    return used;
  }

  /// That of `key`, or the free one where it belongs. At least one is free.
  Place& place_of(const CountKey& key, std::uint64_t hash_of_key) {
    const std::size_t mask = places_.size() - 1;
    std::size_t i = (hash_of_key >> 32) & mask;
    while (places_[i].number != 0 && !(places_[i].key == key)) i = (i + 1) & mask;
    return places_[i];
  }

  void grow() {
    std::vector<Place> before(places_.empty() ? 64 : 2 * places_.size());
    before.swap(places_);
    for (const Place& place : before) {
      if (place.number != 0) place_of(place.key, hash(place.key)) = place;
    }
  }

  std::vector<Place> places_;  ///< a power of two
  std::size_t used_ = 0;
};

}  // namespace nandtlm
