#include "testbench/scenario/scenario_player.h"

#include <fmt/format.h>

#include "config/scalars.h"

namespace nandtlm {
namespace {

/// A model that never comes to rest at one instant is looked at all the same.
constexpr int kMaxLookRounds = 100;

StepId last_leaf(const ScenarioStep& step) {
  return step.kind == ScenarioStep::Kind::Repeat ? last_leaf(step.body.steps.back()) : step.id;
}

/// What stands before an item of the body: in the round, in the round before, or before the loop. nullptr: nothing.
std::shared_ptr<Frame> previous_of(const std::shared_ptr<Frame>& frame, std::size_t item, StepId& id) {
  const std::vector<ScenarioStep>& steps = frame->body->steps;
  if (item > 0) {
    id = last_leaf(steps[item - 1]);
    return frame;
  }
  if (frame->previous != nullptr) {
    id = last_leaf(steps.back());
    return frame->previous;
  }
  return frame->parent == nullptr ? nullptr : previous_of(frame->parent, frame->item, id);
}

PageData filled(const DataSpec& data, const OpLine& line, const Counters& counters, std::size_t page, bool inverted) {
  auto bytes = std::make_shared<std::vector<std::uint8_t>>();
  for (std::size_t i = 0; i < line.target.lines.size(); ++i) {
    const Expression& byte = data.bytes.size() == 1 ? data.bytes.front() : data.bytes[i];
    const auto value = static_cast<std::uint8_t>(byte.evaluate_whole(counters).value_or(0));
    bytes->insert(bytes->end(), page, inverted ? static_cast<std::uint8_t>(~value) : value);
  }
  return bytes;
}

std::int32_t part(const std::optional<Expression>& expression, const Counters& counters) {
  return expression ? static_cast<std::int32_t>(expression->evaluate_whole(counters).value_or(-1)) : -1;
}

}  // namespace

ScenarioPlayer::ScenarioPlayer(sc_core::sc_module_name name, std::shared_ptr<const Scenario> scenario,
                               std::uint64_t steps, Package& package, Scheduler& scheduler)
    : Workload(name),
      scenario_(std::move(scenario)),
      steps_(steps),
      package_(package),
      scheduler_(scheduler),
      judge_(package, scheduler),
      log_(scenario_->file) {
  package.observers().attach(*this);
  scheduler.enroll(*this);
  SC_HAS_PROCESS(ScenarioPlayer);
  SC_METHOD(wake);
  sensitive << wake_event_;
  dont_initialize();
  SC_METHOD(look);
  sensitive << look_event_;
  dont_initialize();
}

bool ScenarioPlayer::finished() const {
  return waits_for_model() && waiters_.empty();
}

bool ScenarioPlayer::waits_for_model() const {
  return armed_ && due_.empty() && looks_.empty() && proposed_.empty();
}

double ScenarioPlayer::progress() const {
  return steps_ == 0 ? 1 : static_cast<double>(fired_) / static_cast<double>(steps_);
}

void ScenarioPlayer::arm(const std::shared_ptr<Frame>& frame) {
  frame->to_propose = frame->body->steps.size();
  frame->records.resize(frame->body->ids.size());
  for (std::size_t item = 0; item < frame->body->steps.size(); ++item) {
    if (frame->body->steps[item].kind == ScenarioStep::Kind::Repeat) {
      arm_loop(frame, item);
    } else {
      arm_step(frame, item);
    }
  }
  frame->previous.reset();
}

void ScenarioPlayer::arm_loop(const std::shared_ptr<Frame>& frame, std::size_t item) {
  const std::int64_t rounds = frame->body->steps[item].count->evaluate_whole(frame->counters).value_or(1);
  open_round(frame, item, 0, rounds, nullptr);
}

void ScenarioPlayer::open_round(const std::shared_ptr<Frame>& parent, std::size_t item, std::int64_t round,
                                std::int64_t rounds, std::shared_ptr<Frame> previous) {
  auto frame = std::make_shared<Frame>();
  frame->body = &parent->body->steps[item].body;
  frame->parent = parent;
  frame->item = item;
  frame->rounds = rounds;
  frame->counters = parent->counters;
  frame->counters.push_back(round);
  frame->previous = std::move(previous);
  arm(frame);
}

/// A step was proposed, or a loop came to its last round and all of that was: the next round opens.
void ScenarioPlayer::through(const std::shared_ptr<Frame>& frame) {
  if (--frame->to_propose > 0 || frame->parent == nullptr) return;
  if (frame->last_round()) {
    through(frame->parent);
  } else {
    open_round(frame->parent, frame->item, frame->counters.back() + 1, frame->rounds, frame);
  }
}

void ScenarioPlayer::arm_step(const std::shared_ptr<Frame>& frame, std::size_t item) {
  const ScenarioStep& step = frame->body->steps[item];
  const Moment& moment = step.trigger.moment;
  const Time offset = moment.offset.evaluate(frame->counters).value_or(0);
  StepId id = kNoStep;
  switch (step.trigger.kind) {
    case Trigger::Kind::AtEnd:
      at_end_.push_back(Due{frame, &step});
      ++fired_;
      through(frame);
      return;
    case Trigger::Kind::At:
      schedule(Due{frame, &step}, offset);
      return;
    case Trigger::Kind::After:
      id = moment.since->step;
      wait_for(Due{frame, &step}, frame->anchor(id).shared_from_this(), id, moment.event, offset);
      return;
    case Trigger::Kind::Previous:
      if (const std::shared_ptr<Frame> previous = previous_of(frame, item, id)) {
        wait_for(Due{frame, &step}, previous, id, moment.event, offset);
      } else {
        schedule(Due{frame, &step}, time_.now() + offset);
      }
      return;
  }
}

void ScenarioPlayer::wait_for(Due due, const std::shared_ptr<Frame>& anchor, StepId id, Event event, Time offset) {
  const Time happened = anchor->record(id).time(event);
  if (happened != kNever) {
    schedule(std::move(due), happened + offset);
  } else {
    waiters_.emplace(WaitKey{anchor.get(), id, event}, Waiter{std::move(due), anchor, offset});
  }
}

void ScenarioPlayer::schedule(Due due, Time time) {
  const Time now = time_.now();
  if (time < now) {
    log_.add(due.step->mark,
             fmt::format("expected at {} us, but its round opened only at {} us", us_text(time), us_text(now)));
    time = now;
  }
  due_.emplace(time, std::move(due));
}

void ScenarioPlayer::begin() {
  wake_event_.notify(sc_core::SC_ZERO_TIME);
}

void ScenarioPlayer::wake() {
  if (!armed_) {
    armed_ = true;
    auto root = std::make_shared<Frame>();
    root->body = &scenario_->body;
    arm(root);
  }
  fire_due();
}

void ScenarioPlayer::fire_due() {
  while (!due_.empty() && due_.begin()->first <= time_.now()) {
    const Due due = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    fire(due);
  }
  sleep_until_next();
}

void ScenarioPlayer::fire(const Due& due) {
  ++fired_;
  if (due.step->kind == ScenarioStep::Kind::Check) {
    look_later(Look{due, nullptr});
  } else {
    propose(due);
  }
  through(due.frame);
}

void ScenarioPlayer::sleep_until_next() {
  wake_event_.cancel();
  if (due_.empty()) return;
  const Time now = time_.now();
  const Time next = due_.begin()->first;
  wake_event_.notify(next <= now ? sc_core::SC_ZERO_TIME : time_.to_kernel(next - now));
}

void ScenarioPlayer::propose(const Due& due) {
  Proposed proposed{due, {}};
  std::vector<Request> requests;
  for (const OpLine& line : due.step->ops) {
    proposed.read.emplace_back();
    requests.push_back(request_of(due, line, proposed.read.back()));
    if (line.expect.state) look_later(Look{due, &line});
  }
  const std::uint64_t ticket = scheduler_.submit(requests.data(), requests.size(), *this);
  proposed_.emplace(ticket, std::move(proposed));
}

Request ScenarioPlayer::request_of(const Due& due, const OpLine& line, PageData& read) {
  const Counters& counters = due.frame->counters;
  const std::size_t page = package_.device().topology.page_total_bytes();
  Request request;
  request.op = *line.op;
  if (line.target.die) request.die = static_cast<std::uint32_t>(part(line.target.die, counters));
  for (const TargetLine& target : line.target.lines) {
    if (target.die) request.die = static_cast<std::uint32_t>(part(target.die, counters));
    Target address{part(target.plane, counters), part(target.block, counters), part(target.page, counters)};
    if (address.plane < 0) {
      address.plane =
          static_cast<std::int32_t>(package_.device().topology.plane_of(static_cast<std::uint32_t>(address.block)));
    }
    request.targets.push_back(address);
  }
  request.not_before = time_.now();
  if (line.not_before) {
    request.not_before = time_of(*line.not_before, *due.frame);
    if (request.not_before == kNever) {
      log_.add(line.not_before->mark, "expected an event that has happened at the proposal, seen nothing yet");
      request.not_before = time_.now();
    }
  }
  request.exact = line.exact;
  if (line.data) request.data = filled(*line.data, line, counters, page, false);
  if (line.expect.data) {
    read = filled(*line.expect.data, line, counters, page, true);
    request.data = read;
  }
  return request;
}

void ScenarioPlayer::look_later(Look look) {
  looks_.push_back(std::move(look));
  look_rounds_ = 0;
  look_event_.notify(sc_core::SC_ZERO_TIME);
}

/// The instant is over when nothing else is to run at it.
void ScenarioPlayer::look() {
  if (sc_core::sc_pending_activity_at_current_time() && ++look_rounds_ < kMaxLookRounds) {
    look_event_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  std::vector<Look> looks;
  looks.swap(looks_);
  for (const Look& look : looks) {
    if (look.line != nullptr) {
      judge_.state(*look.due.frame, *look.line, log_);
      continue;
    }
    judge_.check(*look.due.frame, *look.due.step, log_);
    note_event(*look.due.frame, look.due.step->id, Event::Start, OpState::Running);
    note_event(*look.due.frame, look.due.step->id, Event::End, OpState::Done);
  }
  fire_due();
}

}  // namespace nandtlm
