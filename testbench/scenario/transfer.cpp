// The state of a scenario that is played, in a snapshot (SNP-01). Steps are named by their place in their round, so
// that nothing of the file itself is part of it.
#include <algorithm>

#include "testbench/scenario/scenario_player.h"

namespace nandtlm {
namespace {

/// More than the reader of scenarios lets in.
constexpr int kMostLoops = 1000;

/// A pointer to an item of a vector that both sides have, as its place.
template <typename T>
void link(StateArchive& archive, const std::vector<T>& items, const T*& item) {
  auto place = static_cast<std::uint64_t>(archive.loading() ? 0 : item - items.data());
  archive(place);
  if (place >= items.size()) throw StateError("a step is named that the scenario does not have");
  item = &items[place];
}

}  // namespace

void ScenarioPlayer::transfer(StateArchive& archive) {
  if (!looks_.empty() || !proposed_.empty() || !revoked_early_.empty()) throw StateError("an instant is not over yet");
  archive.mark("scenario");
  archive(armed_, fired_, ends_, log_);
  transfer_due(archive);
  transfer_waiters(archive);
  archive.each(at_end_, [&](Due& due) { transfer(archive, due); });
  std::vector<std::pair<Uid, LiveOp>> live(live_.begin(), live_.end());
  std::sort(live.begin(), live.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  archive.each(live, [&](auto& op) {
    archive(op.first);
    transfer(archive, op.second);
  });
  if (!archive.loading()) return;
  live_.clear();
  live_.insert(live.begin(), live.end());
  sleep_until_next();
}

/// What stands around a round comes before it: its steps are found in there.
void ScenarioPlayer::transfer(StateArchive& archive, std::shared_ptr<Frame>& frame, int depth) {
  if (depth > kMostLoops) throw StateError("loops are nested deeper than a scenario can");
  archive.shared(frame, [&](Frame& round) {
    transfer(archive, round.parent, depth + 1);
    archive(round.item, round.rounds, round.counters, round.to_propose, round.records);
    if (archive.loading()) {
      round.body = round.parent == nullptr ? &scenario_->body : &round.parent->body->steps.at(round.item).body;
    }
  });
}

void ScenarioPlayer::transfer(StateArchive& archive, Due& due) {
  transfer(archive, due.frame);
  link(archive, due.frame->body->steps, due.step);
}

void ScenarioPlayer::transfer(StateArchive& archive, LiveOp& op) {
  transfer(archive, op.due);
  link(archive, op.due.step->ops, op.line);
  archive(op.read, op.batch);
}

void ScenarioPlayer::transfer_due(StateArchive& archive) {
  std::vector<std::pair<Time, Due>> steps(due_.begin(), due_.end());
  archive.each(steps, [&](auto& step) {
    archive(step.first);
    transfer(archive, step.second);
  });
  if (!archive.loading()) return;
  due_.clear();
  for (auto& [time, due] : steps) due_.emplace(time, std::move(due));
}

/// Those that wait for the same moment stay in their order.
void ScenarioPlayer::transfer_waiters(StateArchive& archive) {
  struct Waiting {
    StepId id = kNoStep;
    Event event = Event::Start;
    Waiter waiter;
  };
  std::vector<Waiting> all;
  for (const auto& [key, waiter] : waiters_) all.push_back({std::get<StepId>(key), std::get<Event>(key), waiter});
  // By rounds, not by where they lie in memory: the same state gives the same bytes.
  std::stable_sort(all.begin(), all.end(), [](const Waiting& a, const Waiting& b) {
    return std::tie(a.id, a.event, a.waiter.anchor->counters) < std::tie(b.id, b.event, b.waiter.anchor->counters);
  });
  archive.each(all, [&](Waiting& waiting) {
    archive(waiting.id, waiting.event, waiting.waiter.offset);
    transfer(archive, waiting.waiter.anchor);
    transfer(archive, waiting.waiter.due);
  });
  if (!archive.loading()) return;
  waiters_.clear();
  for (Waiting& waiting : all) {
    waiters_.emplace(WaitKey{waiting.waiter.anchor.get(), waiting.id, waiting.event}, std::move(waiting.waiter));
  }
}

}  // namespace nandtlm
