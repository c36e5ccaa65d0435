// `nandtlm config FILE`: is it right, and what does it say in all?
#pragma once

#include "testbench/cli/command_line.h"

namespace nandtlm {

/// Checks a device file, or a run file together with its device and workload. Returns the exit status.
int run_config(const ConfigOptions& options);

}  // namespace nandtlm
