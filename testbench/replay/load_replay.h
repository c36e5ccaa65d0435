// A recorded operation_sequence.csv to a workload that plays it again.
#pragma once

#include <memory>
#include <string>

#include "config/device.h"
#include "testbench/loaded_workload.h"

namespace nandtlm {

/// Reads and checks the file at `path`, see read_sequence(). docs/usage.md has the format.
LoadedWorkload load_replay(const std::string& path, const std::shared_ptr<const Device>& device);

}  // namespace nandtlm
