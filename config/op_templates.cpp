// op_axes and op_templates: one line of a device file for a family of ops (CFG-03).
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "config/op_draft.h"

namespace nandtlm {
namespace {

constexpr std::size_t kMaxGenerated = std::numeric_limits<std::uint16_t>::max();

// One value of an axis: the text that goes into names, and what it says about the op.
struct AxisValue {
  std::string text;
  OpDraft settings;
};
using Axis = std::vector<AxisValue>;

// A text with placeholders: `{axis}` parts alternate with plain ones.
struct Part {
  bool is_axis = false;
  std::string text;
};

std::optional<std::vector<Part>> split(const std::string& text) {
  std::vector<Part> parts;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    if (text.substr(at, open - at).find('}') != std::string::npos) return std::nullopt;
    if (open > at) parts.push_back({false, text.substr(at, open - at)});
    if (open == text.size()) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) return std::nullopt;
    parts.push_back({true, text.substr(open + 1, close - open - 1)});
    at = close + 1;
  }
  return parts;
}

using Values = std::unordered_map<std::string, std::string>;

// Text in place of every placeholder; std::nullopt where one has no value.
std::optional<std::string> fill(const std::string& text, const Values& values) {
  const std::optional<std::vector<Part>> parts = split(text);
  if (!parts) return std::nullopt;
  std::string result;
  for (const Part& part : *parts) {
    const auto value = part.is_axis ? values.find(part.text) : values.end();
    if (part.is_axis && value == values.end()) return std::nullopt;
    result += part.is_axis ? value->second : part.text;
  }
  return result;
}

class TemplateExpander {
 public:
  TemplateExpander(const YamlNode* axes, LoadContext& context) : context_(context) {
    if (axes == nullptr || !expect_map(*axes, "op_axes", context.out)) return;
    for (const YamlEntry& entry : axes->entries) {
      shared_[entry.key] = read_axis(entry.value, join_path("op_axes", entry.key));
    }
  }

  void expand(const YamlNode& node) {
    MapReader map(node, "op_templates", context_.out);
    if (!map.is_map()) return;
    const YamlNode* name = map.require("name");
    const std::optional<std::string> pattern =
        name != nullptr ? read_text(*name, map.path_of("name"), context_.out) : std::nullopt;
    const std::string path = fmt::format("op_templates.{}", pattern.value_or("?"));
    MapReader named(node, path, context_.out);
    named.find("name");
    OpDraft draft = read_draft(named, node, context_.out, false);
    draft.path = path;
    const auto own = read_own_axes(named, path);
    const YamlNode* except = named.find("except");
    named.reject_unknown();
    if (pattern) expand_pattern(*pattern, *name, draft, own, except);
  }

  std::vector<OpDraft> take() { return std::move(drafts_); }

 private:
  using Axes = std::unordered_map<std::string, Axis>;

  Axes read_own_axes(MapReader& map, const std::string& path) {
    Axes own;
    const YamlNode* node = map.find("axes");
    if (node == nullptr || !expect_map(*node, map.path_of("axes"), context_.out)) return own;
    for (const YamlEntry& entry : node->entries) {
      own[entry.key] = read_axis(entry.value, fmt::format("{}.axes.{}", path, entry.key));
    }
    return own;
  }

  // A list of texts, or a map of texts and what each says.
  Axis read_axis(const YamlNode& node, const std::string& path) {
    Axis axis;
    for (const YamlNode& item : node.items) {
      const std::optional<std::string> text = read_text(item, path, context_.out);
      if (text) axis.push_back(with_celltype({*text, {}}, item, path));
    }
    for (const YamlEntry& entry : node.entries) {
      axis.push_back(read_axis_value(entry, join_path(path, entry.key)));
    }
    if (axis.empty()) {
      context_.out.error(node.mark, path, fmt::format("found {}, expected a list or map of values", describe(node)));
    }
    return axis;
  }

  AxisValue read_axis_value(const YamlEntry& entry, const std::string& path) {
    AxisValue value{entry.key, {}};
    if (entry.value.is_scalar()) {
      value.settings.extra_issue.push_back({entry.value, path});
    } else if (!entry.value.is_null()) {
      MapReader map(entry.value, path, context_.out);
      value.settings = read_draft(map, entry.value, context_.out, true);
      map.reject_unknown();
    }
    YamlNode text;
    text.kind = YamlNode::Kind::Scalar;
    text.text = entry.key;
    text.mark = entry.key_mark;
    return with_celltype(std::move(value), text, path);
  }

  // A value that is the name of a cell type says so.
  AxisValue with_celltype(AxisValue value, const YamlNode& text, const std::string& path) {
    const bool named = context_.celltypes.find(value.text).has_value();
    if (named && !value.settings.celltype) value.settings.celltype = Field{text, path};
    return value;
  }

  const Axis* find_axis(const Axes& own, const std::string& name) const {
    const auto mine = own.find(name);
    if (mine != own.end()) return &mine->second;
    const auto shared = shared_.find(name);
    return shared != shared_.end() ? &shared->second : nullptr;
  }

  struct UsedAxis {
    std::string name;
    const Axis* values;
  };

  std::optional<std::vector<UsedAxis>> used_axes(const std::string& pattern, const YamlNode& name, const Axes& own,
                                                 const std::string& path) {
    const std::string key = join_path(path, "name");
    const std::optional<std::vector<Part>> parts = split(pattern);
    if (!parts) {
      context_.out.error(name.mark, key, "a brace has no partner, expected '{axis}'");
      return std::nullopt;
    }
    std::vector<UsedAxis> used;
    std::size_t ops = 1;
    for (const Part& part : *parts) {
      const auto same = [&](const UsedAxis& axis) { return axis.name == part.text; };
      if (!part.is_axis || std::any_of(used.begin(), used.end(), same)) continue;
      const Axis* axis = find_axis(own, part.text);
      if (axis == nullptr) {
        context_.out.error(name.mark, key,
                           fmt::format("unknown axis '{}', expected one of 'axes' or 'op_axes'", part.text));
        return std::nullopt;
      }
      used.push_back({part.text, axis});
      ops = std::min(ops * axis->size(), kMaxGenerated + 1);
    }
    if (ops + drafts_.size() <= kMaxGenerated) return used;
    context_.out.error(name.mark, key, fmt::format("too many ops, expected at most {}", kMaxGenerated));
    return std::nullopt;
  }

  void expand_pattern(const std::string& pattern, const YamlNode& name, const OpDraft& draft, const Axes& own,
                      const YamlNode* except) {
    const auto axes = used_axes(pattern, name, own, draft.path);
    if (!axes) return;
    std::unordered_set<std::string> left_out = read_except(except, draft.path);
    std::vector<std::size_t> position(axes->size(), 0);
    const bool empty = std::any_of(axes->begin(), axes->end(), [](const UsedAxis& a) { return a.values->empty(); });
    for (bool more = !empty; more; more = advance(*axes, position)) {
      OpDraft op = draft;
      Values values;
      for (std::size_t i = 0; i < axes->size(); ++i) {
        const AxisValue& value = (*axes)[i].values->at(position[i]);
        overlay(op, value.settings);
        values.emplace((*axes)[i].name, value.text);
      }
      op.name = fill(pattern, values).value_or("");
      if (left_out.erase(op.name) == 0) add(std::move(op), values, name);
    }
    for (const std::string& unused : left_out) {
      context_.out.error(except->mark, join_path(draft.path, "except"),
                         fmt::format("the template does not give '{}', expected a name that it gives", unused));
    }
  }

  std::unordered_set<std::string> read_except(const YamlNode* node, const std::string& path) {
    std::unordered_set<std::string> names;
    if (node == nullptr || !expect_list(*node, join_path(path, "except"), context_.out)) return names;
    for (const YamlNode& item : node->items) {
      const std::optional<std::string> name = read_text(item, join_path(path, "except"), context_.out);
      if (name) names.insert(*name);
    }
    return names;
  }

  // The last axis runs fastest. False after the last combination.
  static bool advance(const std::vector<UsedAxis>& axes, std::vector<std::size_t>& position) {
    for (std::size_t i = axes.size(); i-- > 0;) {
      if (++position[i] < axes[i].values->size()) return true;
      position[i] = 0;
    }
    return false;
  }

  void add(OpDraft op, const Values& values, const YamlNode& name) {
    if (!is_name(op.name)) {
      context_.out.error(name.mark, join_path(op.path, "name"),
                         fmt::format("gives '{}', expected letters, digits, '_', '.' and '-'", op.name));
      return;
    }
    const auto [first, is_new] = template_of_.emplace(op.name, op.path);
    if (!is_new) {
      context_.out.error(name.mark, join_path(op.path, "name"),
                         fmt::format("gives '{}' which {} gives too, expected each name once", op.name, first->second));
      return;
    }
    for (std::optional<Field>* field : {&op.base, &op.celltype}) {
      if (*field) fill_field(**field, values);
    }
    for (auto& [state, field] : op.durations) fill_field(field, values);
    for (Field& field : op.extra_issue) fill_field(field, values);
    drafts_.push_back(std::move(op));
  }

  void fill_field(Field& field, const Values& values) {
    if (!field.node.is_scalar() || field.node.text.find_first_of("{}") == std::string::npos) return;
    const std::optional<std::string> text = fill(field.node.text, values);
    if (text) {
      field.node.text = *text;
    } else {
      context_.out.error(
          field.node.mark, field.path,
          fmt::format("{} uses an axis that the name does not, expected one of its", describe(field.node)));
    }
  }

  LoadContext& context_;
  Axes shared_;
  std::vector<OpDraft> drafts_;
  std::unordered_map<std::string, std::string> template_of_;
};

}  // namespace

std::vector<OpDraft> expand_templates(const YamlNode* axes, const YamlNode& templates, LoadContext& context) {
  TemplateExpander expander(axes, context);
  if (expect_list(templates, "op_templates", context.out)) {
    for (const YamlNode& item : templates.items) expander.expand(item);
  }
  return expander.take();
}

}  // namespace nandtlm
