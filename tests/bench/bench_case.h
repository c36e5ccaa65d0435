// One benchmark case: run in a process of its own, because a process elaborates once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tests/bench/read_load.h"

namespace nandtlm::bench {

/// What a case measured. Times are those of the simulation alone, until its outputs are written: without
/// loading and elaboration.
struct Figures {
  double ops = 0;
  double seconds = 0;
  double peak_memory_mib = 0;
  bool ok = true;  ///< nothing was refused and the self-check passed

  double ops_per_s() const { return seconds > 0 ? ops / seconds : 0; }
};

enum class Tracing : std::uint8_t { Off, Csv, CsvAndVcd };

struct ModelCase {
  std::uint32_t dies = 32;
  std::uint64_t ops = 0;
  Tracing tracing = Tracing::Off;
};

/// Reads on one die with an erase suspended, `standing` beside them.
struct StandingCase {
  std::uint64_t reads = 0;
  StandingWork standing;
};

Figures run_bare(std::uint64_t exchanges);
Figures run_model(const ModelCase& model_case);
Figures run_standing(const StandingCase& standing_case);

/// Runs `work` in a child process and returns what it measured; a child that dies gives Figures with ok == false.
Figures in_own_process(const std::function<Figures()>& work);

}  // namespace nandtlm::bench
