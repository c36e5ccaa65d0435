// One round of a loop while it is played, or the whole file: what has been seen of its steps.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "testbench/scenario/scenario.h"

namespace nandtlm {

/// What has been seen of a step or request. Times in ps, kNever: not yet.
struct StepRecord {
  std::array<Time, kEvents> at = {kNever, kNever, kNever, kNever};  ///< by Event; the first suspend, the first resume
  Time consumed = kNever;                                           ///< at the last cut or abort
  Time remaining = kNever;
  std::uint64_t end_rank = 0;  ///< numbers ends in their order; 0: none yet
  OpState state = OpState::NotProposed;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(at, consumed, remaining, end_rank, state);
  }

  Time& time(Event event) { return at[static_cast<std::size_t>(event)]; }
  Time time(Event event) const { return at[static_cast<std::size_t>(event)]; }
};

/// Lives while any of its steps waits, runs or is looked at: a loop takes no more memory than its open rounds.
struct Frame : std::enable_shared_from_this<Frame> {
  const Body* body = nullptr;
  std::shared_ptr<Frame> parent;
  std::size_t item = 0;  ///< of the loop in its parent's body
  std::int64_t rounds = 1;
  Counters counters;                ///< of this round and of those around it
  std::shared_ptr<Frame> previous;  ///< the round before, only while this one is armed
  std::size_t to_propose = 0;       ///< steps and loops of the body that are not through yet
  std::vector<StepRecord> records;  ///< of every id of the body; of inner loops that of the last round

  bool last_round() const { return counters.empty() || counters.back() + 1 == rounds; }
  StepRecord& record(StepId id) { return records[id - body->ids.first]; }
  const StepRecord& record(StepId id) const { return records[id - body->ids.first]; }

  /// The innermost round around this one (or itself) that knows `id`.
  Frame& anchor(StepId id) {
    Frame* frame = this;
    while (!frame->body->ids.contains(id)) frame = frame->parent.get();
    return *frame;
  }
  const Frame& anchor(StepId id) const { return const_cast<Frame*>(this)->anchor(id); }
};

/// Changes what is known of `id` in its round, and around it as far as the round is the last.
/// `change(Frame&, StepRecord&)`.
template <typename Change>
void change_record(Frame& frame, StepId id, Change&& change) {
  Frame* at = &frame;
  while (at != nullptr) {
    change(*at, at->record(id));
    at = at->last_round() ? at->parent.get() : nullptr;
  }
}

}  // namespace nandtlm
