// Walks through a scenario as it will be played, every round of every loop, before anything is simulated.
#pragma once

#include "config/device.h"
#include "testbench/scenario/scenario.h"

namespace nandtlm {

/// Reports addresses beyond the topology, times that go back, numbers that have no value and what cannot be expected of
/// an op. At most one error for each place of the file, in the first round in which it shows. Returns the number of
/// steps that the player will come to.
std::uint64_t check_scenario(const Body& body, const Device& device, Diagnostics& out);

}  // namespace nandtlm
