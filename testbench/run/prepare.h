// From a run file to everything that a run needs, checked; nothing is simulated or written yet.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/run_file.h"
#include "testbench/loaded_workload.h"
#include "testbench/run/run_options.h"
#include "testbench/run/snapshot_file.h"

namespace nandtlm {

/// All that a run needs.
struct PreparedRun {
  RunFile settings;
  std::shared_ptr<const Device> device;
  LoadedWorkload workload;
  std::uint64_t runs = 1;                 ///< in a chain
  SnapshotIdentity identity;              ///< where a snapshot is taken or restored (SNP-02)
  std::optional<Time> snapshot_at;        ///< when one is taken
  std::optional<std::string> restored{};  ///< the state to go on from
};

struct Preparation {
  std::optional<PreparedRun> run;  ///< where there are no errors
  std::vector<ConfigError> errors;
  std::vector<ConfigError> warnings;
};

/// Loads the run file, its device and its workload (CFG-01, CFG-04). A workload named *.csv is a recorded sequence,
/// every other a scenario, but for those of the generator (config/run_file.h). Errors of a file that another depends on
/// hide those of the other: without a device no workload can be judged. A snapshot must be one of this run.
Preparation prepare_run(const RunOptions& options);

}  // namespace nandtlm
