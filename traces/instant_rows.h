// Rows of single moments, ordered by time, then uid (OUT-00).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// Holds back the rows of one instant, because a row with a smaller uid may still come: they leave when time goes on.
template <typename Row>
class InstantRows {
 public:
  /// A new row of `time`, to be filled in place: until then it is that of some row before. Rows of an earlier instant
  /// are passed to `write(time, uid, row)` first. Precondition: `time` is not before that of any earlier row.
  template <typename Write>
  Row& add(Time time, Uid uid, Write&& write) {
    if (time != time_) {
      drain(write);
      time_ = time;
    }
    if (size_ == rows_.size()) rows_.resize(size_ == 0 ? 16 : 2 * size_);
    Held& held = rows_[size_++];
    in_order_ = in_order_ && last_ <= uid;
    held.uid = last_ = uid;
    return held.row;
  }
  /// Passes all rows to `write(time, uid, row)`, in the order of their uids, then of their adding.
  template <typename Write>
  void drain(Write&& write) {
    if (in_order_) {
      for (std::size_t i = 0; i < size_; ++i) write(time_, rows_[i].uid, rows_[i].row);
    } else {
      order_.clear();
      for (std::size_t i = 0; i < size_; ++i) order_.emplace_back(rows_[i].uid, i);
      std::sort(order_.begin(), order_.end());
      for (const auto& [uid, i] : order_) write(time_, uid, rows_[i].row);
    }
    size_ = 0;
    last_ = 0;
    in_order_ = true;
  }

  /// Rows held back.
  std::size_t size() const { return size_; }

 private:
  struct Held {
    Uid uid = 0;
    Row row{};
  };

  std::vector<Held> rows_;  ///< the first size_ are held
  std::size_t size_ = 0;
  Time time_ = 0;
  Uid last_ = 0;
  bool in_order_ = true;
  std::vector<std::pair<Uid, std::size_t>> order_;
};

}  // namespace nandtlm
