// The addresses of a scenario.
#pragma once

#include "testbench/scenario/read_values.h"

namespace nandtlm {

/// The section `targets`: addresses by name.
void read_named_targets(const YamlNode& node, ScenarioContext& context);

/// `target:`, and `die:` and `page:` beside it, of one operation: a named target, a map, or a list of maps.
TargetSpec read_target(MapReader& op, const Mark& op_mark, ScenarioContext& context);

}  // namespace nandtlm
