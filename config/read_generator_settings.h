// The sections `generator` and `suspend_policy` of a run file (docs/generator.md has the keys).
#pragma once

#include <functional>
#include <string>

#include "config/generator_settings.h"
#include "config/yaml_reader.h"

namespace nandtlm {

/// Turns the path of a node into one from where the program stands.
using PathReader = std::function<std::string(const YamlNode&, const std::string& key)>;

void read_generator_settings(const YamlNode& node, const PathReader& path, GeneratorSettings& settings,
                             Diagnostics& out);
void read_suspend_policy_settings(const YamlNode& node, const PathReader& path, SuspendPolicySettings& settings,
                                  Diagnostics& out);

/// A weight of 0 to 1000 in units of 1e-9; nothing where it is wrong, which is reported.
std::optional<std::uint64_t> read_weight(const YamlNode& node, const std::string& path, Diagnostics& out);

}  // namespace nandtlm
