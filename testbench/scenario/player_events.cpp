// What the player sees: decisions, ends, and the trace of the model.
#include <fmt/format.h>

#include <algorithm>

#include "testbench/scenario/scenario_player.h"

namespace nandtlm {

/// Only the first moment of its kind counts; who waits for it is told.
void ScenarioPlayer::note_event(Frame& frame, StepId id, Event event, OpState state) {
  const Time now = time_.now();
  change_record(frame, id, [&](Frame& at, StepRecord& record) {
    record.state = state;
    if (event == Event::End) record.end_rank = ends_ + 1;
    if (record.time(event) != kNever) return;
    record.time(event) = now;
    const auto [first, last] = waiters_.equal_range(WaitKey{&at, id, event});
    for (auto waiter = first; waiter != last; ++waiter) schedule(waiter->second.due, now + waiter->second.offset);
    waiters_.erase(first, last);
  });
  if (event == Event::End) ++ends_;
  sleep_until_next();
}

void ScenarioPlayer::batch_decided(const BatchDecision& decision) {
  const auto found = proposed_.find(decision.ticket);
  if (found == proposed_.end()) return;
  const Proposed proposed = std::move(found->second);
  proposed_.erase(found);
  const Due& due = proposed.due;
  judge_.decision(*due.frame, *due.step, decision, log_);
  if (!decision.accepted) {
    refuse(due);
    return;
  }
  const std::vector<OpLine>& ops = due.step->ops;
  const auto batch = due.step->batch ? std::make_shared<OpenBatch>(OpenBatch{ops.size()}) : nullptr;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const Uid uid = decision.uids[i];
    live_[uid] = LiveOp{due, &ops[i], proposed.read[i], batch};
    const bool revoked = std::find(revoked_early_.begin(), revoked_early_.end(), uid) != revoked_early_.end();
    const OpState state = decision.starts[i] == kNever || revoked ? OpState::Backlogged : OpState::Reserved;
    change_record(*due.frame, ops[i].id, [&](Frame&, StepRecord& record) { record.state = state; });
  }
  revoked_early_.clear();
}

void ScenarioPlayer::refuse(const Due& due) {
  const auto refused = [](Frame&, StepRecord& record) { record.state = OpState::Refused; };
  change_record(*due.frame, due.step->id, refused);
  for (const OpLine& line : due.step->ops) change_record(*due.frame, line.id, refused);
}

void ScenarioPlayer::op_finished(const OpResult& result) {
  const auto found = live_.find(result.uid);
  if (found == live_.end()) return;
  const LiveOp op = std::move(found->second);
  live_.erase(found);
  const bool aborted = result.outcome != Reason::None && result.outcome != Reason::NothingToSuspend;
  const OpState state = aborted ? OpState::Aborted : OpState::Done;
  note_event(*op.due.frame, op.line->id, Event::End, state);
  if (op.batch != nullptr && --op.batch->left == 0) note_event(*op.due.frame, op.due.step->id, Event::End, state);
  judge_.finished(*op.due.frame, *op.line, result, op.read, log_);
  fire_due();  // proposals of this instant come before the starts of it (EVT-01)
}

ScenarioPlayer::LiveOp* ScenarioPlayer::live(const OpInfo& op) {
  const auto found = live_.find(op.uid);
  return found == live_.end() ? nullptr : &found->second;
}

void ScenarioPlayer::op_backlogged(const OpInfo& op, Time /*at*/) {
  const LiveOp* known = live(op);
  if (known == nullptr) {
    revoked_early_.push_back(op.uid);
    return;
  }
  change_record(*known->due.frame, known->line->id,
                [](Frame&, StepRecord& record) { record.state = OpState::Backlogged; });
}

void ScenarioPlayer::op_planned(const OpInfo& op, Time /*at*/, Time /*start*/) {
  const LiveOp* known = live(op);
  if (known == nullptr) return;
  change_record(*known->due.frame, known->line->id,
                [](Frame&, StepRecord& record) { record.state = OpState::Reserved; });
}

void ScenarioPlayer::op_started(const OpInfo& op, Time /*at*/) {
  const LiveOp* known = live(op);
  if (known == nullptr) return;
  note_event(*known->due.frame, known->line->id, Event::Start, OpState::Running);
  if (known->batch != nullptr) note_event(*known->due.frame, known->due.step->id, Event::Start, OpState::Running);
}

void ScenarioPlayer::op_suspended(const OpInfo& op, Time /*at*/, Time consumed, Time remaining) {
  const LiveOp* known = live(op);
  if (known == nullptr) return;
  change_record(*known->due.frame, known->line->id, [&](Frame&, StepRecord& record) {
    record.consumed = consumed;
    record.remaining = remaining;
  });
  note_event(*known->due.frame, known->line->id, Event::Suspend, OpState::Suspended);
}

void ScenarioPlayer::op_resumed(const OpInfo& op, Time /*at*/, Time /*remaining*/) {
  const LiveOp* known = live(op);
  if (known == nullptr) return;
  note_event(*known->due.frame, known->line->id, Event::Resume, OpState::Running);
}

void ScenarioPlayer::op_aborted(const OpInfo& op, Time /*at*/, Time consumed, Reason /*why*/) {
  const LiveOp* known = live(op);
  if (known == nullptr) return;
  const Time nominal = package_.device().op(op.op).nominal;
  change_record(*known->due.frame, known->line->id, [&](Frame&, StepRecord& record) {
    record.consumed = consumed;
    record.remaining = nominal - consumed;
  });
}

std::vector<std::string> ScenarioPlayer::failures() const {
  FailureLog log = log_;
  add_never_proposed(log);
  std::vector<Uid> open;
  for (const auto& [uid, op] : live_) open.push_back(uid);
  std::sort(open.begin(), open.end());
  for (const Uid uid : open) {
    const LiveOp& op = live_.at(uid);
    judge_.unfinished(*op.due.frame, *op.line, log);
  }
  for (const Due& due : at_end_) judge_.check(*due.frame, *due.step, log);
  return log.lines();
}

void ScenarioPlayer::add_never_proposed(FailureLog& log) const {
  std::multimap<int, std::pair<Mark, std::string>> by_line;
  const auto note = [&by_line](const ScenarioStep& step, std::string what) {
    by_line.emplace(step.mark.line, std::make_pair(step.mark, std::move(what)));
  };
  for (const auto& [ticket, proposed] : proposed_) {
    note(*proposed.due.step, "expected a decision on the proposal, seen none when the run was over");
  }
  for (const auto& [time, due] : due_) note(*due.step, "expected its time to come, but the run was over before");
  for (const auto& [key, waiter] : waiters_) {
    const Trigger& trigger = waiter.due.step->trigger;
    const bool previous = trigger.kind == Trigger::Kind::Previous;
    const std::string whose = previous ? "the step before" : trigger.moment.since->step_name;
    note(*waiter.due.step,
         fmt::format("waits for the {} of {}, which never came", nandtlm::name(std::get<Event>(key)), whose));
  }
  for (const auto& [line, failure] : by_line) log.add(failure.first, failure.second);
}

}  // namespace nandtlm
