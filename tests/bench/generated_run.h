// A generated run as a user has it: the example's run file, with its device, weights and outputs.
#pragma once

#include "tests/bench/bench_case.h"

namespace nandtlm::bench {

/// config/runs/random.yaml until so many ops are accepted and finished.
struct GeneratedCase {
  std::uint32_t dies = 4;  ///< on one channel
  std::uint64_t ops = 0;
  Tracing tracing = Tracing::Csv;
};

Figures run_generated(const GeneratedCase& generated_case);

}  // namespace nandtlm::bench
