// Initial bad blocks: a `die,block` CSV (EPR-01).
#pragma once

#include <string>
#include <vector>

#include "config/config_error.h"
#include "config/device.h"

namespace nandtlm {

struct BadBlockList {
  std::vector<BadBlock> blocks;  ///< ascending by die and block, each once
  std::vector<ConfigError> errors;
};

/// Reads a file of lines `die,block`; a first line "die,block" and empty lines are passed over. A line that is no pair
/// of numbers, beyond the topology or there before is an error with its position.
BadBlockList load_bad_blocks(const std::string& path, const Topology& topology);

}  // namespace nandtlm
