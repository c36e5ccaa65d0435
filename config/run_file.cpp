#include "config/run_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "config/overrides.h"
#include "config/read_generator_settings.h"
#include "config/yaml_parse.h"
#include "config/yaml_reader.h"

namespace nandtlm {
namespace {

constexpr std::array<std::string_view, 10> kRunKeys = {"device",       "workload", "seed",      "out",
                                                       "outputs",      "lenient",  "generator", "suspend_policy",
                                                       "run_until_us", "overrides"};
constexpr std::string_view kOverrides = "overrides.";

bool is_run_key(const std::string& key) {
  const std::string_view first = std::string_view(key).substr(0, key.find('.'));
  return std::find(kRunKeys.begin(), kRunKeys.end(), first) != kRunKeys.end();
}

class RunReader {
 public:
  RunReader(const YamlNode& root, std::string folder, Diagnostics& out)
      : map_(root, "", out), folder_(std::move(folder)), out_(out) {}

  RunFile read() {
    if (!map_.is_map()) return run_;
    read_path("device", run_.device_path, true);
    read_workload();
    read_path("out", run_.out_dir, false);
    if (const YamlNode* seed = map_.find("seed")) run_.seed = read_count(*seed, "seed", out_, {}).value_or(run_.seed);
    map_.read("lenient", run_.device_options.lenient);
    Time until = 0;
    if (map_.read_time("run_until_us", until)) run_.run_until = until;
    if (const YamlNode* outputs = map_.find("outputs")) read_outputs(*outputs);
    if (const YamlNode* overrides = map_.find("overrides")) read_overrides(*overrides);
    read_generators();
    map_.reject_unknown();
    return run_;
  }

 private:
  /// The words `random` and `suspend_policy` stand for the generators; a file of such a name is `./random`.
  void read_workload() {
    const YamlNode* node = map_.require("workload");
    if (node == nullptr) return;
    if (node->is_scalar() && (node->text == "random" || node->text == "suspend_policy")) {
      run_.workload_kind = node->text == "random" ? WorkloadKind::Random : WorkloadKind::SuspendPolicy;
      run_.workload_path = node->text;
      return;
    }
    read_path("workload", run_.workload_path, true);
  }

  void read_generators() {
    const PathReader path = [this](const YamlNode& node, const std::string& key) {
      const std::optional<std::string> text = read_text(node, key, out_);
      if (!text) return std::string();
      return node.mark.source == 0 ? in_folder(*text) : *text;
    };
    if (const YamlNode* generator = section_of("generator", WorkloadKind::Random)) {
      read_generator_settings(*generator, path, run_.generator, out_);
    }
    if (const YamlNode* policy = section_of("suspend_policy", WorkloadKind::SuspendPolicy)) {
      read_suspend_policy_settings(*policy, path, run_.policy, out_);
    }
  }

  /// The section of a generator; one that this run does not use is an error, not dead text.
  const YamlNode* section_of(const char* key, WorkloadKind kind) {
    const YamlNode* node = map_.find(key);
    if (node == nullptr || node->is_null()) return nullptr;
    if (run_.workload_kind == kind) return node;
    const char* word = kind == WorkloadKind::Random ? "random" : "suspend_policy";
    out_.error(node->mark, key, std::string("belongs to another workload, expected 'workload: ") + word + "'");
    return nullptr;
  }

  void read_path(const char* key, std::string& path, bool required) {
    const YamlNode* node = required ? map_.require(key) : map_.find(key);
    if (node == nullptr) {
      path = path.empty() ? path : in_folder(path);
      return;
    }
    const std::optional<std::string> text = read_text(*node, key, out_);
    if (!text) return;
    const bool from_file = node->mark.source == 0;
    path = from_file ? in_folder(*text) : *text;
  }

  std::string in_folder(const std::string& path) const {
    return (std::filesystem::path(folder_) / path).lexically_normal().string();
  }

  void read_outputs(const YamlNode& node) {
    MapReader outputs(node, "outputs", out_);
    outputs.read("csv", run_.outputs.csv);
    outputs.read("vcd", run_.outputs.vcd);
    bool data = true;
    if (outputs.read("data", data)) {
      run_.device_options.overrides.emplace_back("policies.store_data", data ? "true" : "false");
    }
    outputs.reject_unknown();
  }

  void read_overrides(const YamlNode& node) {
    if (node.is_null() || !expect_map(node, "overrides", out_)) return;
    for (const YamlEntry& entry : node.entries) {
      run_.device_options.overrides.emplace_back(entry.key, to_yaml_line(entry.value));
    }
  }

  MapReader map_;
  std::string folder_;
  Diagnostics& out_;
  RunFile run_;
};

std::optional<YamlNode> read_root(const std::string& path, Diagnostics& out) {
  const std::uint32_t source = out.add_source(path.empty() ? "(command line)" : path);
  if (!path.empty()) {
    const std::optional<std::string> text = read_text_file(path, source, out);
    return text ? parse_yaml(*text, source, out) : std::nullopt;
  }
  YamlNode root;
  root.kind = YamlNode::Kind::Map;
  return root;
}

}  // namespace

LoadedRunFile load_run_file(const std::string& path, const std::vector<std::pair<std::string, std::string>>& sets) {
  Diagnostics out;
  std::optional<YamlNode> root = read_root(path, out);
  if (!root) return {std::nullopt, out.errors()};
  std::vector<std::pair<std::string, std::string>> device_sets;
  for (const auto& [key, value] : sets) {
    if (key.compare(0, kOverrides.size(), kOverrides) == 0) {
      device_sets.emplace_back(key.substr(kOverrides.size()), value);
    } else if (!is_run_key(key)) {
      device_sets.emplace_back(key, value);
    } else if (root->is_map()) {
      apply_override(*root, key, value, out);
    }
  }
  RunFile run = RunReader(*root, std::filesystem::path(path).parent_path().string(), out).read();
  auto& overrides = run.device_options.overrides;
  overrides.insert(overrides.end(), device_sets.begin(), device_sets.end());
  if (!out.ok()) return {std::nullopt, out.errors()};
  return {std::move(run), {}};
}

}  // namespace nandtlm
