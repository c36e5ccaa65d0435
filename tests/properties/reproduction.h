// Files that show to `nandtlm run` where model and reference differ.
#pragma once

#include <string>

#include "tests/properties/sequence.h"

namespace nandtlm::test {

/// Writes the device, the sequence as a scenario, and what both sides told; returns the folder.
std::string write_reproduction(const Sequence& sequence, const reference::Story& model);

}  // namespace nandtlm::test
