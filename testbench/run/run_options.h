// What a user asks of a run, on top of its run file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// A run as asked for on the command line.
struct RunOptions {
  std::string run_file;
  std::vector<std::pair<std::string, std::string>> sets;  ///< `--set key=value`
  std::optional<std::string> out_dir;                     ///< `--out`
  bool lenient = false;                                   ///< `--lenient`; the run file can ask for it too
  std::uint64_t runs = 1;                                 ///< `--runs`: so many, each going on where the last ended
  std::optional<Time> snapshot_at{};                      ///< `--snapshot-at`, ps, above 0
  std::optional<std::string> restore{};                   ///< `--restore`: a snapshot
};

}  // namespace nandtlm
