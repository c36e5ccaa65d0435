// The linear byte address of a page: how tlm_generic_payload::address names a die, block, page and column.
#pragma once

#include <cstdint>

#include "tlm/types.h"

namespace nandtlm {

/// Pages of a package laid end to end: die, then block, then page; a page is page_bytes + spare_bytes long.
struct RowAddress {
  std::uint32_t die = 0;
  std::uint32_t block = 0;
  std::uint32_t page = 0;
  std::uint32_t column = 0;
};

/// Conversions for one geometry. All counts at least 1.
struct AddressMap {
  std::uint32_t dies = 1;
  std::uint32_t blocks_per_die = 1;
  std::uint32_t pages_per_block = 1;
  std::uint32_t page_total_bytes = 1;

  std::uint64_t to_byte_address(const RowAddress& row) const {
    const std::uint64_t pages = (std::uint64_t{row.die} * blocks_per_die + row.block) * pages_per_block + row.page;
    return pages * page_total_bytes + row.column;
  }
  /// False where the address is beyond the last page.
  bool from_byte_address(std::uint64_t address, RowAddress& row) const {
    row.column = static_cast<std::uint32_t>(address % page_total_bytes);
    const std::uint64_t page_index = address / page_total_bytes;
    row.page = static_cast<std::uint32_t>(page_index % pages_per_block);
    const std::uint64_t block_index = page_index / pages_per_block;
    row.block = static_cast<std::uint32_t>(block_index % blocks_per_die);
    const std::uint64_t die = block_index / blocks_per_die;
    if (die >= dies) return false;
    row.die = static_cast<std::uint32_t>(die);
    return true;
  }
};

}  // namespace nandtlm
