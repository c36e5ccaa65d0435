#include "testbench/scenario/check_scenario.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "config/scalars.h"

namespace nandtlm {
namespace {

constexpr std::int64_t kMaxByte = 0xFF;

class Walk {
 public:
  Walk(const Device& device, Diagnostics& out) : device_(device), out_(out) {}

  void body(const Body& body) {
    for (const ScenarioStep& step : body.steps) {
      if (too_long_) return;
      if (step.kind == ScenarioStep::Kind::Repeat) {
        loop(step);
      } else {
        ++steps_;
        leaf(step);
        if (terms_ > kMaxTerms) give_up(step.mark, fmt::format("more than {} requests and numbers in all", kMaxTerms));
      }
    }
  }

  std::uint64_t steps() const { return steps_; }

 private:
  /// One error for each position, whatever the round.
  void error(const Mark& mark, const char* key, const std::string& what) {
    if (!reported_.emplace(mark.line, mark.column).second) return;
    std::string round;
    for (const std::int64_t counter : counters_) round += fmt::format("{}{}", round.empty() ? "" : ", ", counter);
    out_.error(mark, key, round.empty() ? what : fmt::format("{} (in round {})", what, round));
  }

  void give_up(const Mark& mark, const std::string& why) {
    too_long_ = true;
    error(mark, "repeat", why + ", expected fewer rounds or shorter steps");
  }

  std::optional<std::int64_t> evaluate(const Expression& expression) {
    terms_ += expression.terms();
    return expression.evaluate(counters_);
  }
  std::optional<std::int64_t> evaluate_whole(const Expression& expression) {
    terms_ += expression.terms();
    return expression.evaluate_whole(counters_);
  }

  void loop(const ScenarioStep& step) {
    if (!step.count) return;
    const std::optional<std::int64_t> rounds = evaluate_whole(*step.count);
    const auto most = static_cast<std::int64_t>(kMaxSteps);
    if (!rounds || *rounds < 1 || *rounds > most) {
      error(step.mark, "repeat", fmt::format("expected a whole number of rounds from 1 to {}", most));
      return;
    }
    counters_.push_back(0);
    for (std::int64_t round = 0; round < *rounds && !too_long_; ++round) {
      counters_.back() = round;
      const std::uint64_t before = steps_;
      body(step.body);
      if (steps_ == before) break;
      if (too_long_) break;
      if (steps_ > kMaxSteps) give_up(step.mark, fmt::format("more than {} steps in all", kMaxSteps));
    }
    counters_.pop_back();
  }

  void leaf(const ScenarioStep& step) {
    terms_ += step.ops.size() + step.check.shares.size() + step.check.depths.size() + step.check.metrics.size();
    trigger(step.trigger);
    for (const OpLine& line : step.ops) op(line);
    for (const ShareExpect& share : step.check.shares) duration(share.time, share.step.mark, "expect");
    for (const DepthExpect& depth : step.check.depths) count(depth.value, depth.mark);
    for (const MetricExpect& metric : step.check.metrics) value(metric.value, metric.mark, "metrics");
  }

  void trigger(const Trigger& trigger) {
    const Moment& moment = trigger.moment;
    if (trigger.kind == Trigger::Kind::AtEnd) {
      if (!counters_.empty()) error(moment.mark, "at", "the run ends once, expected `at: end` outside of loops");
      return;
    }
    const std::optional<Time> time = value(moment.offset, moment.mark, "at");
    if (!time) return;
    if (*time < 0) error(moment.mark, "at", "a time before that event, expected the same time or a later one");
    if (trigger.kind != Trigger::Kind::At) return;
    if (*time < last_at_) {
      error(moment.mark, "at",
            fmt::format("{} us goes back behind the {} us of an earlier step, expected times that rise", us_text(*time),
                        us_text(last_at_)));
    }
    last_at_ = std::max(last_at_, *time);
  }

  void op(const OpLine& line) {
    const bool addresses_ok = target(line.target);
    if (line.not_before) moment(*line.not_before);
    for (const TimeExpect& time : line.expect.times) moment(time.value);
    if (line.expect.suspends) count(line.expect.suspends->value, line.expect.suspends->mark);
    if (line.op && addresses_ok) matches_op(line, device_.base_of(*line.op).effects);
  }

  void moment(const Moment& moment) {
    const std::optional<Time> time = value(moment.offset, moment.mark, "expect");
    if (time && !moment.since && *time < 0) error(moment.mark, "expect", "a negative time, expected 0 or more");
  }

  bool target(const TargetSpec& target) {
    bool ok = true;
    const Topology& topology = device_.topology;
    if (target.die) ok = number(*target.die, target.mark, "die", topology.dies).has_value();
    std::optional<std::int64_t> first_die;
    for (const TargetLine& line : target.lines) {
      if (line.die) {
        const std::optional<std::int64_t> die = number(*line.die, line.mark, "die", topology.dies);
        ok = ok && die.has_value();
        if (die && first_die && *die != *first_die) {
          error(line.mark, "die", fmt::format("die {} beside die {}, expected one die for one op", *die, *first_die));
        }
        if (!first_die) first_die = die;
      }
      ok = address(line) && ok;
    }
    return ok;
  }

  bool address(const TargetLine& line) {
    const Topology& topology = device_.topology;
    std::optional<std::int64_t> plane;
    std::optional<std::int64_t> block;
    if (line.plane) plane = number(*line.plane, line.mark, "plane", topology.planes);
    if (line.block) block = number(*line.block, line.mark, "block", topology.blocks_per_die);
    const bool page_ok = !line.page || number(*line.page, line.mark, "page", topology.pages_per_block).has_value();
    if (plane && block && topology.plane_of(static_cast<std::uint32_t>(*block)) != *plane) {
      error(line.mark, "plane",
            fmt::format("block {} sits in plane {}, expected that or no plane", *block,
                        topology.plane_of(static_cast<std::uint32_t>(*block))));
      return false;
    }
    return page_ok && plane.has_value() == line.plane.has_value() && block.has_value() == line.block.has_value();
  }

  void matches_op(const OpLine& line, const Effects& effects) {
    const bool reads = effects.action == Action::Read || effects.action == Action::DataOut;
    if (line.data) data(*line.data, line.target, effects.action == Action::Program, "only a program takes data");
    if (line.expect.data) {
      data(*line.expect.data, line.target, reads, "only a read or a data-out gives data");
      if (!device_.policies.store_data) {
        error(line.expect.data->mark, "data", "the device keeps no data, expected `policies.store_data: true`");
      }
    }
    if (line.expect.status && effects.action != Action::Status) {
      error(line.expect.status->mark, "status", "only a status read has a status");
    }
  }

  void data(const DataSpec& data, const TargetSpec& target, bool fits, const char* problem) {
    if (!fits) error(data.mark, "data", fmt::format("{}, expected none here", problem));
    if (target.lines.empty()) error(data.mark, "data", "data without a target");
    if (data.bytes.size() != 1 && data.bytes.size() != target.lines.size()) {
      error(data.mark, "data",
            fmt::format("{} bytes for {} targets, expected one, or one for each", data.bytes.size(),
                        target.lines.size()));
    }
    for (const Expression& byte : data.bytes) {
      const std::optional<std::int64_t> number = evaluate_whole(byte);
      if (!number || *number < 0 || *number > kMaxByte) {
        error(data.mark, "data", "expected a byte from 0 to 255 (0x00 to 0xFF) that fills the page");
      }
    }
  }

  std::optional<std::int64_t> value(const Expression& expression, const Mark& mark, const char* key) {
    const std::optional<std::int64_t> result = evaluate(expression);
    if (!result)
      error(mark, key, "has no exact value: too large, divided by 0, or a fraction where a whole number must be");
    return result;
  }

  void duration(const Expression& expression, const Mark& mark, const char* key) {
    const std::optional<Time> time = value(expression, mark, key);
    if (time && *time < 0) error(mark, key, "a negative time, expected 0 or more");
  }

  void count(const Expression& expression, const Mark& mark) {
    const std::optional<std::int64_t> whole = evaluate_whole(expression);
    if (!whole || *whole < 0) error(mark, "expect", "expected a whole number of at least 0");
  }

  /// A part of an address, below `limit`.
  std::optional<std::int64_t> number(const Expression& expression, const Mark& mark, const char* key,
                                     std::uint32_t limit) {
    const std::optional<std::int64_t> whole = evaluate_whole(expression);
    if (whole && *whole >= 0 && *whole < limit) return whole;
    const std::string shown = whole ? fmt::format("{} {}", key, *whole) : fmt::format("no whole {}", key);
    error(mark, key, fmt::format("{}: the device has {} 0 to {}", shown, key, limit - 1));
    return std::nullopt;
  }

  const Device& device_;
  Diagnostics& out_;
  Counters counters_;
  std::uint64_t steps_ = 0;
  std::uint64_t terms_ = 0;
  bool too_long_ = false;
  Time last_at_ = 0;
  std::set<std::pair<int, int>> reported_;
};

}  // namespace

std::uint64_t check_scenario(const Body& body, const Device& device, Diagnostics& out) {
  Walk walk(device, out);
  walk.body(body);
  return walk.steps();
}

}  // namespace nandtlm
