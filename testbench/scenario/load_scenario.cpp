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
  context.out.error(node.mark, "device",
                    fmt::format("made for the device '{}', expected to be played on it and not on '{}'", *name,
                                context.device.name));
}

void read_tree(const YamlNode& tree, ReadScenario& read, ScenarioContext& context) {
  MapReader root(tree, "", context.out);
  if (!root.is_map()) return;
  if (const YamlNode* device = root.find("device")) check_device_name(*device, context);
  if (const YamlNode* about = root.find("about")) read_text(*about, "about", context.out);
  if (const YamlNode* targets = root.find("targets")) read_named_targets(*targets, context);
  if (const YamlNode* steps = root.require("steps")) read.scenario.body = read_body(*steps, "steps", context);
  root.reject_unknown();
  resolve_references(read.scenario.body, context);
  reject_cycles(read.scenario.body, context.out);
  read.steps = check_scenario(read.scenario.body, context.device, context.out);
}

ReadScenario read_text_into(const std::string& text, const std::string& file, const Device& device, Diagnostics& out) {
  ReadScenario read;
  read.scenario.file = file;
  const std::optional<YamlNode> tree = parse_yaml(text, 0, out);
  ScenarioContext context{device, out, {}, {}, {}, 0};
  if (tree) read_tree(*tree, read, context);
  read.errors = out.errors();
  return read;
}

}  // namespace

ReadScenario read_scenario_text(const std::string& text, const std::string& file, const Device& device) {
  Diagnostics out;
  out.add_source(file);
  return read_text_into(text, file, device, out);
}

LoadedWorkload load_scenario(const std::string& path, std::shared_ptr<const Device> device) {
  Diagnostics out;
  out.add_source(path);
  LoadedWorkload loaded;
  const std::optional<std::string> text = read_text_file(path, 0, out);
  if (!text) {
    loaded.errors = out.errors();
    return loaded;
  }
  auto read = std::make_shared<ReadScenario>(read_text_into(*text, path, *device, out));
  loaded.errors = read->errors;
  if (!loaded.errors.empty()) return loaded;
  loaded.make = [read](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    const std::shared_ptr<const Scenario> scenario(read, &read->scenario);
    return std::make_unique<ScenarioPlayer>(name, scenario, read->steps, package, scheduler);
  };
  return loaded;
}

}  // namespace nandtlm
