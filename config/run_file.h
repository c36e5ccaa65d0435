// A run: which device, which workload, which seed, which outputs (CFG-01).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config_error.h"
#include "config/device_loader.h"
#include "config/generator_settings.h"
#include "tlm/types.h"

namespace nandtlm {

struct RunOutputs {
  bool csv = true;
  bool vcd = true;
};

/// What drives a run: a file (scenario or recorded sequence), or one of the built-in generators.
enum class WorkloadKind : std::uint8_t { File, Random, SuspendPolicy };

struct RunFile {
  std::string device_path;
  WorkloadKind workload_kind = WorkloadKind::File;
  std::string workload_path;  ///< of a file; else the word that stands for the generator
  std::uint64_t seed = 1;
  std::string out_dir = "out";
  RunOutputs outputs;
  std::optional<Time> run_until;  ///< GEN-05: nothing is proposed from then on
  LoadOptions device_options;     ///< `lenient` and `overrides`, for load_device()
  GeneratorSettings generator;    ///< of `workload: random`
  SuspendPolicySettings policy;   ///< of `workload: suspend_policy`
};

struct LoadedRunFile {
  std::optional<RunFile> run;  ///< where there are no errors
  std::vector<ConfigError> errors;
};

/// Reads a run file and puts `sets` (from `--set key=value`) over it: a key that begins with a key of run files is one,
/// every other is an override of the device. Paths in the file start at its folder, paths in `sets` where the program
/// was started. An empty `path` stands for an empty file: then `sets` must give what is required. Errors as CFG-04.
LoadedRunFile load_run_file(const std::string& path, const std::vector<std::pair<std::string, std::string>>& sets = {});

}  // namespace nandtlm
