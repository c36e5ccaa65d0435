#include "testbench/scenario/read_targets.h"

#include <fmt/format.h>

namespace nandtlm {
namespace {

void read_number(MapReader& map, std::string_view key, std::optional<Expression>& value, ScenarioContext& context) {
  if (const YamlNode* node = map.find(key)) value = read_expression(*node, map.path_of(key), context);
}

TargetLine read_line(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  TargetLine line;
  line.mark = node.mark;
  MapReader map(node, path, context.out);
  read_number(map, "die", line.die, context);
  read_number(map, "plane", line.plane, context);
  read_number(map, "block", line.block, context);
  read_number(map, "page", line.page, context);
  map.reject_unknown();
  if (map.is_map() && !line.plane && !line.block) {
    context.out.error(node.mark, path, "neither plane nor block, expected an address");
  }
  return line;
}

TargetSpec read_address(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  TargetSpec target;
  target.mark = node.mark;
  if (!node.is_list()) {
    target.lines.push_back(read_line(node, path, context));
    return target;
  }
  if (node.items.empty() || node.items.size() > context.device.topology.planes) {
    context.out.error(node.mark, path,
                      fmt::format("a list of {} addresses, expected 1 to {}, one for each plane", node.items.size(),
                                  context.device.topology.planes));
    return target;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    target.lines.push_back(read_line(node.items[i], item_path(path, i), context));
  }
  return target;
}

TargetSpec named_target(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  const auto found = context.targets.find(node.text);
  if (found != context.targets.end()) return found->second;
  const auto known = [&context] {
    std::vector<std::string> names;
    for (const auto& [name, target] : context.targets) names.push_back(name);
    return names;
  };
  context.out.error(node.mark, path,
                    fmt::format("unknown target {}, expected a name from `targets`{}", describe(node),
                                did_you_mean(node.text, known, context)));
  return TargetSpec();
}

void given_twice(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  context.out.error(node.mark, path, "stands in the target already, expected it there or here");
}

}  // namespace

void read_named_targets(const YamlNode& node, ScenarioContext& context) {
  if (!expect_map(node, "targets", context.out)) return;
  for (const YamlEntry& entry : node.entries) {
    const std::string path = join_path("targets", entry.key);
    if (!is_identifier(entry.key)) {
      context.out.error(entry.key_mark, path, "expected a name of letters, digits and '_'");
    }
    context.targets[entry.key] = read_address(entry.value, path, context);
  }
}

TargetSpec read_target(MapReader& op, const Mark& op_mark, ScenarioContext& context) {
  TargetSpec target;
  const YamlNode* node = op.find("target");
  const bool named = node != nullptr && node->is_scalar();
  if (named) target = named_target(*node, op.path_of("target"), context);
  if (node != nullptr && !named) target = read_address(*node, op.path_of("target"), context);
  target.mark = node == nullptr ? op_mark : node->mark;
  if (const YamlNode* die = op.find("die")) {
    target.die = read_expression(*die, op.path_of("die"), context);
    for (const TargetLine& line : target.lines) {
      if (!named && line.die) given_twice(*die, op.path_of("die"), context);
    }
    for (TargetLine& line : target.lines) line.die.reset();
  }
  if (const YamlNode* page = op.find("page")) {
    const std::optional<Expression> number = read_expression(*page, op.path_of("page"), context);
    if (target.lines.empty()) context.out.error(page->mark, op.path_of("page"), "a page without a target");
    for (TargetLine& line : target.lines) {
      if (!named && line.page) given_twice(*page, op.path_of("page"), context);
      line.page = number;
    }
  }
  return target;
}

}  // namespace nandtlm
