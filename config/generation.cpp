#include "config/generation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/read_generator_settings.h"
#include "config/sequence_sections.h"
#include "config/yaml_reader.h"

namespace nandtlm {
namespace {

constexpr double kPpm = 1e6;

/// "READ.CORE_BUSY" to its phase.
std::optional<std::uint32_t> read_phase(const YamlEntry& entry, const std::string& path, const Device& device,
                                        Diagnostics& out) {
  if (equal_ignoring_case(entry.key, "DEFAULT")) return default_phase(device);
  const std::size_t point = entry.key.rfind('.');
  const std::string state = point == std::string::npos ? "" : entry.key.substr(point + 1);
  const std::optional<BaseId> base = find_base_of_any_case(device, entry.key.substr(0, point));
  for (std::uint32_t phase = 0; base && phase < kPhasesPerBase; ++phase) {
    const std::uint32_t number = phase_number(*base, phase);
    const std::string known = phase_name(number, device);
    if (equal_ignoring_case(known.substr(known.rfind('.') + 1), state)) return number;
  }
  out.error(entry.key_mark, path,
            fmt::format("'{}' is no op state, expected BASE.STATE, BASE.END, DEFAULT or 'global'", entry.key));
  return std::nullopt;
}

/// A name of an op is exact; of a base, upper and lower case are the same.
std::optional<WeightEntry> read_entry(const YamlEntry& entry, const std::string& path, const Device& device,
                                      Diagnostics& out) {
  WeightEntry result;
  result.mark = entry.key_mark;
  result.key = join_path(path, entry.key);
  result.op = device.find_op(entry.key);
  if (!result.op) result.base = find_base_of_any_case(device, entry.key);
  const std::optional<std::uint64_t> weight = read_weight(entry.value, result.key, out);
  if (!result.op && !result.base) {
    out.error(entry.key_mark, result.key,
              fmt::format("'{}' is unknown, expected the name of an op or a base", entry.key));
    return std::nullopt;
  }
  if (!weight) return std::nullopt;
  result.weight = *weight;
  return result;
}

class GenerationReader {
 public:
  GenerationReader(const YamlNode& tree, const Device& device, Diagnostics& out)
      : tree_(tree), device_(device), out_(out) {}

  Generation read() {
    read_policies();
    read_features();
    if (const YamlNode* node = section("phase_conditional")) {
      result_.phase_conditional = read_state_weights(*node, "phase_conditional", device_, out_);
    }
    if (const YamlNode* node = section("phase_conditional_overrides")) {
      result_.overrides = read_state_weights(*node, "phase_conditional_overrides", device_, out_);
    }
    if (const YamlNode* node = section("bootstrap")) read_bootstrap(*node);
    result_.sequences = read_sequences(tree_, device_, out_);
    return std::move(result_);
  }

 private:
  const YamlNode* section(const char* key) const {
    const YamlNode* node = tree_.find(key);
    return node == nullptr || node->is_null() ? nullptr : node;
  }

  void read_policies() {
    const YamlNode* policies = section("policies");
    if (policies == nullptr) return;
    read_limit(*policies, "maxtry_candidate", result_.max_tries);
    read_limit(*policies, "maxloop_seq", result_.max_loop);
    read_limit(*policies, "maxplanes", result_.max_planes);
    if (const YamlNode* split = policies->find("split_dout_per_plane")) {
      result_.split_data_out = read_bool(*split, "policies.split_dout_per_plane", out_).value_or(true);
    }
  }

  void read_limit(const YamlNode& policies, const char* key, std::uint32_t& value) {
    const YamlNode* node = policies.find(key);
    if (node == nullptr) return;
    const auto count = read_count(*node, join_path("policies", key), out_, Range{1, 1'000'000});
    value = static_cast<std::uint32_t>(count.value_or(value));
  }

  void read_features() {
    const YamlNode* features = section("features");
    if (features == nullptr) return;
    const auto read_flag = [&](const char* key, bool& flag) {
      if (const YamlNode* node = features->find(key)) flag = read_bool(*node, key, out_).value_or(flag);
    };
    read_flag("uniform_subseq_sampling", result_.uniform_names);
    read_flag("skip_delay_in_proposal", result_.skip_delay);
  }

  void read_bootstrap(const YamlNode& node) {
    BootstrapSettings& bootstrap = result_.bootstrap;
    if (const YamlNode* enabled = node.find("enabled")) {
      bootstrap.enabled = read_bool(*enabled, "bootstrap.enabled", out_).value_or(false);
    }
    const auto numbers = [&](const char* key) {
      const YamlNode* map = node.find(key);
      return map == nullptr || !map->is_map() ? nullptr : map;
    };
    if (const YamlNode* thresholds = numbers("thresholds")) {
      read_volume(*thresholds, "erase_volume", bootstrap.erase_volume, 1);
      read_volume(*thresholds, "program_volume", bootstrap.program_volume, 1);
      read_volume(*thresholds, "read_coverage", bootstrap.read_coverage_ppm, kPpm);
    }
    if (const YamlNode* minimums = numbers("minimums")) read_volume(*minimums, "read_volume", bootstrap.read_volume, 1);
    if (const YamlNode* weights = numbers("celltype_weights")) read_celltype_weights(*weights);
  }

  void read_volume(const YamlNode& map, const char* key, std::uint64_t& value, double unit) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    const double highest = unit == 1 ? 1e12 : 1;
    const auto number = read_real(*node, join_path("bootstrap", key), out_, 0, highest);
    if (number) value = static_cast<std::uint64_t>(std::llround(*number * unit));
  }

  void read_celltype_weights(const YamlNode& map) {
    result_.bootstrap.celltype_weights.assign(device_.celltypes.size(), 0);
    for (const YamlEntry& entry : map.entries) {
      const std::string path = join_path("bootstrap.celltype_weights", entry.key);
      const std::optional<CellId> celltype = device_.find_celltype(entry.key);
      if (!celltype) {
        out_.error(entry.key_mark, path, fmt::format("'{}' is unknown, expected a cell type", entry.key));
      } else if (const auto weight = read_weight(entry.value, path, out_)) {
        result_.bootstrap.celltype_weights[index(*celltype)] = *weight;
      }
    }
  }

  const YamlNode& tree_;
  const Device& device_;
  Diagnostics& out_;
  Generation result_;
};

}  // namespace

std::string phase_name(std::uint32_t phase, const Device& device) {
  if (phase == default_phase(device)) return "DEFAULT";
  const BaseId base = BaseId(phase / kPhasesPerBase);
  const std::uint32_t state = phase % kPhasesPerBase;
  if (state == kEndPhase) return device.base(base).name + ".END";
  return device.state_key(base, static_cast<State>(state));
}

std::vector<StateWeights> read_state_weights(const YamlNode& node, const std::string& path, const Device& device,
                                             Diagnostics& out) {
  std::vector<StateWeights> result;
  if (!expect_map(node, path, out)) return result;
  for (const YamlEntry& state : node.entries) {
    const std::string state_path = join_path(path, state.key);
    StateWeights weights;
    if (!equal_ignoring_case(state.key, "global")) {
      const std::optional<std::uint32_t> phase = read_phase(state, state_path, device, out);
      if (!phase) continue;
      weights.phase = *phase;
    }
    if (!state.value.is_null() && expect_map(state.value, state_path, out)) {
      for (const YamlEntry& entry : state.value.entries) {
        if (auto read = read_entry(entry, state_path, device, out)) weights.entries.push_back(std::move(*read));
      }
    }
    result.push_back(std::move(weights));
  }
  return result;
}

Generation read_generation(const YamlNode& tree, const Device& device, Diagnostics& out) {
  return GenerationReader(tree, device, out).read();
}

}  // namespace nandtlm
