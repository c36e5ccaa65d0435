// What a sink remembers per live operation, found by OpInfo::slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nandtlm {

/// A vector that grows with the slots it meets: as long as the most operations that ever lived at once.
template <typename T>
class SlotTable {
 public:
  T& operator[](std::uint32_t slot) {
    if (slot >= items_.size()) items_.resize(static_cast<std::size_t>(slot) + 1);
    return items_[slot];
  }

 private:
  std::vector<T> items_;
};

}  // namespace nandtlm
