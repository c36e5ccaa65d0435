// A scenario file to a workload that plays it.
#pragma once

#include <memory>
#include <string>

#include "config/device.h"
#include "testbench/loaded_workload.h"

namespace nandtlm {

/// A scenario file to a workload that plays it, or everything that is wrong with the file. Never throws for anything in
/// it (CFG-04). docs/scenarios.md has the language.
LoadedWorkload load_scenario(const std::string& path, const std::shared_ptr<const Device>& device);
/// The same from a text; `file` is the name that errors and failed expectations show.
LoadedWorkload load_scenario_text(const std::string& text, const std::string& file,
                                  const std::shared_ptr<const Device>& device);

}  // namespace nandtlm
