#include "config/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nandtlm {
namespace {

void mismatch(const YamlNode& node, const std::string& path, Diagnostics& out, std::string_view expected) {
  out.error(node.mark, path, fmt::format("found {}, expected {}", describe(node), expected));
}

// Numbers and bools stand in plain text: in quotes they are text.
bool expect_plain(const YamlNode& node, const std::string& path, Diagnostics& out, std::string_view expected) {
  if (node.is_scalar() && !node.quoted) return true;
  if (node.is_scalar()) {
    out.error(node.mark, path, fmt::format("found the text {} in quotes, expected {}", describe(node), expected));
  } else {
    mismatch(node, path, out, expected);
  }
  return false;
}

template <typename T>
std::optional<T> accept(Parsed<T> parsed, const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (!parsed.value) out.error(node.mark, path, std::move(parsed.problem));
  return parsed.value;
}

}  // namespace

std::string join_path(const std::string& outer, std::string_view key) {
  return outer.empty() ? std::string(key) : fmt::format("{}.{}", outer, key);
}

bool expect_map(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (!node.is_map()) mismatch(node, path, out, "a map");
  return node.is_map();
}

bool expect_list(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (!node.is_list()) mismatch(node, path, out, "a list");
  return node.is_list();
}

std::optional<std::string> read_text(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (node.is_scalar() && !node.text.empty()) return node.text;
  mismatch(node, path, out, "a text");
  return std::nullopt;
}

std::optional<std::string> read_name(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (node.is_scalar() && is_name(node.text)) return node.text;
  mismatch(node, path, out, "a name of letters, digits, '_', '.' and '-'");
  return std::nullopt;
}

std::optional<bool> read_bool(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (!expect_plain(node, path, out, "true or false")) return std::nullopt;
  return accept(parse_bool(node.text), node, path, out);
}

std::optional<std::uint64_t> read_count(const YamlNode& node, const std::string& path, Diagnostics& out, Range range) {
  if (!expect_plain(node, path, out, "a whole number")) return std::nullopt;
  return accept(parse_count(node.text, range), node, path, out);
}

std::optional<double> read_real(const YamlNode& node, const std::string& path, Diagnostics& out, double min,
                                double max) {
  if (!expect_plain(node, path, out, "a number")) return std::nullopt;
  return accept(parse_real(node.text, min, max), node, path, out);
}

std::optional<Time> read_duration(const YamlNode& node, const std::string& path, Diagnostics& out, Time min) {
  if (!node.is_scalar()) {
    mismatch(node, path, out, "a duration in us");
    return std::nullopt;
  }
  const std::optional<Time> time = accept(parse_duration(node.text), node, path, out);
  if (!time || *time >= min) return time;
  out.error(node.mark, path, fmt::format("{} is too short, expected at least {} us", describe(node), us_text(min)));
  return std::nullopt;
}

void unknown_word(const YamlNode& node, const std::string& path, Diagnostics& out,
                  const std::vector<std::string_view>& words) {
  mismatch(node, path, out, fmt::format("one of {}", fmt::join(words, ", ")));
}

MapReader::MapReader(const YamlNode& node, std::string path, Diagnostics& out)
    : node_(&node), path_(std::move(path)), out_(out), is_map_(expect_map(node, path_, out)) {
  if (!is_map_) node_ = &empty_map();
}

const YamlNode& MapReader::empty_map() {
  static const YamlNode kEmpty = [] {
    YamlNode node;
    node.kind = YamlNode::Kind::Map;
    return node;
  }();
  return kEmpty;
}

const YamlNode* MapReader::find(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return node_->find(key);
}

const YamlNode* MapReader::require(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr && is_map_) {
    out_.error(node_->mark, path_of(key), "the key is missing, expected it in this map");
  }
  return value;
}

bool MapReader::read(std::string_view key, bool& value) {
  const YamlNode* node = find(key);
  if (node == nullptr) return false;
  const std::optional<bool> found = read_bool(*node, path_of(key), out_);
  value = found.value_or(value);
  return found.has_value();
}

bool MapReader::read(std::string_view key, std::uint32_t& value, Range range) {
  const YamlNode* node = find(key);
  if (node == nullptr) return false;
  range.max = std::min<std::uint64_t>(range.max, std::numeric_limits<std::uint32_t>::max());
  const std::optional<std::uint64_t> found = read_count(*node, path_of(key), out_, range);
  value = static_cast<std::uint32_t>(found.value_or(value));
  return found.has_value();
}

bool MapReader::read_time(std::string_view key, Time& value, Time min) {
  const YamlNode* node = find(key);
  if (node == nullptr) return false;
  const std::optional<Time> found = read_duration(*node, path_of(key), out_, min);
  value = found.value_or(value);
  return found.has_value();
}

void MapReader::reject_unknown() {
  for (const YamlEntry& entry : node_->entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key) != asked_.end()) continue;
    out_.error(entry.key_mark, path_of(entry.key),
               fmt::format("unknown key, expected one of {}", fmt::join(asked_, ", ")));
  }
}

}  // namespace nandtlm
