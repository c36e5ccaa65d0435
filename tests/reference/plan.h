// What the reference knows: a list of operations with their pieces, a list of suspensions. Everything else is derived
// from these by walking over them.
#pragma once

#include <memory>
#include <vector>

#include "config/device.h"
#include "model/request.h"
#include "tlm/reason.h"
#include "tlm/types.h"

namespace nandtlm::reference {

/// Nominal offsets [from, to) of an operation, executed from `start` on.
struct Piece {
  Time start = 0;
  Time from = 0;
  Time to = 0;

  Time end() const { return start + (to - from); }
  bool covers(Time t) const { return start <= t && t < end(); }
};

enum class Life { Backlogged, Reserved, Running, Suspended, Completed, Aborted };

/// One accepted operation, from its acceptance to the end of the run.
struct Operation {
  Uid uid = 0;
  OpId op{};
  std::uint32_t die = 0;
  TargetList targets;
  Life life = Life::Reserved;
  std::vector<Piece> pieces;  ///< executed and planned ones, in order
  Time nominal = 0;           ///< the ISSUE alone for a SUSPEND that finds nothing
  Uid acts_on = 0;            ///< whom a SUSPEND cuts or a RESUME brings back; 0: nobody
  Time wanted = 0;            ///< in the backlog: no earlier start
  Time lost_end = kNever;     ///< in the backlog: where it would have ended before a SUSPEND took it back
  Time aborted_at = kNever;
  bool started = false;

  Time start() const { return pieces.empty() ? kNever : pieces.front().start; }
  Time last_end() const { return pieces.empty() ? kNever : pieces.back().end(); }
  /// When all of it has run; kNever: not in this plan.
  Time end() const;
  /// Waits for its start with a reservation.
  bool is_planned() const { return life == Life::Reserved; }
};

/// One op of (die, family) on its stack, from the SUSPEND's start to the RESUME's end (SUS-06).
struct Suspension {
  std::uint32_t die = 0;
  Family family = Family::None;
  Uid op = 0;
  Uid suspend = 0;  ///< the SUSPEND that began it
  Time at = 0;
  Time suspend_end = 0;
  Time until = kNever;  ///< end of the RESUME, or a reset

  bool holds(Time t) const { return at <= t && t < until; }
};

/// A reset that has started: what was there before does not count any more (RES-06).
struct ResetMark {
  std::uint32_t die = 0;
  Time at = 0;
};

struct Past;

struct Plan {
  const Device* device = nullptr;
  std::shared_ptr<const Past> past;  ///< what is folded (past.h)
  std::vector<Operation> ops;        ///< by uid
  std::vector<Suspension> suspensions;
  std::vector<ResetMark> resets;
  Uid next_uid = 1;

  Operation& find(Uid uid);
  const Operation& find(Uid uid) const;
  const OpSpec& spec(const Operation& op) const { return device->op(op.op); }
  const OpBase& base(const Operation& op) const { return device->base_of(op.op); }
  const Effects& effects(const Operation& op) const { return base(op).effects; }
  /// The suspension of the family that holds at `t`, nullptr: not suspended.
  const Suspension* suspended(std::uint32_t die, Family family, Time t) const;
};

PlaneMask all_planes(const Device& device);
/// Planes that an op takes for itself.
PlaneMask taken_planes(const Plan& plan, const Operation& op);
/// Planes that the rules look at: of its targets, all where it names none.
PlaneMask touched_planes(const Plan& plan, const Operation& op);
/// True where the op takes something of `die`.
bool reaches(const Plan& plan, const Operation& op, std::uint32_t die);
/// The op of the family that runs at `t`, nullptr: none.
const Operation* running_at(const Plan& plan, std::uint32_t die, Family family, Time t);
/// The step that covers nominal offset `offset`.
State state_at_offset(const OpSpec& spec, Time offset);
/// Calls f(state, start, end, bus) for every stretch of a step that the piece executes.
template <typename F>
void for_each_stretch(const OpSpec& spec, const Piece& piece, F&& f) {
  Time begin = 0;
  for (const Step& step : spec.steps) {
    const Time from = begin < piece.from ? piece.from : begin;
    const Time to = begin + step.duration < piece.to ? begin + step.duration : piece.to;
    if (from < to) f(step.state, piece.start + (from - piece.from), piece.start + (to - piece.from), step.bus);
    begin += step.duration;
  }
}

}  // namespace nandtlm::reference
