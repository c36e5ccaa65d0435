// Text to tree. The only place that knows the YAML library.
#pragma once

#include <optional>
#include <string>

#include "config/diagnostics.h"
#include "config/yaml_node.h"

namespace nandtlm {

/// Files beyond this are refused unread: thirty times the largest device known, and what the YAML library can take in
/// seconds and bounded memory whatever it holds.
inline constexpr std::size_t kMaxYamlBytes = std::size_t{4} << 20;

/// Parses one document. Reports syntax errors, duplicate keys, keys that are no text, tags, a second document, too
/// deep nesting, bytes that are no text, and aliases that blow the tree up (CFG-04). std::nullopt where no
/// tree could be built; duplicates leave the first value in it.
std::optional<YamlNode> parse_yaml(const std::string& text, std::uint32_t source, Diagnostics& out);

/// Reads a regular file of at most kMaxYamlBytes; reports why it cannot.
std::optional<std::string> read_text_file(const std::string& path, std::uint32_t source, Diagnostics& out);

}  // namespace nandtlm
