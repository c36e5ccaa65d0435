// What a listener remembers per live operation, found by OpInfo::slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nandtlm {

/// The record of `slot` (OpInfo::slot). The vector grows to the most operations that ever lived at once, no further.
template <typename Record>
Record& record_at(std::vector<Record>& records, std::uint32_t slot) {
  if (slot >= records.size()) records.resize(static_cast<std::size_t>(slot) + 1);
  return records[slot];
}

}  // namespace nandtlm
