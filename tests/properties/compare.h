// Where two stories of one sequence differ.
#pragma once

#include <string>
#include <vector>

#include "tests/reference/story.h"

namespace nandtlm::test {

/// The first difference, with what stands around it; empty: they are the same to the picosecond. Finishes both.
std::string first_difference(const std::vector<reference::Proposal>& proposals, reference::Story& expected,
                             reference::Story& seen);

}  // namespace nandtlm::test
