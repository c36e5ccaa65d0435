// Single keys of a device changed from outside of its file: by a run file or the command line.
#pragma once

#include <string>

#include "config/diagnostics.h"
#include "config/yaml_node.h"

namespace nandtlm {

/// Puts the YAML text `value` at the dotted `key` of `root`; makes the maps on the way. Keys that hold points
/// themselves ("READ.CORE_BUSY") are found as they are; a number picks an item of a list. A map that is put on a
/// whole section is merged into it key by key; everywhere else the value takes the place of the old one. What has
/// no place is reported; whether a new key is known is the reader's to say, and errors in the value name the override.
void apply_override(YamlNode& root, const std::string& key, const std::string& value, Diagnostics& out);

}  // namespace nandtlm
