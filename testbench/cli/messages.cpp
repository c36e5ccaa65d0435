#include "testbench/cli/messages.h"

#include <fmt/format.h>

#include <cstdio>

namespace nandtlm {

void print_messages(const std::vector<ConfigError>& errors, const std::vector<ConfigError>& warnings) {
  for (const ConfigError& warning : warnings) fmt::print(stderr, "warning: {}\n", warning.text());
  for (const ConfigError& error : errors) fmt::print(stderr, "{}\n", error.text());
}

}  // namespace nandtlm
