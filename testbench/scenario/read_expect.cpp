#include "testbench/scenario/read_expect.h"

#include <fmt/format.h>

#include "testbench/scenario/metric_names.h"

namespace nandtlm {
namespace {

constexpr std::array<Choice<OpState>, 8> kStates8 = {{{"not_proposed", OpState::NotProposed},
                                                      {"refused", OpState::Refused},
                                                      {"reserved", OpState::Reserved},
                                                      {"backlogged", OpState::Backlogged},
                                                      {"running", OpState::Running},
                                                      {"suspended", OpState::Suspended},
                                                      {"done", OpState::Done},
                                                      {"aborted", OpState::Aborted}}};
constexpr std::array<Choice<std::int8_t>, 3> kStatusWords = {
    {{"busy", std::int8_t{0}}, {"extrdy", std::int8_t{1}}, {"ready", std::int8_t{2}}}};
constexpr std::array<Choice<Family>, 2> kFamilyWords = {{{"program", Family::Program}, {"erase", Family::Erase}}};

void read_times(MapReader& map, OpExpect& expect, ScenarioContext& context) {
  for (const TimeOf what : {TimeOf::Start, TimeOf::End, TimeOf::Duration, TimeOf::Suspend, TimeOf::Resume,
                            TimeOf::Consumed, TimeOf::Remaining}) {
    const YamlNode* node = map.find(name(what));
    if (node == nullptr) continue;
    const bool duration = what == TimeOf::Duration || what == TimeOf::Consumed || what == TimeOf::Remaining;
    const std::string path = map.path_of(name(what));
    if (duration) {
      const std::optional<Expression> value = read_expression(*node, path, context);
      if (value) expect.times.push_back({what, Moment{std::nullopt, Event::Start, *value, node->mark}});
    } else if (const std::optional<Moment> moment = read_moment(*node, path, context)) {
      expect.times.push_back({what, *moment});
    }
  }
}

std::optional<Expected<Outcome>> read_outcome(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  if (node.is_scalar() && node.text == "completed") return Expected<Outcome>{Outcome{}, node.mark};
  if (node.is_scalar() && node.text == "unfinished") return Expected<Outcome>{Outcome{true, Reason::None}, node.mark};
  const Reason reason = node.is_scalar() ? reason_from_name(node.text.c_str()) : Reason::None;
  if (reason != Reason::None) return Expected<Outcome>{Outcome{false, reason}, node.mark};
  context.out.error(
      node.mark, path,
      fmt::format("found {}, expected completed, unfinished or a reason as nothing_to_suspend or aborted_by_reset",
                  describe(node)));
  return std::nullopt;
}

template <typename T, typename Read>
void read_into(MapReader& map, std::string_view key, std::optional<Expected<T>>& value, Read&& read) {
  const YamlNode* node = map.find(key);
  if (node == nullptr) return;
  if (const std::optional<T> found = read(*node, map.path_of(key))) value = Expected<T>{*found, node->mark};
}

void check_refused_alone(const YamlNode& node, const std::string& path, const OpExpect& expect, Diagnostics& out) {
  const bool more =
      !expect.times.empty() || expect.outcome || expect.status || expect.fail || expect.suspends || expect.data;
  if (expect.refused && more) {
    out.error(node.mark, path, "what is refused never runs, expected `refused` without times, outcome, status or data");
  }
}

/// Calls read(key, mark, value, path) for every entry of the map `key`.
template <typename Read>
void for_each_entry(MapReader& map, std::string_view key, ScenarioContext& context, Read&& read) {
  const YamlNode* node = map.find(key);
  if (node == nullptr || !expect_map(*node, map.path_of(key), context.out)) return;
  for (const YamlEntry& entry : node->entries) read(entry, join_path(map.path_of(key), entry.key));
}

StepRef ref_of(const YamlEntry& entry) {
  return StepRef{entry.key, entry.key_mark, kNoStep};
}

void read_states(MapReader& map, CheckExpect& check, ScenarioContext& context) {
  for_each_entry(map, "state", context, [&](const YamlEntry& entry, const std::string& path) {
    const std::optional<OpState> state = read_choice(entry.value, path, context.out, kStates8);
    if (state) check.states.push_back({ref_of(entry), *state});
  });
}

void read_shares(MapReader& map, const char* key, CheckExpect& check, ScenarioContext& context) {
  for_each_entry(map, key, context, [&](const YamlEntry& entry, const std::string& path) {
    const std::optional<Expression> time = read_expression(entry.value, path, context);
    if (time) check.shares.push_back({ref_of(entry), std::string_view(key) == "remaining", *time});
  });
}

/// `stack: {0: {erase: 1, program: 0}}`, by die.
void read_depths(MapReader& map, const char* key, CheckExpect& check, ScenarioContext& context) {
  const Range dies{0, context.device.topology.dies - 1};
  for_each_entry(map, key, context, [&](const YamlEntry& die_entry, const std::string& die_path) {
    const Parsed<std::uint64_t> die = parse_count(die_entry.key, dies);
    if (!die.value)
      context.out.error(die_entry.key_mark, die_path, fmt::format("no die of the device: {}", die.problem));
    MapReader families(die_entry.value, die_path, context.out);
    for (const Choice<Family>& family : kFamilyWords) {
      const YamlNode* node = families.find(family.word);
      if (node == nullptr) continue;
      const std::optional<Expression> value = read_expression(*node, families.path_of(family.word), context);
      if (!value || !die.value) continue;
      check.depths.push_back({node->mark, static_cast<std::uint32_t>(*die.value), family.value,
                              std::string_view(key) == "backlog", *value});
    }
    families.reject_unknown();
  });
}

void read_metrics(MapReader& map, CheckExpect& check, ScenarioContext& context) {
  for_each_entry(map, "metrics", context, [&](const YamlEntry& entry, const std::string& path) {
    if (!metric_exists(entry.key, context.device)) {
      context.out.error(entry.key_mark, path, fmt::format("unknown metric, expected a name of docs/metrics.md"));
    }
    const std::optional<Expression> value = read_expression(entry.value, path, context);
    if (value) check.metrics.push_back({entry.key_mark, entry.key, *value});
  });
}

void read_order(MapReader& map, CheckExpect& check, ScenarioContext& context) {
  const YamlNode* node = map.find("order");
  if (node == nullptr) return;
  const std::string path = map.path_of("order");
  check.end_order_mark = node->mark;
  if (!expect_list(*node, path, context.out)) return;
  if (node->items.size() < 2)
    context.out.error(node->mark, path, "expected at least two names in the order of their ends");
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const std::optional<StepRef> step = read_step_ref(node->items[i], item_path(path, i), context);
    if (step) check.end_order.push_back(*step);
  }
}

void read_self_check(MapReader& map, CheckExpect& check, ScenarioContext& context) {
  const YamlNode* node = map.find("self_check");
  if (node == nullptr) return;
  check.self_check = node->mark;
  if (node->text != "pass") unknown_word(*node, map.path_of("self_check"), context.out, {"pass"});
}

}  // namespace

OpExpect read_op_expect(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  OpExpect expect;
  Diagnostics& out = context.out;
  MapReader map(node, path, out);
  read_times(map, expect, context);
  read_into<Reason>(map, "refused", expect.refused,
                    [&](const YamlNode& n, const std::string& p) { return read_reason(n, p, context); });
  read_into<OpState>(map, "state", expect.state,
                     [&](const YamlNode& n, const std::string& p) { return read_choice(n, p, out, kStates8); });
  if (const YamlNode* outcome = map.find("outcome")) {
    expect.outcome = read_outcome(*outcome, map.path_of("outcome"), context);
  }
  read_into<std::int8_t>(map, "status", expect.status,
                         [&](const YamlNode& n, const std::string& p) { return read_choice(n, p, out, kStatusWords); });
  read_into<bool>(map, "fail", expect.fail,
                  [&](const YamlNode& n, const std::string& p) { return read_bool(n, p, out); });
  read_into<Expression>(map, "suspends", expect.suspends,
                        [&](const YamlNode& n, const std::string& p) { return read_expression(n, p, context); });
  if (const YamlNode* data = map.find("data")) expect.data = read_data(*data, map.path_of("data"), context);
  map.reject_unknown();
  check_refused_alone(node, path, expect, out);
  return expect;
}

std::optional<Expected<Reason>> read_batch_expect(const YamlNode& node, const std::string& path,
                                                  ScenarioContext& context) {
  std::optional<Expected<Reason>> refused;
  MapReader map(node, path, context.out);
  read_into<Reason>(map, "refused", refused,
                    [&](const YamlNode& n, const std::string& p) { return read_reason(n, p, context); });
  map.reject_unknown();
  return refused;
}

CheckExpect read_check_expect(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  CheckExpect check;
  MapReader map(node, path, context.out);
  read_states(map, check, context);
  read_shares(map, "consumed", check, context);
  read_shares(map, "remaining", check, context);
  read_depths(map, "stack", check, context);
  read_depths(map, "backlog", check, context);
  read_metrics(map, check, context);
  read_order(map, check, context);
  read_self_check(map, check, context);
  map.reject_unknown();
  if (map.is_map() && node.entries.empty()) context.out.error(node.mark, path, "expects nothing");
  return check;
}

}  // namespace nandtlm
