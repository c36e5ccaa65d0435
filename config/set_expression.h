// Exclusion groups and the sets that tables name: lists, unions, all but some (CFG-03).
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "config/load_context.h"

namespace nandtlm {

/// Evaluates set expressions over the bases of a device and its named groups:
///   NAME                                                   a base or a group
///   [expression, ...]                                      all of them together
///   {all_except: expr, union: expr, families: [F, ...], plus: expr, minus: expr}
/// A map is (all bases without `all_except`, with `union`, the bases of `families`, and `plus`) without `minus`.
class SetExpressions {
 public:
  /// `groups` is the section `exclusion_groups` or nullptr; must outlive this.
  SetExpressions(const YamlNode* groups, LoadContext& context);

  /// Fills group_names and groups of the device; reports dangling names and cycles.
  void resolve_groups();
  /// Errors are reported at `path`; the set then lacks what is wrong.
  BaseSet evaluate(const YamlNode& node, const std::string& path);

 private:
  struct Group {
    const YamlEntry* entry = nullptr;
    enum class State { Fresh, Open, Done } state = State::Fresh;
    BaseSet bases;
  };

  bool check_group_name(const YamlEntry& entry);
  BaseSet evaluate_any(const YamlNode& node, const std::string& path);
  BaseSet evaluate_map(const YamlNode& node, const std::string& path);
  BaseSet evaluate_name(const YamlNode& node, const std::string& path);
  BaseSet evaluate_families(const YamlNode& node, const std::string& path);
  BaseSet group_bases(std::size_t number, const YamlNode& reference, const std::string& path);
  void report_cycle(std::size_t number, const YamlNode& reference, const std::string& path);
  BaseSet all_bases() const;

  LoadContext& context_;
  std::vector<Group> groups_;
  NameTable group_numbers_;
  std::vector<std::size_t> open_;  ///< groups under evaluation, outermost first
  std::size_t depth_ = 0;
};

}  // namespace nandtlm
