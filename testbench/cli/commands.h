// What the subcommands do.
#pragma once

namespace nandtlm {

/// Carries out a command line and returns the exit status. Never throws.
int run_command_line(int argc, const char* const* argv);

}  // namespace nandtlm
