#include "testbench/cli/commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "testbench/check/run_checker.h"
#include "testbench/cli/command_line.h"
#include "testbench/cli/config_command.h"
#include "testbench/cli/run_command.h"

namespace nandtlm {
namespace {

int dispatch(const CommandLine& line) {
  if (const auto* run = std::get_if<RunOptions>(&line.command)) return run_run(*run);
  if (const auto* config = std::get_if<ConfigOptions>(&line.command)) return run_config(*config);
  if (const auto* check = std::get_if<CheckOptions>(&line.command)) return print_report(check_run(check->folder));
  return line.exit_status;
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return dispatch(parse_command_line(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "nandtlm: error: {}\n", error.what());
    return kExitFailed;
  }
}

}  // namespace nandtlm
