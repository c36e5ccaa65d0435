// Carries out a prepared run: simulates it, writes its outputs, says what came of it.
#pragma once

#include <cstdint>

#include "testbench/run/prepare.h"

namespace nandtlm {

enum class RunResult : std::uint8_t {
  Passed,    ///< came to its end, passed its self-check (MET-02), met its expectations and wrote its outputs (OUT-03)
  Failed,    ///< or a signal ended it early, with complete outputs
  BadInput,  ///< the snapshot cannot be gone on from; nothing was simulated
};

/// The summary goes to stdout, errors to stderr, one line each.
RunResult execute_run(const PreparedRun& run);

}  // namespace nandtlm
