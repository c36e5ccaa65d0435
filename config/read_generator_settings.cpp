#include "config/read_generator_settings.h"

#include <cmath>

namespace nandtlm {
namespace {

constexpr double kMaxWeight = 1e3;
constexpr double kUnitsPerOne = 1e9;
constexpr Range kCount{1, 1'000'000'000'000};

void read_mix(const YamlNode& node, GeneratorSettings& settings, Diagnostics& out) {
  MapReader map(node, "generator.mix", out);
  for (std::size_t i = 0; i < kOpClasses; ++i) {
    const char* key = name(static_cast<OpClass>(i));
    const YamlNode* share = map.find(key);
    if (share == nullptr) continue;
    settings.mix[i] = read_weight(*share, map.path_of(key), out).value_or(settings.mix[i]);
  }
  map.reject_unknown();
}

void read_number(MapReader& map, const char* key, std::uint64_t& value, Range range, Diagnostics& out) {
  if (const YamlNode* node = map.find(key)) value = read_count(*node, map.path_of(key), out, range).value_or(value);
}

void read_path(MapReader& map, const char* key, std::string& value, const PathReader& path) {
  if (const YamlNode* node = map.find(key)) value = path(*node, map.path_of(key));
}

}  // namespace

std::optional<std::uint64_t> read_weight(const YamlNode& node, const std::string& path, Diagnostics& out) {
  const std::optional<double> weight = read_real(node, path, out, 0, kMaxWeight);
  if (!weight) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(*weight * kUnitsPerOne));
}

void read_generator_settings(const YamlNode& node, const PathReader& path, GeneratorSettings& settings,
                             Diagnostics& out) {
  MapReader map(node, "generator", out);
  if (!map.is_map()) return;
  read_number(map, "ops", settings.ops, kCount, out);
  read_path(map, "weights", settings.weights_path, path);
  read_path(map, "export_weights", settings.export_path, path);
  bool bootstrap = false;
  if (map.read("bootstrap", bootstrap)) settings.bootstrap = bootstrap;
  map.read("drain", settings.drain);
  map.read("until_covered", settings.until_covered);
  map.read("max_backlog", settings.max_backlog, Range{0, 1'000'000});
  map.read_time("before_end_us", settings.before_end);
  map.read_time("after_end_us", settings.after_end);
  if (const YamlNode* mix = map.find("mix")) read_mix(*mix, settings, out);
  map.reject_unknown();
}

void read_suspend_policy_settings(const YamlNode& node, const PathReader& path, SuspendPolicySettings& settings,
                                  Diagnostics& out) {
  MapReader map(node, "suspend_policy", out);
  if (!map.is_map()) return;
  map.read("enabled", settings.enabled);
  map.read("compare", settings.compare);
  map.read_time("read_interval_us", settings.read_interval, 1);
  read_path(map, "trace", settings.trace_path, path);
  read_number(map, "reads", settings.reads, kCount, out);
  map.read_time("max_wait_us", settings.max_wait);
  map.read_time("min_remaining_us", settings.min_remaining);
  map.read_time("max_suspended_us", settings.max_suspended, 1);
  map.read("pages_per_erase", settings.erase_every, Range{1, 65536});
  map.reject_unknown();
}

}  // namespace nandtlm
