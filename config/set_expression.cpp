#include "config/set_expression.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/effects_yaml.h"

namespace nandtlm {
namespace {

constexpr std::size_t kMaxGroups = 256;
// Expressions inside expressions, groups that refer to groups included.
constexpr std::size_t kMaxDepth = 1024;

}  // namespace

SetExpressions::SetExpressions(const YamlNode* groups, LoadContext& context) : context_(context) {
  if (groups == nullptr || !expect_map(*groups, "exclusion_groups", context.out)) return;
  for (const YamlEntry& entry : groups->entries) {
    if (check_group_name(entry)) groups_.push_back({&entry, Group::State::Fresh, {}});
  }
}

bool SetExpressions::check_group_name(const YamlEntry& entry) {
  const std::string path = join_path("exclusion_groups", entry.key);
  const auto refuse = [&](std::string what) {
    context_.out.error(entry.key_mark, path, std::move(what));
    return false;
  };
  if (!is_name(entry.key)) return refuse("not a group name, expected letters, digits, '_', '.' and '-'");
  if (context_.bases.find(entry.key)) return refuse("is also the name of a base, expected a name of its own");
  if (groups_.size() == kMaxGroups) return refuse(fmt::format("too many groups, expected at most {}", kMaxGroups));
  if (!group_numbers_.add(entry.key, groups_.size())) {
    return refuse("differs from another group in case only, expected a name of its own");
  }
  return true;
}

void SetExpressions::resolve_groups() {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const YamlEntry& entry = *groups_[i].entry;
    context_.device.group_names.push_back(entry.key);
    context_.device.groups.push_back(group_bases(i, entry.value, join_path("exclusion_groups", entry.key)));
  }
}

BaseSet SetExpressions::evaluate(const YamlNode& node, const std::string& path) {
  if (depth_ == kMaxDepth) {
    context_.out.error(node.mark, path, fmt::format("nested too deep, expected at most {} levels", kMaxDepth));
    return {};
  }
  ++depth_;
  const BaseSet result = evaluate_any(node, path);
  --depth_;
  return result;
}

BaseSet SetExpressions::evaluate_any(const YamlNode& node, const std::string& path) {
  if (node.is_map()) return evaluate_map(node, path);
  if (!node.is_list()) return evaluate_name(node, path);
  BaseSet result;
  for (const YamlNode& item : node.items) result |= evaluate(item, path);
  return result;
}

BaseSet SetExpressions::evaluate_map(const YamlNode& node, const std::string& path) {
  MapReader map(node, path, context_.out);
  BaseSet result;
  bool adds = false;
  if (const YamlNode* part = map.find("all_except")) {
    result |= all_bases() & ~evaluate(*part, map.path_of("all_except"));
    adds = true;
  }
  for (const char* key : {"union", "plus"}) {
    const YamlNode* part = map.find(key);
    if (part == nullptr) continue;
    result |= evaluate(*part, map.path_of(key));
    adds = true;
  }
  if (const YamlNode* part = map.find("families")) {
    result |= evaluate_families(*part, map.path_of("families"));
    adds = true;
  }
  if (const YamlNode* part = map.find("minus")) result &= ~evaluate(*part, map.path_of("minus"));
  map.reject_unknown();
  if (!adds) {
    context_.out.error(node.mark, path, "the set is made of nothing, expected all_except, union, families or plus");
  }
  return result;
}

BaseSet SetExpressions::evaluate_families(const YamlNode& node, const std::string& path) {
  BaseSet result;
  if (!expect_list(node, path, context_.out)) return result;
  for (const YamlNode& item : node.items) {
    const std::optional<Family> family = read_choice(item, path, context_.out, kFamilyWords);
    for (std::size_t i = 0; family && i < context_.device.bases.size(); ++i) {
      if (context_.device.bases[i].family == *family) result.set(i);
    }
  }
  return result;
}

BaseSet SetExpressions::evaluate_name(const YamlNode& node, const std::string& path) {
  const std::optional<std::string> text = read_text(node, path, context_.out);
  if (!text) return {};
  if (const std::optional<std::size_t> base = context_.bases.find(*text)) return BaseSet().set(*base);
  if (const std::optional<std::size_t> group = group_numbers_.find(*text)) return group_bases(*group, node, path);
  context_.out.error(node.mark, path,
                     fmt::format("unknown name {}, expected a base or a key of 'exclusion_groups'", describe(node)));
  return {};
}

BaseSet SetExpressions::group_bases(std::size_t number, const YamlNode& reference, const std::string& path) {
  Group& group = groups_[number];
  if (group.state == Group::State::Open) report_cycle(number, reference, path);
  if (group.state != Group::State::Fresh) return group.bases;
  group.state = Group::State::Open;
  open_.push_back(number);
  group.bases = evaluate(group.entry->value, join_path("exclusion_groups", group.entry->key));
  open_.pop_back();
  group.state = Group::State::Done;
  return group.bases;
}

void SetExpressions::report_cycle(std::size_t number, const YamlNode& reference, const std::string& path) {
  std::string cycle;
  for (auto at = std::find(open_.begin(), open_.end(), number); at != open_.end(); ++at) {
    cycle += groups_[*at].entry->key + " -> ";
  }
  cycle += groups_[number].entry->key;
  context_.out.error(reference.mark, path, fmt::format("cyclic reference {}, expected groups that end", cycle));
}

BaseSet SetExpressions::all_bases() const {
  BaseSet all;
  for (std::size_t i = 0; i < context_.device.bases.size(); ++i) all.set(i);
  return all;
}

}  // namespace nandtlm
