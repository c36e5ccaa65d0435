// The steps of a scenario.
#pragma once

#include "testbench/scenario/read_values.h"

namespace nandtlm {

/// Loops inside loops at most.
inline constexpr std::size_t kMaxLoopDepth = 4;

/// A list of steps and everything in it. Names are noted in `context`, not yet looked up.
Body read_body(const YamlNode& node, const std::string& path, ScenarioContext& context);

}  // namespace nandtlm
