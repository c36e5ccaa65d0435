// Errors and warnings about input files, one line each.
#pragma once

#include <vector>

#include "config/config_error.h"

namespace nandtlm {

/// To stderr: `file:line:column: ...`, warnings with "warning: " in front.
void print_messages(const std::vector<ConfigError>& errors, const std::vector<ConfigError>& warnings);

}  // namespace nandtlm
