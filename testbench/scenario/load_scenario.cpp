#include "testbench/scenario/load_scenario.h"

#include <fmt/format.h>

#include "config/yaml_parse.h"
#include "testbench/scenario/check_scenario.h"
#include "testbench/scenario/read_steps.h"
#include "testbench/scenario/read_targets.h"
#include "testbench/scenario/resolve.h"
#include "testbench/scenario/scenario_player.h"

namespace nandtlm {
namespace {

/// `device:` says which device the times and addresses were made for.
void check_device_name(const YamlNode& node, ScenarioContext& context) {
  const std::optional<std::string> name = read_text(node, "device", context.out);
  if (!name || *name == context.device.name) return;
  context.out.error(
      node.mark, "device",
      fmt::format("made for the device '{}', expected to be played on it and not on '{}'", *name, context.device.name));
}

/// Everything but the play. Returns how many steps the player will come to.
std::uint64_t read_tree(const YamlNode& tree, Scenario& scenario, ScenarioContext& context) {
  MapReader root(tree, "", context.out);
  if (!root.is_map()) return 0;
  if (const YamlNode* device = root.find("device")) check_device_name(*device, context);
  if (const YamlNode* about = root.find("about")) read_text(*about, "about", context.out);
  if (const YamlNode* targets = root.find("targets")) read_named_targets(*targets, context);
  if (const YamlNode* steps = root.require("steps")) scenario.body = read_body(*steps, "steps", context);
  root.reject_unknown();
  resolve_references(scenario.body, context);
  reject_cycles(scenario.body, context.out);
  return check_scenario(scenario.body, context.device, context.out);
}

LoadedWorkload load_text(const std::string& text, const std::string& file, const Device& device, Diagnostics& out) {
  auto scenario = std::make_shared<Scenario>();
  scenario->file = file;
  std::uint64_t steps = 0;
  if (const std::optional<YamlNode> tree = parse_yaml(text, 0, out)) {
    ScenarioContext context{device, out, {}, {}, {}, 0};
    steps = read_tree(*tree, *scenario, context);
  }
  LoadedWorkload loaded;
  loaded.errors = out.errors();
  if (!loaded.errors.empty()) return loaded;
  loaded.make = [scenario, steps](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    return std::make_unique<ScenarioPlayer>(name, scenario, steps, package, scheduler);
  };
  return loaded;
}

}  // namespace

LoadedWorkload load_scenario(const std::string& path, const std::shared_ptr<const Device>& device) {
  Diagnostics out;
  out.add_source(path);
  if (const std::optional<std::string> text = read_text_file(path, 0, out)) return load_text(*text, path, *device, out);
  LoadedWorkload loaded;
  loaded.errors = out.errors();
  return loaded;
}

LoadedWorkload load_scenario_text(const std::string& text, const std::string& file,
                                  const std::shared_ptr<const Device>& device) {
  Diagnostics out;
  out.add_source(file);
  return load_text(text, file, *device, out);
}

}  // namespace nandtlm
