#include "config/device_loader.h"

#include <filesystem>

#include "config/device_sections.h"
#include "config/overrides.h"
#include "config/yaml_parse.h"

namespace nandtlm {
namespace {

using SectionReader = void (*)(const YamlNode&, LoadContext&);

void read_required(MapReader& root, const char* key, SectionReader read, LoadContext& context) {
  if (const YamlNode* node = root.require(key)) read(*node, context);
}

void read_optional(MapReader& root, const char* key, SectionReader read, LoadContext& context) {
  if (const YamlNode* node = root.find(key)) read(*node, context);
}

void read_device_name(MapReader& root, const std::string& file, LoadContext& context) {
  context.device.name = std::filesystem::path(file).stem().string();
  const YamlNode* node = root.find("name");
  if (node == nullptr) return;
  context.device.name = read_text(*node, "name", context.out).value_or(context.device.name);
}

// Later sections name what earlier ones define.
void read_sections(const YamlNode& tree, const std::string& file, LoadContext& context) {
  MapReader root(tree, "", context.out);
  if (!root.is_map()) return;
  read_device_name(root, file, context);
  read_required(root, "topology", read_topology, context);
  read_required(root, "celltypes", read_celltypes, context);
  read_optional(root, "policies", read_policies, context);
  read_optional(
      root, "latencies", [](const YamlNode& node, LoadContext& c) { c.latencies.read(node, c.out); }, context);
  read_required(root, "op_bases", read_bases, context);
  read_optional(root, "program_base_whitelist", read_program_whitelist, context);
  read_payloads(root.find("payload_by_op_base"), context);
  read_exclusions(root, context);
  read_ops(root, context);
  read_constraints(root.find("constraints"), context);
  read_optional(root, "bad_blocks", read_bad_block_key, context);
  read_generator_sections(root, context);
  root.reject_unknown();
}

LoadedDevice finish(LoadContext& context, YamlNode tree) {
  LoadedDevice loaded;
  loaded.text = {std::move(tree), context.out.sources()};
  loaded.errors = context.out.errors();
  loaded.warnings = context.out.warnings();
  if (!context.out.ok()) return loaded;
  context.device.index_names();
  loaded.device = std::move(context.device);
  return loaded;
}

YamlNode load_text(const std::string& text, const std::string& file, const LoadOptions& options, LoadContext& context) {
  std::optional<YamlNode> tree = parse_yaml(text, 0, context.out);
  if (!tree) return YamlNode();
  for (const auto& [key, value] : options.overrides) {
    if (tree->is_map()) apply_override(*tree, key, value, context.out);
  }
  read_sections(*tree, file, context);
  return std::move(*tree);
}

LoadContext make_context(const std::string& file, const LoadOptions& options) {
  LoadContext context;
  context.out.add_source(file);
  context.lenient = options.lenient;
  context.directory = std::filesystem::path(file).parent_path();
  return context;
}

}  // namespace

LoadedDevice load_device(const std::string& path, const LoadOptions& options) {
  LoadContext context = make_context(path, options);
  const std::optional<std::string> text = read_text_file(path, 0, context.out);
  return finish(context, text ? load_text(*text, path, options, context) : YamlNode());
}

LoadedDevice load_device_text(const std::string& text, const std::string& file, const LoadOptions& options) {
  LoadContext context = make_context(file, options);
  return finish(context, load_text(text, file, options, context));
}

}  // namespace nandtlm
