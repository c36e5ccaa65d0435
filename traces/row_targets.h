// The targets of a row that waits to be written.
#pragma once

#include <array>
#include <cstddef>

#include "tlm/types.h"

namespace nandtlm {

/// A copy of a TargetList that touches the targets there are only: most ops have one.
class RowTargets {
 public:
  RowTargets& operator=(const TargetList& targets) {
    size_ = targets.size();
    for (std::size_t i = 0; i < size_; ++i) items_[i] = targets[i];
    return *this;
  }

  bool empty() const { return size_ == 0; }
  const Target* begin() const { return items_.data(); }
  const Target* end() const { return items_.data() + size_; }

 private:
  std::size_t size_ = 0;
  std::array<Target, kMaxPlanes> items_;
};

}  // namespace nandtlm
