// The sequences of a device file: `op_bases.*.sequence` and `generate_seq_rules`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/generation.h"

namespace nandtlm {

/// [base]: how an op of that base goes on.
std::vector<std::vector<SequenceChoice>> read_sequences(const YamlNode& tree, const Device& device, Diagnostics& out);

/// Upper and lower case are the same (CFG-02).
std::optional<BaseId> find_base_of_any_case(const Device& device, const std::string& name);

}  // namespace nandtlm
