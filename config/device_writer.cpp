#include "config/device_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "config/base_effects.h"
#include "config/effects_yaml.h"
#include "config/scalars.h"
#include "config/yaml_node.h"

namespace nandtlm {
namespace {

class DeviceWriter {
 public:
  explicit DeviceWriter(const Device& device) : device_(device) {}

  std::string write() {
    line("name: {}", yaml_scalar(device_.name));
    write_topology();
    write_celltypes();
    write_policies();
    write_bases();
    write_whitelist();
    write_payloads();
    write_groups();
    write_exclusions();
    write_ops();
    write_constraints();
    write_bad_blocks();
    write_generator_sections();
    return std::move(text_);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  // What the loader kept verbatim under `<path>.<key>`.
  void write_kept(const std::string& path, std::size_t indent) {
    for (const auto& [key, text] : device_.generator_sections) {
      const std::size_t point = key.rfind('.');
      if (point == path.size() && key.compare(0, point, path) == 0) {
        text_ += yaml_entry(key.substr(point + 1), text, indent);
      }
    }
  }

  void write_topology() {
    const Topology& topology = device_.topology;
    line("\ntopology:\n  channels: {}\n  dies: {}\n  planes: {}", topology.channels, topology.dies, topology.planes);
    line("  blocks_per_die: {}\n  pages_per_block: {}", topology.blocks_per_die, topology.pages_per_block);
    line("  page_bytes: {}\n  spare_bytes: {}", topology.page_bytes, topology.spare_bytes);
  }

  void write_celltypes() {
    line("\ncelltypes:");
    for (const std::string& celltype : device_.celltypes) line("  - {}", celltype);
  }

  void write_policies() {
    const Policies& policies = device_.policies;
    line("\npolicies:\n  admission_window: {}", us_text(policies.admission_window));
    line("  queue_refill_period_us: {}", us_text(policies.queue_refill_period));
    line("  backlog_retry_delay_us: {}", us_text(policies.backlog_retry_delay));
    line("  min_progress_us: {}", us_text(policies.min_progress));
    line("  max_suspends_per_op: {}", policies.max_suspends_per_op);
    line("  sequence_gap: {}\n  store_data: {}", us_text(policies.sequence_gap), policies.store_data);
    write_kept("policies", 2);
  }

  void write_bases() {
    line("\nop_bases:");
    for (const OpBase& base : device_.bases) {
      line("  {}:\n    scope: {}", base.name, name(base.scope));
      line("    affect_state: {}\n    instant_resv: {}", base.affect_state, base.instant_resv);
      const bool family_by_name = family_from_name(base.name) == base.family;
      if (!family_by_name) line("    family: {}", name(base.family));
      const bool effects_by_name = same_effects(base.effects, effects_from_name(base.name, base.family));
      if (!effects_by_name) line("    effects: {}", effects_text(base.effects));
      write_kept("op_bases." + base.name, 4);
      line("    states:");
      for (const Step& step : base.steps) {
        line("      - {}:\n        bus: {}\n        duration: {}", name(step.state), step.bus, us_text(step.duration));
      }
    }
  }

  void write_whitelist() {
    line("\nprogram_base_whitelist:{}", any_program() ? "" : " []");
    for (const OpBase& base : device_.bases) {
      if (base.effects.commits_page()) line("  - {}", base.name);
    }
  }

  bool any_program() const {
    return std::any_of(device_.bases.begin(), device_.bases.end(),
                       [](const OpBase& base) { return base.effects.commits_page(); });
  }

  void write_payloads() {
    line("\npayload_by_op_base:");
    for (const OpBase& base : device_.bases) line("  {}: {}", base.name, payload_text(base.payload));
  }

  std::vector<std::string> names_of(const BaseSet& set) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < device_.bases.size(); ++i) {
      if (set[i]) names.push_back(device_.bases[i].name);
    }
    return names;
  }

  void write_groups() {
    if (device_.groups.empty()) return;
    line("\nexclusion_groups:");
    for (std::size_t i = 0; i < device_.groups.size(); ++i) {
      const std::vector<std::string> names = names_of(device_.groups[i]);
      line("  {}:{}", device_.group_names[i], names.empty() ? " []" : "");
      for (const std::string& base : names) line("    - {}", base);
    }
  }

  // A group of the same bases where there is one, else the bases.
  std::string set_text(const BaseSet& set) const {
    const auto group = std::find(device_.groups.begin(), device_.groups.end(), set);
    if (set.any() && group != device_.groups.end()) {
      return fmt::format("[{}]", device_.group_names[static_cast<std::size_t>(group - device_.groups.begin())]);
    }
    return fmt::format("[{}]", fmt::join(names_of(set), ", "));
  }

  void write_set(const std::string& key, const BaseSet& set) { line("  {}: {}", key, set_text(set)); }

  void write_op_states() {
    const Exclusions& tables = device_.exclusions;
    const auto any_in_base = [](const std::array<BaseSet, kStates>& states) {
      return std::any_of(states.begin(), states.end(), [](const BaseSet& set) { return set.any(); });
    };
    const bool any =
        std::any_of(tables.by_op_state.begin(), tables.by_op_state.end(), any_in_base) ||
        std::any_of(tables.by_end.begin(), tables.by_end.end(), [](const BaseSet& set) { return set.any(); });
    line("\nexclusions_by_op_state:{}", any ? "" : " {}");
    for (std::size_t i = 0; i < device_.bases.size(); ++i) {
      const std::string& base = device_.bases[i].name;
      for (std::size_t state = 0; state < kStates; ++state) {
        const BaseSet& set = tables.by_op_state[i][state];
        if (set.any()) write_set(fmt::format("{}.{}", base, name(static_cast<State>(state))), set);
      }
      if (tables.by_end[i].any()) write_set(base + ".END", tables.by_end[i]);
    }
  }

  void write_exclusions() {
    write_op_states();
    const Exclusions& tables = device_.exclusions;
    line("\nexclusions_by_latch_state:");
    for (std::size_t i = 0; i < kLatches; ++i) write_set(name(static_cast<Latch>(i)), tables.by_latch[i]);
    line("\nexclusions_by_suspend_state:");
    for (const Family family : {Family::Erase, Family::Program}) {
      const auto& sets = tables.by_suspend[static_cast<std::size_t>(family)];
      write_set(fmt::format("NOT_{}_SUSPENDED", name(family)), sets[0]);
      write_set(fmt::format("{}_SUSPENDED", name(family)), sets[1]);
    }
    line("\nexclusions_by_odt_state:");
    write_set("ODT_DISABLE", tables.by_odt_disabled);
    line("\nexclusions_by_cache_state:");
    for (std::size_t i = 0; i < kCaches; ++i) write_set(name(static_cast<Cache>(i)), tables.by_cache[i]);
  }

  void write_ops() {
    line("\nop_names:{}", device_.ops.empty() ? " {}" : "");
    for (const OpSpec& op : device_.ops) {
      const std::string& base = device_.base(op.base).name;
      line("  {}:\n    base: {}\n    multi: {}", yaml_scalar(op.name), base, op.multi);
      line("    celltype: {}", device_.celltypes[index(op.celltype)]);
      if (op.sub_page != sub_page_from_names(op.name, base)) line("    sub_page: {}", op.sub_page);
      line("    durations:");
      for (const Step& step : op.steps) line("      {}: {}", name(step.state), us_text(step.duration));
    }
  }

  std::string enabled_rules() const {
    const Rules& rules = device_.rules;
    std::vector<std::string> words;
    if (rules.state_forbid && rules.suspend && rules.odt && rules.cache) {
      words.emplace_back("state_forbid");
    } else {
      if (rules.state_forbid) words.emplace_back("state_forbid_op_state");
      if (rules.suspend) words.emplace_back("state_forbid_suspend");
      if (rules.odt) words.emplace_back("state_forbid_odt");
      if (rules.cache) words.emplace_back("state_forbid_cache");
    }
    if (rules.address) words.emplace_back("addr_dep");
    return fmt::format("[{}]", fmt::join(words, ", "));
  }

  void write_constraints() {
    const Rules& rules = device_.rules;
    line("\nconstraints:\n  single_single_allowed_bases: [{}]", fmt::join(names_of(rules.single_single_allowed), ", "));
    line("  enabled_rules: {}\n  enable_epr: {}", enabled_rules(), rules.address);
    line("  epr:\n    offset_guard: {}", rules.offset_guard);
    line("    disable_program_before_erase: {}", !rules.program_before_erase);
    write_kept("constraints.epr", 4);
    write_kept("constraints", 2);
  }

  void write_bad_blocks() {
    if (device_.bad_blocks.empty()) return;
    line("\nbad_blocks:");
    for (const BadBlock& bad : device_.bad_blocks) line("  - [{}, {}]", bad.die, bad.block);
  }

  void write_generator_sections() {
    for (const auto& [key, text] : device_.generator_sections) {
      if (key.find('.') == std::string::npos) text_ += "\n" + yaml_entry(key, text, 0);
    }
  }

  const Device& device_;
  std::string text_;
};

}  // namespace

std::string to_yaml(const Device& device) {
  return DeviceWriter(device).write();
}

}  // namespace nandtlm
