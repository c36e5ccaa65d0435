// The one record of a live (accepted, not yet ended) operation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include "config/device.h"
#include "model/calendar.h"
#include "traces/trace_sink.h"

namespace tlm {
class tlm_generic_payload;
}

namespace nandtlm {

/// A stretch of an operation's own time: nominal offsets [from, to) executed from `start` on.
/// All steps, bus segments and what remains follow from it, so that cutting and resuming is exact by construction.
struct Piece {
  Time start = 0;
  Time from = 0;
  Time to = 0;

  Time end() const { return start + (to - from); }
  template <typename Archive>
  void transfer(Archive& archive) {
    archive(start, from, to);
  }
};

/// Where an accepted operation is (MET-02). Ended: over, but its answer has not gone out yet.
enum class Life : std::uint8_t { Free, Backlogged, Reserved, Running, Suspended, Ended };

class StateArchive;
struct Op;

/// Who reserved an operation ahead of its time, and must know when the plan changes under it.
class PlanOwner {
 public:
  virtual ~PlanOwner() = default;
  /// The reservation of an op not yet started was taken back by a SUSPEND at `at` that ends at `suspend_end` (SUS-04).
  /// `planned_start` is where it would have started.
  virtual void reservation_revoked(Op& op, Time planned_start, Time suspend_end) = 0;
  /// The op was aborted before it started (RES-06); the record is freed after the call.
  virtual void aborted_before_start(Op& op) = 0;
};

struct Op {
  OpInfo info;
  const OpSpec* spec = nullptr;
  const OpBase* base = nullptr;
  PlanOwner* owner = nullptr;  ///< nullptr where a client without a plan sent it
  Life life = Life::Free;
  /// Planes that its rules look at: its targets', or all of the die.
  PlaneMask touches = 0;
  /// Time that it takes in all: the spec's nominal, or its ISSUE where it finds nothing to suspend (SUS-02).
  Time nominal = 0;
  /// The piece that runs or comes next, then pieces planned after a planned SUSPEND and RESUME.
  std::vector<Piece> pieces;
  Time executed = 0;           ///< own time of the pieces that are over
  std::uint32_t suspends = 0;  ///< how often it was cut, planned cuts included
  bool was_resumed = false;
  bool nothing_to_suspend = false;
  TargetList suspended_targets;  ///< as at the last cut (SUS-12)

  // While it runs, kept by its die.
  tlm::tlm_generic_payload* payload = nullptr;  ///< the transaction that carries it, from OP_START on
  std::uint8_t step = 0;                        ///< index of the current step
  CalendarHandle event;                         ///< its next step in the agenda
  bool request_open = false;                    ///< END_REQ is still owed

  const Piece& piece() const { return pieces.front(); }
  Family family() const { return base->family; }
  const Effects& effects() const { return base->effects; }
  Time start() const { return pieces.front().start; }

  /// All but its owner and its payload, which belong to who sent it (SNP-01).
  void transfer(StateArchive& archive, const Device& device);
};

/// Index of the step that covers nominal offset `offset`; the offset where that step begins goes to `begin`.
/// Steps of no length are passed over. Precondition: offset < the op's nominal time.
inline std::uint8_t step_at(const std::vector<Step>& steps, Time offset, Time& begin) {
  std::uint8_t i = 0;
  while (i + 1U < steps.size() && steps[i].end <= offset) ++i;
  begin = steps[i].end - steps[i].duration;
  return i;
}

/// Calls f(start, end) for every bus segment of `piece`, in time order. Empty segments are left out.
template <typename F>
void for_each_bus_segment(const std::vector<Step>& steps, const Piece& piece, F&& f) {
  for (const Step& step : steps) {
    const Time from = std::max(step.end - step.duration, piece.from);
    const Time to = std::min(step.end, piece.to);
    if (step.bus && from < to) f(piece.start + (from - piece.from), piece.start + (to - piece.from));
    if (step.end >= piece.to) break;
  }
}

/// Records of live ops, recycled; addresses and slots stay while an op lives.
class OpTable {
 public:
  /// A cleared record with the next uid, or with `uid` where it is not 0 (replay keeps the uids of the file).
  Op& create(Uid uid = 0) {
    if (idle_.empty()) {
      ops_.emplace_back();
      ops_.back().info.slot = static_cast<std::uint32_t>(ops_.size() - 1);
      idle_.push_back(&ops_.back());
    }
    Op& op = *idle_.back();
    idle_.pop_back();
    clear(op);
    op.info.uid = uid != 0 ? uid : next_uid_;
    next_uid_ = std::max(next_uid_, op.info.uid + 1);
    return op;
  }
  void release(Op& op) {
    op.life = Life::Free;
    idle_.push_back(&op);
  }
  /// Takes back the last create() (a rolled-back transaction leaves the uids as they were, RES-03).
  void undo_create(Op& op, Uid next_uid_before) {
    release(op);
    next_uid_ = next_uid_before;
  }

  Op& at(std::uint32_t slot) { return ops_[slot]; }
  std::size_t live() const { return ops_.size() - idle_.size(); }
  Uid next_uid() const { return next_uid_; }

  void transfer(StateArchive& archive, const Device& device);
  /// A pointer to a record, or nullptr, as a part of somebody's state.
  void link(StateArchive& archive, Op*& op);
  void link(StateArchive& archive, const Op*& op);

  template <typename F>
  void for_each_live(F&& f) {
    for (Op& op : ops_) {
      if (op.life != Life::Free && op.life != Life::Ended) f(op);
    }
  }

 private:
  /// Back to a fresh record, but for its slot and the room of its pieces.
  static void clear(Op& op) {
    const std::uint32_t slot = op.info.slot;
    std::vector<Piece> pieces;
    pieces.swap(op.pieces);
    pieces.clear();
    op = Op();
    op.info.slot = slot;
    op.pieces.swap(pieces);
  }

  std::deque<Op> ops_;
  std::vector<Op*> idle_;
  Uid next_uid_ = 1;
};

}  // namespace nandtlm
