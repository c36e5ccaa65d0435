// The command line as data.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "testbench/run/run_options.h"

namespace nandtlm {

/// Of the build: CMake's project version.
inline constexpr const char* kVersion = NANDTLM_VERSION;

/// What the process returns.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;    ///< the run failed, was interrupted or could not be written
inline constexpr int kExitBadInput = 2;  ///< wrong command line or files; nothing was simulated

/// `nandtlm config FILE`.
struct ConfigOptions {
  std::string file;
  bool print = false;
  bool lenient = false;
};

/// `nandtlm check DIR`.
struct CheckOptions {
  std::string folder;
};

struct CommandLine {
  /// Nothing where there is nothing to do: help was printed, or an error.
  std::variant<std::monostate, RunOptions, ConfigOptions, CheckOptions> command;
  int exit_status = kExitOk;  ///< where there is nothing to do
};

/// Prints help and the version to stdout, errors to stderr in one line.
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace nandtlm
