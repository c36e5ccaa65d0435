// What must stand before an op of a family, and what may stand behind it (EPR-02, EPR-04): written down, not asked for.
#pragma once

#include <string>
#include <vector>

#include "config/device.h"

namespace nandtlm::test {

/// Where an op of the chain goes, relative to the op in the middle.
struct ChainLink {
  OpId op{};
  std::int32_t page = 0;   ///< pages behind it
  std::int32_t group = 0;  ///< groups of blocks (one per plane) behind it
};

struct OpChain {
  OpId erase{};  ///< makes the blocks ready
  std::vector<ChainLink> before;
  std::vector<ChainLink> behind;  ///< two
};

/// The bases of both families that tlc_4plane.yaml has, in the order of its file.
const std::vector<std::string>& family_bases();
/// The first op of a base; `multi` and the cell type as given.
OpId find_op(const Device& device, const std::string& base, const std::string& celltype, bool multi);
OpChain chain_of(const Device& device, OpId op);

}  // namespace nandtlm::test
