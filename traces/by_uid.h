// The order of what happens in one instant: by uid (OUT-00).
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// Items that come in any order and are visited in that of their uids, then of their adding. Mostly they come so.
template <typename Item>
class ByUid {
 public:
  /// A new item, to be filled in place: until then it is one from before the last clear().
  Item& add(Uid uid) {
    if (size_ == items_.size()) items_.resize(size_ == 0 ? 16 : 2 * size_);
    Held& held = items_[size_++];
    in_order_ = in_order_ && last_ <= uid;
    held.uid = last_ = uid;
    return held.item;
  }
  /// Calls `visit(uid, item)` for each.
  template <typename Visit>
  void for_each(Visit&& visit) {
    if (in_order_) {
      for (std::size_t i = 0; i < size_; ++i) visit(items_[i].uid, items_[i].item);
      return;
    }
    order_.clear();
    for (std::size_t i = 0; i < size_; ++i) order_.emplace_back(items_[i].uid, i);
    std::sort(order_.begin(), order_.end());
    for (const auto& [uid, i] : order_) visit(uid, items_[i].item);
  }
  void clear() {
    size_ = 0;
    last_ = 0;
    in_order_ = true;
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive.count(size_);
    archive(last_, in_order_);
    if (items_.size() < size_) items_.resize(size_);
    for (std::size_t i = 0; i < size_; ++i) archive(items_[i].uid, items_[i].item);
  }

  /// True if they came in the order in which they are visited.
  bool in_order() const { return in_order_; }
  std::size_t size() const { return size_; }

 private:
  struct Held {
    Uid uid = 0;
    Item item{};
  };

  std::vector<Held> items_;  ///< the first size_ are there
  std::size_t size_ = 0;
  Uid last_ = 0;
  bool in_order_ = true;
  std::vector<std::pair<Uid, std::size_t>> order_;
};

}  // namespace nandtlm
