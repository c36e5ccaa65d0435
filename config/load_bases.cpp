// op_bases, payload_by_op_base, program_base_whitelist.
#include <fmt/format.h>

#include <algorithm>

#include "config/base_effects.h"
#include "config/device_sections.h"
#include "config/effects_yaml.h"

namespace nandtlm {
namespace {

// The name of a step and the map that tells about it.
struct StepKey {
  State state = State::Issue;
  Mark mark;
  const YamlNode* details = nullptr;
};

void read_step_details(MapReader& map, Step& step, const YamlNode& at, LoadContext& context) {
  step.bus = step.state == State::Issue;
  map.read("bus", step.bus);
  const YamlNode* duration = map.find("duration");
  if (duration == nullptr) {
    context.out.error(at.mark, map.path_of("duration"), "the key is missing, expected it in this map");
  } else {
    step.duration = context.latencies.duration(*duration, map.path_of("duration"), context.out).value_or(0);
  }
}

std::optional<State> read_state_key(const YamlEntry& entry, const std::string& path, Diagnostics& out) {
  const std::optional<State> state = state_from_word(entry.key);
  if (!state) {
    out.error(entry.key_mark, path,
              fmt::format("unknown state '{}', expected ISSUE, CORE_BUSY, DATA_IN or DATA_OUT", entry.key));
  }
  return state;
}

bool is_detail_key(const std::string& key) {
  return key == "bus" || key == "duration";
}

// `- ISSUE: {bus: true, duration: 0.4}`, or without the second indent, which YAML reads as one map of three keys.
std::optional<Step> read_list_step(const YamlNode& item, const std::string& path, LoadContext& context) {
  if (!expect_map(item, path, context.out)) return std::nullopt;
  const auto named = std::find_if(item.entries.begin(), item.entries.end(),
                                  [](const YamlEntry& entry) { return !is_detail_key(entry.key); });
  if (named == item.entries.end()) {
    context.out.error(item.mark, path, "the step has no state, expected ISSUE, CORE_BUSY, DATA_IN or DATA_OUT");
    return std::nullopt;
  }
  const std::optional<State> state = read_state_key(*named, path, context.out);
  if (!state) return std::nullopt;
  Step step;
  step.state = *state;
  const std::string step_path = join_path(path, named->key);
  const bool nested = !named->value.is_null();
  MapReader map(nested ? named->value : item, nested ? step_path : path, context.out);
  if (!nested) map.find(named->key);
  if (map.is_map()) read_step_details(map, step, nested ? named->value : item, context);
  map.reject_unknown();
  if (nested) {
    MapReader outer(item, path, context.out);
    outer.find(named->key);
    outer.reject_unknown();
  }
  return step;
}

// Short form: `states: {ISSUE: 0.4, CORE_BUSY: 25}`.
std::optional<Step> read_map_step(const YamlEntry& entry, const std::string& path, LoadContext& context) {
  const std::optional<State> state = read_state_key(entry, path, context.out);
  if (!state) return std::nullopt;
  Step step;
  step.state = *state;
  step.bus = step.state == State::Issue;
  const std::string step_path = join_path(path, entry.key);
  if (entry.value.is_map()) {
    MapReader map(entry.value, step_path, context.out);
    read_step_details(map, step, entry.value, context);
    map.reject_unknown();
  } else {
    step.duration = context.latencies.duration(entry.value, step_path, context.out).value_or(0);
  }
  return step;
}

void add_step(std::vector<Step>& steps, const std::optional<Step>& step, const Mark& at, const std::string& path,
              Diagnostics& out) {
  if (!step) return;
  const bool repeated =
      std::any_of(steps.begin(), steps.end(), [&](const Step& other) { return other.state == step->state; });
  if (repeated) {
    out.error(at, path, fmt::format("the state {} is given twice, expected it once", name(step->state)));
  } else {
    steps.push_back(*step);
  }
}

void read_steps(const YamlNode& node, const std::string& path, OpBase& base, LoadContext& context) {
  const std::size_t errors = context.out.error_count();
  for (const YamlNode& item : node.items) {
    add_step(base.steps, read_list_step(item, path, context), item.mark, path, context.out);
  }
  for (const YamlEntry& entry : node.entries) {
    add_step(base.steps, read_map_step(entry, path, context), entry.key_mark, path, context.out);
  }
  if (!node.is_list() && !node.is_map()) {
    context.out.error(node.mark, path, fmt::format("found {}, expected a list or map of states", describe(node)));
  }
  if (context.out.error_count() != errors) return;
  if (base.steps.empty() || base.steps.front().state != State::Issue || !base.steps.front().bus) {
    context.out.error(node.mark, path, "the first state is not ISSUE with 'bus: true', expected that");
  }
}

void read_family(MapReader& map, const YamlEntry& entry, OpBase& base, LoadContext& context) {
  const std::optional<Family> by_name = family_from_name(base.name);
  base.family = by_name.value_or(Family::None);
  const YamlNode* node = map.find("family");
  if (node == nullptr) {
    if (!by_name) {
      context.out.error(entry.key_mark, map.path_of("family"),
                        "the name says both PROGRAM and ERASE, expected the key 'family'");
    }
    return;
  }
  base.family = read_choice(*node, map.path_of("family"), context.out, kFamilyWords).value_or(base.family);
  if (base.family != Family::None && is_suspend_or_resume(base.name)) {
    context.out.error(node->mark, map.path_of("family"),
                      "a SUSPEND or RESUME base is in no family, expected NONE or no key");
    base.family = Family::None;
  }
}

void check_effects(const OpBase& base, const Mark& at, const std::string& path, Diagnostics& out) {
  const Effects& effects = base.effects;
  const bool controls = effects.action == Action::Suspend || effects.action == Action::Resume;
  if (controls && effects.controls == Family::None) {
    out.error(at, join_path(path, "controls"),
              "a suspend or resume acts on no family, expected PROGRAM or ERASE in the name or here");
  }
  if (controls && base.family != Family::None) {
    out.error(at, join_path(path, "action"), "a suspend or resume is in no family, expected 'family: NONE'");
  }
  if (!controls && effects.controls != Family::None) {
    out.error(at, join_path(path, "controls"), "only a suspend or resume acts on a family, expected NONE");
  }
  if (effects.oneshot != Oneshot::No && effects.action != Action::Program) {
    out.error(at, join_path(path, "oneshot"), "only a program has a place in a one-shot program, expected none");
  }
}

void read_base(const YamlEntry& entry, LoadContext& context) {
  OpBase base;
  base.name = entry.key;
  MapReader map(entry.value, join_path("op_bases", entry.key), context.out);
  if (const YamlNode* scope = map.require("scope")) {
    base.scope = read_choice(*scope, map.path_of("scope"), context.out, kScopeWords).value_or(base.scope);
  }
  map.read("affect_state", base.affect_state);
  map.read("instant_resv", base.instant_resv);
  read_family(map, entry, base, context);
  if (base.instant_resv && base.family != Family::None) {
    context.out.error(map.find("instant_resv")->mark, map.path_of("instant_resv"),
                      "an op that can be suspended takes its planes, expected false");
  }
  base.effects = effects_from_name(base.name, base.family);
  const YamlNode* effects = map.find("effects");
  if (effects != nullptr) read_effects(*effects, map.path_of("effects"), context.out, base.effects);
  check_effects(base, effects != nullptr ? effects->mark : entry.key_mark, map.path_of("effects"), context.out);
  if (const YamlNode* states = map.require("states")) read_steps(*states, map.path_of("states"), base, context);
  if (const YamlNode* sequence = map.find("sequence")) {
    expect_map(*sequence, map.path_of("sequence"), context.out);
    keep_verbatim(*sequence, map.path_of("sequence"), context);
  }
  map.reject_unknown();
  context.device.bases.push_back(std::move(base));
}

bool check_base_name(const YamlEntry& entry, LoadContext& context) {
  const std::string path = join_path("op_bases", entry.key);
  if (!is_name(entry.key) || entry.key.find('.') != std::string::npos) {
    context.out.error(entry.key_mark, path, "not a base name, expected letters, digits, '_' and '-'");
    return false;
  }
  if (context.device.bases.size() == kMaxBases) {
    context.out.error(entry.key_mark, path, fmt::format("too many bases, expected at most {}", kMaxBases));
    return false;
  }
  if (!context.bases.add(entry.key, context.device.bases.size())) {
    context.out.error(entry.key_mark, path, "differs from another base in case only, expected a name of its own");
    return false;
  }
  return true;
}

}  // namespace

void read_bases(const YamlNode& node, LoadContext& context) {
  if (!expect_map(node, "op_bases", context.out)) return;
  for (const YamlEntry& entry : node.entries) {
    if (check_base_name(entry, context)) read_base(entry, context);
  }
  if (node.entries.empty()) context.out.error(node.mark, "op_bases", "the map is empty, expected at least one base");
}

namespace {

std::vector<PayloadKey> read_payload(const YamlNode& node, const std::string& path, Diagnostics& out) {
  std::vector<PayloadKey> payload;
  if (!expect_list(node, path, out)) return payload;
  for (const YamlNode& item : node.items) {
    const std::optional<PayloadKey> key = read_choice(item, path, out, kPayloadWords);
    if (!key) continue;
    if (std::find(payload.begin(), payload.end(), *key) != payload.end()) {
      out.error(item.mark, path, fmt::format("{} is given twice, expected it once", describe(item)));
    } else {
      payload.push_back(*key);
    }
  }
  return payload;
}

}  // namespace

void read_payloads(const YamlNode* node, LoadContext& context) {
  for (OpBase& base : context.device.bases) base.payload = default_payload(base);
  if (node == nullptr || !expect_map(*node, "payload_by_op_base", context.out)) return;
  for (const YamlEntry& entry : node->entries) {
    const std::string path = join_path("payload_by_op_base", entry.key);
    const std::optional<BaseId> base = context.base_of_key(entry, path);
    std::vector<PayloadKey> payload = read_payload(entry.value, path, context.out);
    if (base) context.device.bases[index(*base)].payload = std::move(payload);
  }
}

void read_program_whitelist(const YamlNode& node, LoadContext& context) {
  constexpr const char* kPath = "program_base_whitelist";
  if (!expect_list(node, kPath, context.out)) return;
  for (const YamlNode& item : node.items) {
    const std::optional<BaseId> id = context.base_of(item, kPath);
    if (!id) continue;
    Effects& effects = context.device.bases[index(*id)].effects;
    if (effects.action == Action::None) {
      effects.action = Action::Program;
      effects.needs_target = true;
    }
    if (!effects.commits_page()) {
      context.out.error(
          item.mark, kPath,
          fmt::format("{} does not complete a page by its effects, expected a base that does", describe(item)));
    }
  }
}

}  // namespace nandtlm
