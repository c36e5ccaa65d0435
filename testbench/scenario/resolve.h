// From names to steps, and what waits for what.
#pragma once

#include "testbench/scenario/read_values.h"

namespace nandtlm {

/// Finds the step of every reference; reports names that nothing has.
void resolve_references(Body& body, ScenarioContext& context);

/// Reports steps that wait for themselves, over other steps or alone. References must be resolved.
void reject_cycles(const Body& body, Diagnostics& out);

}  // namespace nandtlm
