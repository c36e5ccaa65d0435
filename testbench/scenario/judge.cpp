#include "testbench/scenario/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/scalars.h"
#include "testbench/scenario/metric_names.h"

namespace nandtlm {
namespace {

constexpr const char* kNotYet = "nothing yet";

std::string shown(Time time) {
  return time == kNever ? std::string(kNotYet) : us_text(time) + " us";
}

/// us_text() for a figure that may be negative where a scenario has it wrong.
std::string signed_us(Time time) {
  return time < 0 ? "-" + us_text(-time) : us_text(time);
}

/// "'p1': ", "round 3: 'p1': " or nothing.
std::string label(const Frame& frame, const std::string& step_name) {
  std::string text;
  for (const std::int64_t round : frame.counters) text += fmt::format("round {}: ", round);
  return step_name.empty() ? text : fmt::format("{}'{}': ", text, step_name);
}

std::string refusal_text(const Refusal& refusal, const std::string& op_name) {
  std::string text = fmt::format("refused with {} ({}, rule {}", name(refusal.reason), op_name, refusal.rule);
  if (refusal.blocker != 0) text += fmt::format(", uid {} in the way", refusal.blocker);
  if (refusal.to > refusal.from) text += fmt::format(", from {} to {}", shown(refusal.from), shown(refusal.to));
  return text + ")";
}

const char* outcome_text(const Outcome& outcome) {
  if (outcome.unfinished) return "unfinished";
  return outcome.reason == Reason::None ? "completed" : name(outcome.reason);
}

const char* status_text(std::int8_t status) {
  static constexpr std::array<const char*, 3> kNames = {"busy", "extrdy", "ready"};
  return status < 0 ? "none" : kNames.at(static_cast<std::size_t>(status));
}

Time seen_time(TimeOf what, const StepRecord& record) {
  switch (what) {
    case TimeOf::Start:
      return record.time(Event::Start);
    case TimeOf::End:
      return record.time(Event::End);
    case TimeOf::Suspend:
      return record.time(Event::Suspend);
    case TimeOf::Resume:
      return record.time(Event::Resume);
    case TimeOf::Consumed:
      return record.consumed;
    case TimeOf::Remaining:
      return record.remaining;
    case TimeOf::Duration:
      break;
  }
  if (record.time(Event::Start) == kNever || record.time(Event::End) == kNever) return kNever;
  return record.time(Event::End) - record.time(Event::Start);
}

}  // namespace

Time time_of(const Moment& moment, const Frame& frame) {
  const Time offset = moment.offset.evaluate(frame.counters).value_or(0);
  if (!moment.since) return offset;
  const Time event = frame.anchor(moment.since->step).record(moment.since->step).time(moment.event);
  return event == kNever ? kNever : event + offset;
}

void Judge::decision(const Frame& frame, const ScenarioStep& step, const BatchDecision& decision,
                     FailureLog& log) const {
  const bool one_expected =
      std::any_of(step.ops.begin(), step.ops.end(), [](const OpLine& line) { return line.expect.refused.has_value(); });
  const std::string op_name =
      decision.accepted ? std::string() : package_.device().op(*step.ops[decision.refused_index].op).name;
  const auto expect = [&](const Expected<Reason>& reason, const std::string& step_name, bool by_this) {
    if (!decision.accepted && by_this && decision.refusal.reason == reason.value) return;
    const std::string seen = decision.accepted ? "accepted" : refusal_text(decision.refusal, op_name);
    log.add(reason.mark,
            fmt::format("{}expected refused with {}, seen {}", label(frame, step_name), name(reason.value), seen));
  };
  if (step.refused) expect(*step.refused, step.name, true);
  for (std::size_t i = 0; i < step.ops.size(); ++i) {
    const OpLine& line = step.ops[i];
    if (line.expect.refused) expect(*line.expect.refused, line.name, i == decision.refused_index);
  }
  if (decision.accepted || step.refused || one_expected) return;
  const OpLine& line = step.ops[decision.refused_index];
  log.add(line.mark, fmt::format("{}expected accepted, seen {}", label(frame, line.name),
                                 refusal_text(decision.refusal, op_name)));
}

void Judge::finished(const Frame& frame, const OpLine& line, const OpResult& result, const PageData& read,
                     FailureLog& log) const {
  times(frame, line, log);
  outcome(line, result, log);
  status(line, result, log);
  const OpExpect& expect = line.expect;
  if (expect.suspends) {
    const std::int64_t wanted = expect.suspends->value.evaluate_whole(frame.counters).value_or(0);
    if (wanted != static_cast<std::int64_t>(result.suspends)) {
      log.add(expect.suspends->mark,
              fmt::format("{}expected {} suspends, seen {}", label(frame, line.name), wanted, result.suspends));
    }
  }
  if (expect.data && read != nullptr) data(frame, line, *read, log);
}

void Judge::unfinished(const Frame& frame, const OpLine& line, FailureLog& log) const {
  const OpExpect& expect = line.expect;
  const char* stands = name(frame.record(line.id).state);
  if (!expect.outcome || !expect.outcome->value.unfinished) {
    const Mark& mark = expect.outcome ? expect.outcome->mark : line.mark;
    const Outcome wanted = expect.outcome ? expect.outcome->value : Outcome();
    log.add(mark, fmt::format("{}expected {}, seen {} when the run was over", label(frame, line.name),
                              outcome_text(wanted), stands));
    return;
  }
  times(frame, line, log);
  if (expect.data)
    log.add(expect.data->mark, fmt::format("{}expected data, seen {}", label(frame, line.name), kNotYet));
}

void Judge::state(const Frame& frame, const OpLine& line, FailureLog& log) const {
  const OpState seen = frame.record(line.id).state;
  if (seen == line.expect.state->value) return;
  log.add(line.expect.state->mark,
          fmt::format("{}expected {}, seen {}", label(frame, line.name), name(line.expect.state->value), name(seen)));
}

void Judge::times(const Frame& frame, const OpLine& line, FailureLog& log) const {
  for (const TimeExpect& expect : line.expect.times) time(frame, line, expect, log);
}

void Judge::time(const Frame& frame, const OpLine& line, const TimeExpect& expect, FailureLog& log) const {
  const Time wanted = time_of(expect.value, frame);
  const Time seen = seen_time(expect.what, frame.record(line.id));
  if (wanted != kNever && wanted == seen) return;
  const std::string wanted_text =
      wanted == kNever
          ? fmt::format("{}.{}, which has not happened", expect.value.since->step_name, name(expect.value.event))
          : signed_us(wanted) + " us";
  log.add(expect.value.mark, fmt::format("{}expected {} {}, seen {}", label(frame, line.name), name(expect.what),
                                         wanted_text, shown(seen)));
}

void Judge::outcome(const OpLine& line, const OpResult& result, FailureLog& log) const {
  const Outcome wanted = line.expect.outcome ? line.expect.outcome->value : Outcome();
  if (!wanted.unfinished && wanted.reason == result.outcome) return;
  const Mark& mark = line.expect.outcome ? line.expect.outcome->mark : line.mark;
  log.add(mark, fmt::format("{}expected {}, seen {} at {} us",
                            line.name.empty() ? std::string() : fmt::format("'{}': ", line.name), outcome_text(wanted),
                            outcome_text(Outcome{false, result.outcome}), us_text(result.ended_at)));
}

void Judge::status(const OpLine& line, const OpResult& result, FailureLog& log) const {
  const std::string who = line.name.empty() ? std::string() : fmt::format("'{}': ", line.name);
  if (line.expect.status && line.expect.status->value != result.ready_state) {
    log.add(line.expect.status->mark,
            fmt::format("{}expected status {}, seen {}", who, status_text(line.expect.status->value),
                        status_text(result.ready_state)));
  }
  const bool failed = (result.status & kStatusFail) != 0;
  if (line.expect.fail && line.expect.fail->value != failed) {
    log.add(line.expect.fail->mark, fmt::format("{}expected fail {}, seen {}", who, line.expect.fail->value, failed));
  }
}

void Judge::data(const Frame& frame, const OpLine& line, const std::vector<std::uint8_t>& read, FailureLog& log) const {
  const DataSpec& spec = *line.expect.data;
  const std::size_t page = package_.device().topology.page_total_bytes();
  for (std::size_t i = 0; i < line.target.lines.size(); ++i) {
    const Expression& byte = spec.bytes.size() == 1 ? spec.bytes.front() : spec.bytes[i];
    const auto wanted = static_cast<std::uint8_t>(byte.evaluate_whole(frame.counters).value_or(0));
    const auto first = read.begin() + static_cast<std::ptrdiff_t>(i * page);
    const auto last = first + static_cast<std::ptrdiff_t>(page);
    const auto wrong = std::find_if(first, last, [&](std::uint8_t seen) { return seen != wanted; });
    if (wrong == last) continue;
    log.add(spec.mark, fmt::format("{}expected data 0x{:02X} from target {}, seen 0x{:02X} at byte {}",
                                   label(frame, line.name), wanted, i, *wrong, wrong - first));
  }
}

void Judge::check(const Frame& frame, const ScenarioStep& step, FailureLog& log) const {
  const CheckExpect& check = step.check;
  for (const StateExpect& expect : check.states) {
    const OpState seen = frame.anchor(expect.step.step).record(expect.step.step).state;
    if (seen == expect.state) continue;
    log.add(expect.step.mark,
            fmt::format("{}expected {}, seen {}", label(frame, expect.step.step_name), name(expect.state), name(seen)));
  }
  for (const ShareExpect& expect : check.shares) share(frame, expect, log);
  for (const DepthExpect& expect : check.depths) depth(frame, expect, log);
  for (const MetricExpect& expect : check.metrics) metric(frame, expect, log);
  end_order(frame, check, log);
  if (check.self_check) self_check(*check.self_check, log);
}

void Judge::share(const Frame& frame, const ShareExpect& expect, FailureLog& log) const {
  const StepRecord& record = frame.anchor(expect.step.step).record(expect.step.step);
  const Time seen = expect.remaining ? record.remaining : record.consumed;
  const Time wanted = expect.time.evaluate(frame.counters).value_or(0);
  if (seen == wanted) return;
  log.add(expect.step.mark, fmt::format("{}expected {} {}, seen {}", label(frame, expect.step.step_name),
                                        expect.remaining ? "remaining" : "consumed", shown(wanted), shown(seen)));
}

void Judge::depth(const Frame& frame, const DepthExpect& expect, FailureLog& log) const {
  const std::size_t seen = expect.backlog ? scheduler_.backlog_size(expect.die, expect.family)
                                          : package_.die(expect.die).resources().stack_depth(expect.family);
  const std::int64_t wanted = expect.value.evaluate_whole(frame.counters).value_or(0);
  if (static_cast<std::int64_t>(seen) == wanted) return;
  log.add(expect.mark, fmt::format("{}expected {} {} on the {} of die {}, seen {}", label(frame, {}), wanted,
                                   name(expect.family), expect.backlog ? "backlog" : "stack", expect.die, seen));
}

void Judge::metric(const Frame& frame, const MetricExpect& expect, FailureLog& log) const {
  const bool is_time = metric_is_time(expect.metric);
  const std::int64_t millionths = expect.value.evaluate(frame.counters).value_or(0);
  const std::optional<std::int64_t> seen = package_.observers().metrics().value(expect.metric);
  const bool equal = is_time ? seen == millionths : seen && *seen * Expression::kOne == millionths;
  if (equal) return;
  std::string seen_text = kNotYet;
  if (seen) seen_text = is_time ? shown(*seen) : std::to_string(*seen);
  log.add(expect.mark, fmt::format("{}expected {} = {}, seen {}", label(frame, {}), expect.metric,
                                   signed_us(millionths), seen_text));
}

void Judge::end_order(const Frame& frame, const CheckExpect& check, FailureLog& log) const {
  const StepRef* before = nullptr;
  std::uint64_t rank_before = 0;
  for (const StepRef& step : check.end_order) {
    const std::uint64_t rank = frame.anchor(step.step).record(step.step).end_rank;
    if (rank == 0) {
      log.add(step.mark, fmt::format("{}expected an end, seen {}", label(frame, step.step_name), kNotYet));
      return;
    }
    if (before != nullptr && rank < rank_before) {
      log.add(step.mark, fmt::format("{}expected the end after that of '{}', seen before it",
                                     label(frame, step.step_name), before->step_name));
    }
    before = &step;
    rank_before = rank;
  }
}

void Judge::self_check(const Mark& mark, FailureLog& log) const {
  for (const CheckLine& line : package_.observers().self_check().report()) {
    if (!line.pass)
      log.add(mark, fmt::format("expected the self-check to pass, seen {} FAIL: {}", line.name, line.detail));
  }
}

}  // namespace nandtlm
