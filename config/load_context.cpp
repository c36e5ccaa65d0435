#include "config/load_context.h"

#include <fmt/format.h>

#include <cctype>

namespace nandtlm {

bool NameTable::add(const std::string& name, std::size_t index) {
  return index_by_name_.emplace(upper(name), index).second;
}

std::optional<std::size_t> NameTable::find(const std::string& name) const {
  const auto found = index_by_name_.find(upper(name));
  if (found == index_by_name_.end()) return std::nullopt;
  return found->second;
}

void LatencyTable::read(const YamlNode& node, Diagnostics& out) {
  if (!expect_map(node, "latencies", out)) return;
  for (const YamlEntry& entry : node.entries) {
    const std::string path = join_path("latencies", entry.key);
    if (!is_name(entry.key) || std::isalpha(static_cast<unsigned char>(entry.key.front())) == 0) {
      out.error(entry.key_mark, path, "not a latency key, expected a name that begins with a letter");
      continue;
    }
    const bool is_new = time_by_key_.emplace(upper(entry.key), read_duration(entry.value, path, out)).second;
    if (!is_new) out.error(entry.key_mark, path, "differs from another key in case only, expected a name of its own");
  }
}

std::optional<Time> LatencyTable::duration(const YamlNode& node, const std::string& path, Diagnostics& out) const {
  const bool is_key =
      node.is_scalar() && !node.text.empty() && std::isalpha(static_cast<unsigned char>(node.text.front())) != 0;
  if (!is_key) return read_duration(node, path, out);
  const auto found = time_by_key_.find(upper(node.text));
  if (found != time_by_key_.end()) return found->second;
  out.error(node.mark, path,
            fmt::format("unknown latency {}, expected a duration in us or a key of 'latencies'", describe(node)));
  return std::nullopt;
}

std::optional<BaseId> LoadContext::base_of(const YamlNode& node, const std::string& path) {
  const std::optional<std::string> text = read_text(node, path, out);
  if (!text) return std::nullopt;
  const std::optional<std::size_t> found = bases.find(*text);
  if (found) return BaseId(*found);
  if (bases.empty()) return std::nullopt;
  out.error(node.mark, path, fmt::format("unknown base {}, expected a key of 'op_bases'", describe(node)));
  return std::nullopt;
}

std::optional<CellId> LoadContext::celltype_of(const YamlNode& node, const std::string& path) {
  const std::optional<std::string> text = read_text(node, path, out);
  if (!text) return std::nullopt;
  const std::optional<std::size_t> found = celltypes.find(*text);
  if (found) return CellId(*found);
  if (celltypes.empty()) return std::nullopt;
  out.error(node.mark, path, fmt::format("unknown cell type {}, expected one of 'celltypes'", describe(node)));
  return std::nullopt;
}

std::optional<BaseId> LoadContext::base_of_key(const YamlEntry& entry, const std::string& path) {
  const std::optional<std::size_t> found = bases.find(entry.key);
  if (found) return BaseId(*found);
  if (bases.empty()) return std::nullopt;
  out.error(entry.key_mark, path, fmt::format("unknown base '{}', expected a key of 'op_bases'", entry.key));
  return std::nullopt;
}

}  // namespace nandtlm
