// From a run file with a generator to its workload.
#pragma once

#include <memory>

#include "config/device_loader.h"
#include "config/run_file.h"
#include "testbench/loaded_workload.h"

namespace nandtlm {

/// `workload: random`: reads the generator sections of the device file and the weights, checks them (CFG-04). `text` is
/// that of `device`.
LoadedWorkload load_random(const RunFile& run, const std::shared_ptr<const Device>& device, const DeviceText& text);

/// `workload: suspend_policy`: finds the ops that it needs, reads the trace of arrivals.
LoadedWorkload load_suspend_policy(const RunFile& run, const std::shared_ptr<const Device>& device);

}  // namespace nandtlm
