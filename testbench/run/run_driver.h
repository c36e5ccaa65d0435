// Carries out a prepared run: simulates it, writes its outputs, says what came of it.
#pragma once

#include "testbench/run/prepare.h"

namespace nandtlm {

/// The summary goes to stdout, errors to stderr, one line each. True where the run came to its end, every line of its
/// self-check passed (MET-02), every expectation held and every output was written (OUT-03). A signal ends the run
/// early with complete outputs and false.
bool execute_run(const PreparedRun& run);

}  // namespace nandtlm
