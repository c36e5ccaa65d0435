// A workload file that was read and checked: what the loaders of scenarios and replays hand to the run driver.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "config/config_error.h"
#include "testbench/workload.h"

namespace nandtlm {

/// With errors `make` is empty: nothing may be simulated (CFG-04).
struct LoadedWorkload {
  /// Makes the workload of a run; once per load, at elaboration. The package and the scheduler outlive it.
  std::function<std::unique_ptr<Workload>(sc_core::sc_module_name, Package&, Scheduler&)> make;
  /// Tells it from other workloads where there is no file that does: what it is made of. Costs something.
  std::function<std::string()> identity;
  /// Everything that is wrong with the file.
  std::vector<ConfigError> errors;
};

}  // namespace nandtlm
