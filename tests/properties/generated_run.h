// One generated run with all that judges it: its self-check, `nandtlm check`, and what the reference needs to know of
// it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/generation.h"
#include "tests/reference/story.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {

/// A device, and what the generator reads of its file.
struct GeneratorDevice {
  std::shared_ptr<const Device> device;
  Generation generation;
};

/// Leniently: an op with a broken number is not there. Throws std::runtime_error where anything else is wrong.
GeneratorDevice load_generator_device(const std::string& path, const Overrides& overrides);

struct GeneratedRun {
  std::vector<reference::Proposal> proposals;  ///< in the order in which they were decided
  reference::Story story;
  std::vector<std::string> faults;    ///< of the self-check, the base protocol, `nandtlm check`
  std::vector<std::string> failures;  ///< what the workload says of itself
  Time horizon = 0;                   ///< until when it was played
  std::size_t ops = 0;                ///< accepted
};

/// Plays the run file in a kernel of its own; its CSV files go to `folder`.
GeneratedRun play_generated(const GeneratorDevice& device, const std::filesystem::path& run_file,
                            const std::filesystem::path& folder);

}  // namespace nandtlm::test
