// A set of small numbers from which one can be drawn in constant time.
#pragma once

#include <cstdint>
#include <vector>

namespace nandtlm {

/// Insert, erase, look up and "the i-th of all" in constant time. The order depends on the history alone.
class IndexSet {
 public:
  explicit IndexSet(std::size_t universe = 0) : place_(universe, kAbsent) {}

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  bool contains(std::uint32_t item) const { return place_[item] != kAbsent; }
  std::uint32_t operator[](std::size_t i) const { return items_[i]; }

  /// Puts the item in or takes it out.
  void set(std::uint32_t item, bool in) {
    if (in == contains(item)) return;
    if (in) {
      place_[item] = static_cast<std::uint32_t>(items_.size());
      items_.push_back(item);
      return;
    }
    const std::uint32_t hole = place_[item];
    const std::uint32_t last = items_.back();
    items_[hole] = last;
    place_[last] = hole;
    items_.pop_back();
    place_[item] = kAbsent;
  }

  /// The same items in the same order: a draw is by place.
  template <typename Archive>
  void transfer(Archive& archive) {
    archive(items_, place_);
  }

 private:
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

  std::vector<std::uint32_t> items_;
  std::vector<std::uint32_t> place_;  ///< [item] where it stands in items_
};

}  // namespace nandtlm
