// What a run says on the terminal when it is over.
#pragma once

#include <string>

#include "model/observe/metrics.h"
#include "testbench/run/run_outcome.h"

namespace nandtlm {

/// Figures, verdicts of the self-check, expectations and where the outputs are; several lines.
std::string summary_of(const PreparedRun& run, const Metrics& metrics, const RunOutcome& outcome);

}  // namespace nandtlm
