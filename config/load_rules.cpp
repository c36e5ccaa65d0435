// constraints, and the sections that only a generator reads.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "config/device_sections.h"

namespace nandtlm {
namespace {

enum class RuleWord { AllStates, OpState, Suspend, Odt, Cache, Address };
constexpr std::array<Choice<RuleWord>, 6> kRuleWords = {{{"state_forbid", RuleWord::AllStates},
                                                         {"state_forbid_op_state", RuleWord::OpState},
                                                         {"state_forbid_suspend", RuleWord::Suspend},
                                                         {"state_forbid_odt", RuleWord::Odt},
                                                         {"state_forbid_cache", RuleWord::Cache},
                                                         {"addr_dep", RuleWord::Address}}};

void read_enabled_rules(const YamlNode& node, const std::string& path, LoadContext& context) {
  if (!expect_list(node, path, context.out)) return;
  std::array<bool, kRuleWords.size()> on{};
  for (const YamlNode& item : node.items) {
    const std::optional<RuleWord> word = read_choice(item, path, context.out, kRuleWords);
    if (word) on[static_cast<std::size_t>(*word)] = true;
  }
  const auto enabled = [&](RuleWord word) { return on[static_cast<std::size_t>(word)]; };
  const bool all_states = enabled(RuleWord::AllStates);
  Rules& rules = context.device.rules;
  rules.state_forbid = all_states || enabled(RuleWord::OpState);
  rules.suspend = all_states || enabled(RuleWord::Suspend);
  rules.odt = all_states || enabled(RuleWord::Odt);
  rules.cache = all_states || enabled(RuleWord::Cache);
  rules.address = enabled(RuleWord::Address);
}

void read_epr(const YamlNode& node, const std::string& path, LoadContext& context) {
  MapReader map(node, path, context.out);
  Rules& rules = context.device.rules;
  const YamlNode* guard = map.find("offset_guard");
  if (guard != nullptr && !guard->is_null()) map.read("offset_guard", rules.offset_guard, {0, 65536});
  bool any_block = !rules.program_before_erase;
  map.read("disable_program_before_erase", any_block);
  rules.program_before_erase = !any_block;
  bool debug = false;
  if (map.read("debug", debug)) keep_verbatim(*node.find("debug"), map.path_of("debug"), context);
  if (const YamlNode* subcodes = map.find("subcodes")) {
    expect_list(*subcodes, map.path_of("subcodes"), context.out);
    keep_verbatim(*subcodes, map.path_of("subcodes"), context);
  }
  map.reject_unknown();
}

void read_single_single(const YamlNode& node, const std::string& path, LoadContext& context) {
  if (!expect_list(node, path, context.out)) return;
  for (const YamlNode& item : node.items) {
    const std::optional<BaseId> base = context.base_of(item, path);
    if (base) context.device.rules.single_single_allowed.set(index(*base));
  }
}

void default_single_single(LoadContext& context) {
  for (const char* base_name : {"PLANE_READ", "PLANE_READ4K", "PLANE_CACHE_READ"}) {
    const std::optional<std::size_t> base = context.bases.find(base_name);
    if (base) context.device.rules.single_single_allowed.set(*base);
  }
}

}  // namespace

void read_constraints(const YamlNode* node, LoadContext& context) {
  if (node == nullptr) {
    default_single_single(context);
    return;
  }
  MapReader map(*node, "constraints", context.out);
  if (const YamlNode* bases = map.find("single_single_allowed_bases")) {
    read_single_single(*bases, map.path_of("single_single_allowed_bases"), context);
  } else {
    default_single_single(context);
  }
  if (const YamlNode* rules = map.find("enabled_rules")) {
    read_enabled_rules(*rules, map.path_of("enabled_rules"), context);
  }
  bool epr = true;
  map.read("enable_epr", epr);
  context.device.rules.address = context.device.rules.address && epr;
  if (const YamlNode* options = map.find("epr")) read_epr(*options, map.path_of("epr"), context);
  if (const YamlNode* catalog = map.find("rule_catalog")) {
    expect_list(*catalog, map.path_of("rule_catalog"), context.out);
    keep_verbatim(*catalog, map.path_of("rule_catalog"), context);
  }
  map.reject_unknown();
}

void keep_verbatim(const YamlNode& node, const std::string& path, LoadContext& context) {
  context.device.generator_sections.emplace_back(path, to_yaml_text(node));
}

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

void check_flags(const YamlNode& node, const std::string& path, Diagnostics& out) {
  for (const YamlEntry& entry : node.entries) read_bool(entry.value, join_path(path, entry.key), out);
}

// Numbers of at least 0 by key; a key may be empty where everything below it is a comment.
void check_numbers(const YamlNode& node, const std::string& path, Diagnostics& out) {
  if (node.is_null() || !expect_map(node, path, out)) return;
  for (const YamlEntry& entry : node.entries) read_real(entry.value, join_path(path, entry.key), out, 0, kNoLimit);
}

void check_weights(const YamlNode& node, const std::string& path, Diagnostics& out) {
  for (const YamlEntry& entry : node.entries) check_numbers(entry.value, join_path(path, entry.key), out);
}

void check_bootstrap(const YamlNode& node, const std::string& path, Diagnostics& out) {
  MapReader map(node, path, out);
  bool enabled = false;
  map.read("enabled", enabled);
  for (const char* key : {"thresholds", "minimums", "celltype_weights"}) {
    if (const YamlNode* numbers = map.find(key)) check_numbers(*numbers, map.path_of(key), out);
  }
  map.reject_unknown();
}

void check_sequences(const YamlNode& node, const std::string& path, Diagnostics& out) {
  for (const YamlEntry& entry : node.entries) {
    MapReader map(entry.value, join_path(path, entry.key), out);
    if (!map.is_map()) continue;
    const YamlNode* steps = map.require("sequences");
    if (steps != nullptr) expect_list(*steps, map.path_of("sequences"), out);
    if (const YamlNode* weights = map.find("name_weights")) check_weights(*weights, map.path_of("name_weights"), out);
    map.reject_unknown();
  }
}

struct GeneratorSection {
  const char* key;
  void (*check)(const YamlNode&, const std::string&, Diagnostics&);
};

constexpr std::array<GeneratorSection, 6> kGeneratorSections = {{{"features", check_flags},
                                                                 {"bootstrap", check_bootstrap},
                                                                 {"generate_seq_rules", check_sequences},
                                                                 {"phase_conditional", check_weights},
                                                                 {"phase_conditional_overrides", check_weights},
                                                                 {"pattern_export", check_flags}}};

}  // namespace

void read_generator_sections(MapReader& root, LoadContext& context) {
  for (const GeneratorSection& section : kGeneratorSections) {
    const YamlNode* node = root.find(section.key);
    if (node == nullptr) continue;
    if (!node->is_null() && expect_map(*node, section.key, context.out)) {
      section.check(*node, section.key, context.out);
    }
    keep_verbatim(*node, section.key, context);
  }
}

}  // namespace nandtlm
