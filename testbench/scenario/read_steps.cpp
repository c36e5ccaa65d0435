#include "testbench/scenario/read_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "testbench/scenario/read_expect.h"
#include "testbench/scenario/read_targets.h"

namespace nandtlm {
namespace {

constexpr const char* kPrevious = "previous";

/// `name:` of a step or a request, unique in the file.
std::string read_step_name(MapReader& map, StepId id, ScenarioContext& context) {
  const YamlNode* node = map.find("name");
  if (node == nullptr) return {};
  const std::string path = map.path_of("name");
  const std::optional<std::string> step = read_identifier(*node, path, context);
  if (!step) return {};
  if (*step == kPrevious)
    context.out.error(node->mark, path, "'previous' means the step before, expected another name");
  const auto [found, is_new] = context.steps.emplace(*step, ScenarioContext::Named{id, node->mark});
  if (!is_new) {
    context.out.error(
        node->mark, path,
        fmt::format("the name '{}' is taken in line {}, expected another", *step, found->second.mark.line));
  }
  return *step;
}

std::optional<OpId> read_op(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  const std::optional<OpId> op = node.is_scalar() ? context.device.find_op(node.text) : std::nullopt;
  if (op) return op;
  const auto known = [&context] {
    std::vector<std::string> names;
    for (const OpSpec& spec : context.device.ops) names.push_back(spec.name);
    return names;
  };
  context.out.error(
      node.mark, path,
      fmt::format("found {}, expected an op of the device{}", describe(node), did_you_mean(node.text, known, context)));
  return std::nullopt;
}

/// What a single step and a request of a batch have in common; `expect` included.
OpLine read_op_line(MapReader& map, const Mark& mark, StepId id, ScenarioContext& context) {
  OpLine line;
  line.id = id;
  line.mark = mark;
  line.name = read_step_name(map, id, context);
  if (const YamlNode* op = map.require("op")) line.op = read_op(*op, map.path_of("op"), context);
  line.target = read_target(map, mark, context);
  if (const YamlNode* start = map.find("not_before")) {
    line.not_before = read_moment(*start, map.path_of("not_before"), context);
  }
  map.read("exact", line.exact);
  if (const YamlNode* data = map.find("data")) line.data = read_data(*data, map.path_of("data"), context);
  if (const YamlNode* expect = map.find("expect")) {
    line.expect = read_op_expect(*expect, map.path_of("expect"), context);
  }
  return line;
}

void read_at(const YamlNode& node, const std::string& path, Trigger& trigger, ScenarioContext& context) {
  trigger.moment.mark = node.mark;
  if (node.is_scalar() && node.text == "end") {
    trigger.kind = Trigger::Kind::AtEnd;
    return;
  }
  const std::optional<Expression> time = read_expression(node, path, context);
  if (!time) return;
  trigger.kind = Trigger::Kind::At;
  trigger.moment.offset = *time;
}

void read_after(const YamlNode& node, const std::string& path, Trigger& trigger, ScenarioContext& context) {
  const std::optional<Moment> moment = read_moment(node, path, context);
  if (!moment) return;
  trigger.moment = *moment;
  if (!moment->since) {
    context.out.error(node.mark, path,
                      fmt::format("found {}, expected `STEP.EVENT` or `STEP.EVENT + us`", describe(node)));
    return;
  }
  const bool previous = moment->since->step_name == kPrevious;
  trigger.kind = previous ? Trigger::Kind::Previous : Trigger::Kind::After;
}

Trigger read_trigger(MapReader& map, const Mark& mark, ScenarioContext& context) {
  Trigger trigger;
  trigger.moment.mark = mark;
  trigger.moment.event = Event::End;
  const YamlNode* at = map.find("at");
  const YamlNode* after = map.find("after");
  if (at != nullptr) read_at(*at, map.path_of("at"), trigger, context);
  if (after != nullptr) read_after(*after, map.path_of("after"), trigger, context);
  if (at != nullptr && after != nullptr) {
    context.out.error(mark, map.path_of("after"), "both `at` and `after`, expected one of them");
  }
  return trigger;
}

void reject_at_end(const ScenarioStep& step, const std::string& path, ScenarioContext& context) {
  if (step.trigger.kind != Trigger::Kind::AtEnd) return;
  context.out.error(step.trigger.moment.mark, path, "nothing is proposed when the run is over, expected a time");
}

void read_batch(const YamlNode& list, MapReader& map, ScenarioStep& step, ScenarioContext& context) {
  step.batch = true;
  step.name = read_step_name(map, step.id, context);
  const std::string path = map.path_of("batch");
  if (!expect_list(list, path, context.out)) return;
  if (list.items.empty()) context.out.error(list.mark, path, "empty, expected at least one request");
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    MapReader request(list.items[i], item_path(path, i), context.out);
    step.ops.push_back(read_op_line(request, list.items[i].mark, context.next_id++, context));
    request.reject_unknown();
  }
  if (const YamlNode* expect = map.find("expect")) {
    step.refused = read_batch_expect(*expect, map.path_of("expect"), context);
  }
}

/// `as:`, the counter of a loop; "i" where it is absent.
std::string read_counter(MapReader& map, const Mark& mark, ScenarioContext& context) {
  const YamlNode* node = map.find("as");
  const std::string path = map.path_of("as");
  std::string counter = node == nullptr ? "i" : read_identifier(*node, path, context).value_or("i");
  if (std::find(context.counters.begin(), context.counters.end(), counter) != context.counters.end()) {
    context.out.error(node == nullptr ? mark : node->mark, path,
                      fmt::format("a loop around this one counts in '{}', expected another name", counter));
  }
  return counter;
}

void read_loop(const YamlNode& count, MapReader& map, ScenarioStep& step, ScenarioContext& context) {
  step.kind = ScenarioStep::Kind::Repeat;
  step.body.ids = {context.next_id, context.next_id};  // where the body cannot be read
  step.count = read_expression(count, map.path_of("repeat"), context);
  const std::string counter = read_counter(map, step.mark, context);
  const YamlNode* steps = map.require("steps");
  if (steps == nullptr) return;
  if (context.counters.size() == kMaxLoopDepth) {
    context.out.error(step.mark, map.path_of("steps"),
                      fmt::format("expected at most {} loops in each other", kMaxLoopDepth));
    return;
  }
  context.counters.push_back(counter);
  step.body = read_body(*steps, map.path_of("steps"), context);
  context.counters.pop_back();
}

void read_check(MapReader& map, ScenarioStep& step, ScenarioContext& context) {
  step.kind = ScenarioStep::Kind::Check;
  step.name = read_step_name(map, step.id, context);
  if (const YamlNode* expect = map.require("expect")) {
    step.check = read_check_expect(*expect, map.path_of("expect"), context);
  }
}

ScenarioStep read_step(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  ScenarioStep step;
  step.mark = node.mark;
  step.id = context.next_id;
  MapReader map(node, path, context.out);
  if (!map.is_map()) {
    ++context.next_id;
    return step;
  }
  const YamlNode* repeat = node.find("repeat");
  if (repeat != nullptr) {
    map.find("repeat");
    read_loop(*repeat, map, step, context);
    map.reject_unknown();
    return step;
  }
  ++context.next_id;
  step.trigger = read_trigger(map, node.mark, context);
  if (const YamlNode* batch = node.find("batch")) {
    map.find("batch");
    read_batch(*batch, map, step, context);
    reject_at_end(step, map.path_of("at"), context);
  } else if (node.find("op") != nullptr) {
    step.ops.push_back(read_op_line(map, node.mark, step.id, context));
    step.name = step.ops.front().name;
    reject_at_end(step, map.path_of("at"), context);
  } else if (node.find("expect") != nullptr) {
    read_check(map, step, context);
  } else {
    context.out.error(node.mark, path, "a step without op, batch, repeat or expect, expected one of them");
    return step;
  }
  map.reject_unknown();
  return step;
}

}  // namespace

Body read_body(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  Body body;
  body.ids.first = context.next_id;
  if (expect_list(node, path, context.out)) {
    if (node.items.empty()) context.out.error(node.mark, path, "no steps, expected at least one");
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      body.steps.push_back(read_step(node.items[i], item_path(path, i), context));
    }
  }
  body.ids.last = context.next_id;
  return body;
}

}  // namespace nandtlm
