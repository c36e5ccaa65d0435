// Everything that is planned and kept in a package with its scheduler, as text: two equal texts, two equal states.
#pragma once

#include <string>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {

/// Records of ops, timelines, stacks, backlogs, flags, and the buses as a status read meets them.
std::string state_text(SchedulerBench& bench);

}  // namespace nandtlm::test
