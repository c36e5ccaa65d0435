// Plays scenarios in the test's own process, with a protocol checker on every channel.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/device.h"
#include "testbench/loaded_workload.h"

namespace nandtlm::test {

/// What came of a scenario.
struct PlayedScenario {
  std::vector<std::string> failures;             ///< expectations that did not hold
  std::vector<std::string> protocol_violations;  ///< of the base protocol, all channels (TLM-02)
  std::vector<std::string> in_flight;            ///< transactions that never ended
  std::vector<std::string> self_check_faults;    ///< lines that are not PASS (MET-02)
  bool finished = false;                         ///< every step was proposed or looked at
  double progress = 0;
};

/// A file of config/devices; the test fails where it has errors.
std::shared_ptr<const Device> shipped_device(const std::string& name);

/// Elaborates a package, a scheduler and the workload in the current kernel, and runs until nothing more happens.
PlayedScenario play(const LoadedWorkload& workload, const std::shared_ptr<const Device>& device);
/// The same from a text; the file is called "s.yaml" in messages. The test fails where the text has errors.
PlayedScenario play_text(const std::string& text, const std::shared_ptr<const Device>& device);

}  // namespace nandtlm::test
