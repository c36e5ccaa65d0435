// A sequence as a scenario file (docs/scenarios.md), with what the reference expects of every request.
#pragma once

#include <string>

#include "tests/properties/sequence.h"

namespace nandtlm::test {

std::string scenario_text(const Sequence& sequence);

}  // namespace nandtlm::test
