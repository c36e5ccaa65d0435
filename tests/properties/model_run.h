// One sequence played by the model, told in the reference's language.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/device.h"
#include "tests/reference/story.h"

namespace nandtlm::test {

struct ModelRun {
  reference::Story story;
  std::vector<std::string> faults;  ///< lines of the self-check that fail (MET-02), breaches of the base protocol
};

/// In a kernel of its own, until `horizon`.
ModelRun play_in_model(const std::shared_ptr<const Device>& device, const std::vector<reference::Proposal>& proposals,
                       Time horizon);

}  // namespace nandtlm::test
