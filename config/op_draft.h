// An operation on its way from YAML to OpSpec: what each place that speaks about it has said so far.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/load_context.h"

namespace nandtlm {

/// A value and the dotted key under which it was given.
struct Field {
  YamlNode node;
  std::string path;
};

/// Every part is optional until finish_op(): templates, axes and `op_names` each add theirs.
struct OpDraft {
  std::string name;
  std::string path;  ///< for errors of the op as a whole
  Mark mark;
  std::optional<Field> base;
  std::optional<Field> celltype;
  std::optional<Field> multi;
  std::optional<Field> sub_page;
  std::vector<std::pair<State, Field>> durations;  ///< a later one of the same state wins
  std::vector<Field> extra_issue;                  ///< added to the duration of ISSUE
};

/// Reads the keys of an op; `extra_key` also accepts `add_issue` (axes).
OpDraft read_draft(MapReader& map, const YamlNode& node, Diagnostics& out, bool is_axis_value);
/// What `over` says replaces what `under` said; name, path and mark stay those of `under`.
void overlay(OpDraft& under, const OpDraft& over);

/// The drafts of `op_templates`, in order. Reports two templates that give one name.
std::vector<OpDraft> expand_templates(const YamlNode* axes, const YamlNode& templates, LoadContext& context);

}  // namespace nandtlm
