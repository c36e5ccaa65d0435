// `nandtlm run RUNFILE`.
#pragma once

#include "testbench/run/run_options.h"

namespace nandtlm {

/// Loads, simulates, reports. Returns the exit status.
int run_run(const RunOptions& options);

}  // namespace nandtlm
