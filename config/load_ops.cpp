// op_names, and what templates have made, into OpSpecs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

#include "config/base_effects.h"
#include "config/device_sections.h"
#include "config/effects_yaml.h"

namespace nandtlm {
namespace {

constexpr std::size_t kMaxOps = std::numeric_limits<std::uint16_t>::max();
constexpr const char* kDefaultCelltype = "NONE";

std::optional<Field> take(MapReader& map, const char* key) {
  const YamlNode* node = map.find(key);
  if (node == nullptr) return std::nullopt;
  return Field{*node, map.path_of(key)};
}

void read_durations(const Field& field, OpDraft& draft, Diagnostics& out) {
  if (!expect_map(field.node, field.path, out)) return;
  for (const YamlEntry& entry : field.node.entries) {
    const std::string path = join_path(field.path, entry.key);
    const std::optional<State> state = state_from_word(entry.key);
    if (!state) {
      out.error(entry.key_mark, path,
                fmt::format("unknown state '{}', expected ISSUE, CORE_BUSY, DATA_IN or DATA_OUT", entry.key));
      continue;
    }
    const bool repeated = std::any_of(draft.durations.begin(), draft.durations.end(),
                                      [&](const auto& duration) { return duration.first == *state; });
    if (repeated) out.error(entry.key_mark, path, "the state is given twice, expected it once");
    draft.durations.emplace_back(*state, Field{entry.value, path});
  }
}

using StateTimes = std::array<std::optional<Time>, kStates>;

struct OpTimes {
  StateTimes given;
  std::vector<State> order;  ///< of first mention
};

OpTimes evaluate_durations(const OpDraft& draft, LoadContext& context) {
  OpTimes times;
  for (const auto& [state, field] : draft.durations) {
    if (std::find(times.order.begin(), times.order.end(), state) == times.order.end()) times.order.push_back(state);
  }
  for (const State state : times.order) {
    const auto last = std::find_if(draft.durations.rbegin(), draft.durations.rend(),
                                   [&](const auto& duration) { return duration.first == state; });
    times.given[static_cast<std::size_t>(state)] =
        context.latencies.duration(last->second.node, last->second.path, context.out);
  }
  return times;
}

Time sum_of_extras(const OpDraft& draft, LoadContext& context) {
  Time sum = 0;
  for (const Field& field : draft.extra_issue) {
    sum += context.latencies.duration(field.node, field.path, context.out).value_or(0);
  }
  return sum;
}

// The base's steps with the op's times; a state that only the op knows comes after them (CFG-02).
std::vector<Step> make_steps(const OpBase& base, const OpTimes& times) {
  std::vector<Step> steps = base.steps;
  for (Step& step : steps) {
    step.duration = times.given[static_cast<std::size_t>(step.state)].value_or(step.duration);
  }
  for (const State state : times.order) {
    const bool known = std::any_of(steps.begin(), steps.end(), [&](const Step& step) { return step.state == state; });
    if (!known) steps.push_back({state, false, times.given[static_cast<std::size_t>(state)].value_or(0)});
  }
  return steps;
}

std::optional<CellId> celltype_of_op(const OpDraft& draft, LoadContext& context) {
  if (draft.celltype) return context.celltype_of(draft.celltype->node, draft.celltype->path);
  const std::optional<std::size_t> none = context.celltypes.find(kDefaultCelltype);
  if (none) return CellId(*none);
  if (context.celltypes.empty()) return std::nullopt;
  context.out.error(draft.mark, join_path(draft.path, "celltype"), "the key is missing, expected it in this map");
  return std::nullopt;
}

std::optional<BaseId> base_of_op(const OpDraft& draft, LoadContext& context) {
  if (draft.base) return context.base_of(draft.base->node, draft.base->path);
  context.out.error(draft.mark, join_path(draft.path, "base"), "the key is missing, expected it in this map");
  return std::nullopt;
}

void finish_op(const OpDraft& draft, LoadContext& context) {
  OpSpec op;
  op.name = draft.name;
  const std::optional<BaseId> base_id = base_of_op(draft, context);
  op.celltype = celltype_of_op(draft, context).value_or(CellId{});
  if (draft.multi) op.multi = read_bool(draft.multi->node, draft.multi->path, context.out).value_or(false);
  const OpTimes times = evaluate_durations(draft, context);
  const Time extra = sum_of_extras(draft, context);
  std::optional<std::uint64_t> sub_page;
  if (draft.sub_page) sub_page = read_count(draft.sub_page->node, draft.sub_page->path, context.out, {0, 2});
  if (!base_id) return;
  op.base = *base_id;
  const OpBase& base = context.device.base(*base_id);
  op.sub_page = static_cast<std::uint8_t>(sub_page.value_or(sub_page_from_names(op.name, base.name)));
  op.steps = make_steps(base, times);
  if (op.steps.empty()) return;  // the base's own error
  op.steps.front().duration += extra;
  for (Step& step : op.steps) {
    op.nominal += step.duration;
    step.end = op.nominal;
  }
  context.device.ops.push_back(std::move(op));
}

bool names_issue(const OpDraft& draft) {
  return std::any_of(draft.durations.begin(), draft.durations.end(),
                     [](const auto& duration) { return duration.first == State::Issue; });
}

// An ISSUE in `op_names` is the whole ISSUE: what axes would have added is in it.
void correct(OpDraft& generated, const OpDraft& correction) {
  if (names_issue(correction)) generated.extra_issue.clear();
  overlay(generated, correction);
}

// With `lenient` an op with an error is left out; what is wrong with it becomes a warning.
template <typename Work>
void guard_op(const std::string& op, const Mark& at, LoadContext& context, Work work) {
  const std::size_t errors = context.out.error_count();
  const std::size_t ops = context.device.ops.size();
  work();
  if (context.out.error_count() == errors || !context.lenient) return;
  context.out.downgrade_since(errors);
  context.device.ops.resize(ops);
  context.out.warning(at, join_path("op_names", op), "the operation is left out because of this (lenient)");
}

class OpReader {
 public:
  OpReader(std::vector<OpDraft> generated, LoadContext& context) : drafts_(std::move(generated)), context_(context) {
    for (std::size_t i = 0; i < drafts_.size(); ++i) place_.emplace(drafts_[i].name, i);
    broken_.resize(drafts_.size());
  }

  void read_entry(const YamlEntry& entry) {
    const std::string path = join_path("op_names", entry.key);
    if (!is_name(entry.key)) {
      context_.out.error(entry.key_mark, path, "not an op name, expected letters, digits, '_', '.' and '-'");
      return;
    }
    const std::size_t errors = context_.out.error_count();
    guard_op(entry.key, entry.key_mark, context_, [&] {
      MapReader map(entry.value, path, context_.out);
      if (!map.is_map()) return;
      OpDraft draft = read_draft(map, entry.value, context_.out, false);
      map.reject_unknown();
      broken_now_ = context_.out.error_count() != errors;
      draft.name = entry.key;
      draft.path = path;
      place(std::move(draft));
    });
  }

  void finish() {
    if (drafts_.size() > kMaxOps) {
      context_.out.error(drafts_.back().mark, "op_names", fmt::format("too many, expected at most {} ops", kMaxOps));
      return;
    }
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (broken_[i] && context_.lenient) continue;
      guard_op(drafts_[i].name, drafts_[i].mark, context_, [&] { finish_op(drafts_[i], context_); });
    }
  }

 private:
  void place(OpDraft draft) {
    const auto [at, is_new] = place_.emplace(draft.name, drafts_.size());
    if (is_new) {
      drafts_.push_back(std::move(draft));
      broken_.push_back(broken_now_);
    } else {
      correct(drafts_[at->second], draft);
      broken_[at->second] = broken_now_;
    }
  }

  std::vector<OpDraft> drafts_;
  std::vector<bool> broken_;  ///< its keys were reported; with `lenient` that leaves it out
  bool broken_now_ = false;
  std::unordered_map<std::string, std::size_t> place_;
  LoadContext& context_;
};

}  // namespace

OpDraft read_draft(MapReader& map, const YamlNode& node, Diagnostics& out, bool is_axis_value) {
  OpDraft draft;
  draft.mark = node.mark;
  draft.base = take(map, "base");
  draft.celltype = take(map, "celltype");
  draft.multi = take(map, "multi");
  draft.sub_page = take(map, "sub_page");
  if (const std::optional<Field> durations = take(map, "durations")) read_durations(*durations, draft, out);
  if (!is_axis_value) return draft;
  if (const std::optional<Field> extra = take(map, "add_issue")) draft.extra_issue.push_back(*extra);
  return draft;
}

void overlay(OpDraft& under, const OpDraft& over) {
  if (over.base) under.base = over.base;
  if (over.celltype) under.celltype = over.celltype;
  if (over.multi) under.multi = over.multi;
  if (over.sub_page) under.sub_page = over.sub_page;
  under.durations.insert(under.durations.end(), over.durations.begin(), over.durations.end());
  under.extra_issue.insert(under.extra_issue.end(), over.extra_issue.begin(), over.extra_issue.end());
}

void read_ops(MapReader& root, LoadContext& context) {
  const YamlNode* axes = root.find("op_axes");
  const YamlNode* templates = root.find("op_templates");
  const YamlNode* names = templates != nullptr ? root.find("op_names") : root.require("op_names");
  std::vector<OpDraft> generated;
  if (templates != nullptr) {
    generated = expand_templates(axes, *templates, context);
  } else if (axes != nullptr) {
    context.out.error(axes->mark, "op_axes", "the axes are not used, expected the key 'op_templates'");
  }
  OpReader reader(std::move(generated), context);
  if (names != nullptr && expect_map(*names, "op_names", context.out)) {
    for (const YamlEntry& entry : names->entries) reader.read_entry(entry);
  }
  reader.finish();
}

}  // namespace nandtlm
