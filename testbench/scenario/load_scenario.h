// A scenario file to a workload that plays it.
#pragma once

#include <memory>
#include <string>

#include "config/device.h"
#include "testbench/loaded_workload.h"
#include "testbench/scenario/scenario.h"

namespace nandtlm {

/// A scenario that was read and checked, or everything that is wrong with it.
struct ReadScenario {
  Scenario scenario;
  std::uint64_t steps = 0;  ///< that the player will come to, every round of the loops counted
  std::vector<ConfigError> errors;
};

/// Never throws for anything in the text; reports all errors of it (CFG-04). `file` is the name that errors show.
ReadScenario read_scenario_text(const std::string& text, const std::string& file, const Device& device);

/// Reads the file at `path`. docs/scenarios.md has the language.
LoadedWorkload load_scenario(const std::string& path, std::shared_ptr<const Device> device);

}  // namespace nandtlm
