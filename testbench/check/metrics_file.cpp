#include "testbench/check/metrics_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace nandtlm::check {
namespace {

void collect(const nlohmann::json& node, const std::string& path, std::map<std::string, std::int64_t>& out) {
  if (node.is_number_integer()) out[path] = node.get<std::int64_t>();
  if (!node.is_object()) return;
  const std::string prefix = path.empty() ? path : path + ".";
  for (const auto& [key, child] : node.items()) {
    std::string child_path = prefix;
    collect(child, child_path.append(key), out);
  }
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::optional<MetricsFile> MetricsFile::read(const std::string& path, std::string& error) {
  std::ifstream file(path);
  const nlohmann::json root = nlohmann::json::parse(file, nullptr, false);
  if (!root.is_object()) {
    error = "metrics.json: not a JSON object";
    return std::nullopt;
  }
  MetricsFile metrics;
  collect(root, "", metrics.numbers_);
  return metrics;
}

std::optional<std::int64_t> MetricsFile::number(const std::string& path) const {
  const auto exact = numbers_.find(path);
  if (exact != numbers_.end()) return exact->second;
  std::optional<std::int64_t> found;
  for (const auto& [key, value] : numbers_) {
    if (!ends_with(key, "." + path)) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

}  // namespace nandtlm::check
