// What a user asks of a run, on top of its run file.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nandtlm {

/// A run as asked for on the command line.
struct RunOptions {
  std::string run_file;
  std::vector<std::pair<std::string, std::string>> sets;  ///< `--set key=value`
  std::optional<std::string> out_dir;                     ///< `--out`
  bool lenient = false;                                   ///< `--lenient`; the run file can ask for it too
};

}  // namespace nandtlm
