// From a run file to everything that a run needs, checked; nothing is simulated or written yet.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/run_file.h"
#include "testbench/loaded_workload.h"
#include "testbench/run/run_options.h"

namespace nandtlm {

/// All that a run needs.
struct PreparedRun {
  RunFile settings;
  std::shared_ptr<const Device> device;
  LoadedWorkload workload;
};

struct Preparation {
  std::optional<PreparedRun> run;  ///< where there are no errors
  std::vector<ConfigError> errors;
  std::vector<ConfigError> warnings;
};

/// Loads the run file, its device and its workload (CFG-01, CFG-04). A workload named *.csv is a recorded sequence,
/// every other a scenario, but for those of the generator (config/run_file.h). Errors of a file that another depends on
/// hide those of the other: without a device no workload can be judged.
Preparation prepare_run(const RunOptions& options);

}  // namespace nandtlm
