#include "tests/reference/flags.h"

#include <algorithm>

#include "tests/reference/past.h"

namespace nandtlm::reference {
namespace {

constexpr unsigned bit(Latch latch) {
  return 1U << static_cast<unsigned>(latch);
}
constexpr unsigned bit(Cache cache) {
  return 1U << static_cast<unsigned>(cache);
}

/// Something that changes a flag: an op's effect at its moment, or a reset.
struct Change {
  Time at = 0;
  const Operation* op = nullptr;  // nullptr: a reset
  bool read_latch = false;        // the array of a read is done; otherwise the op has ended
};

// A read's latch is set when the array is done: at the end of CORE_BUSY.
Time array_done(const Plan& plan, const Operation& op) {
  Time done = kNever;
  for (const Piece& piece : op.pieces) {
    for_each_stretch(plan.spec(op), piece, [&](State state, Time, Time end, bool) {
      if (state == State::CoreBusy) done = end;
    });
  }
  return done == kNever ? op.end() : done;
}

std::vector<Change> changes_until(const Plan& plan, std::uint32_t die, Time t) {
  std::vector<Change> changes;
  const auto add = [&](Time at, const Operation* op, bool read_latch) {
    if (at != kNever && at <= t) changes.push_back({at, op, read_latch});
  };
  for (const Operation& op : plan.ops) {
    if (op.die != die || op.life == Life::Backlogged) continue;
    const Effects& effects = plan.effects(op);
    if ((effects.latch_set & bit(Latch::Read)) != 0) {
      const Time done = array_done(plan, op);
      if (op.life != Life::Aborted || done <= op.aborted_at) add(done, &op, true);
    }
    const bool at_its_end = (effects.latch_set | effects.latch_clear | effects.cache_begin | effects.cache_end) != 0;
    if (at_its_end) add(op.end(), &op, false);
  }
  for (const ResetMark& reset : plan.resets) {
    if (reset.die == die) add(reset.at, nullptr, false);
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

void apply_end(const Plan& plan, const Operation& op, Flags& flags) {
  const Effects& effects = plan.effects(op);
  const unsigned die_wide = bit(Latch::Lsb) | bit(Latch::Csb) | bit(Latch::Msb);
  const PlaneMask touched = touched_planes(plan, op);
  for (unsigned plane = 0; plane < plan.device->topology.planes; ++plane) {
    LatchMask& latches = flags.latches[plane];
    const bool own = (touched >> plane & 1U) != 0;
    latches = static_cast<LatchMask>(latches & ~(effects.latch_clear & (die_wide | (own ? 0xFU : 0U))));
    latches = static_cast<LatchMask>(latches | (effects.latch_set & die_wide));
    if (own && (effects.cache_begin & bit(Cache::Read)) != 0) flags.cache_read[plane] = true;
    if (own && (effects.cache_end & bit(Cache::Read)) != 0) flags.cache_read[plane] = false;
  }
  if ((effects.cache_begin & bit(Cache::Program)) != 0) flags.cache_program = true;
  if ((effects.cache_end & bit(Cache::Program)) != 0) flags.cache_program = false;
  if ((effects.cache_begin & bit(Cache::OneshotProgram)) != 0) flags.oneshot_cache_program = true;
  if ((effects.cache_end & bit(Cache::OneshotProgram)) != 0) flags.oneshot_cache_program = false;
}

void set_read_latch(const Plan& plan, const Operation& op, Flags& flags) {
  for (unsigned plane = 0; plane < plan.device->topology.planes; ++plane) {
    if ((touched_planes(plan, op) >> plane & 1U) != 0)
      flags.latches[plane] = static_cast<LatchMask>(flags.latches[plane] | bit(Latch::Read));
  }
}

}  // namespace

Flags flags_at(const Plan& plan, std::uint32_t die, Time t) {
  Flags flags = plan.past->flags_of(die);
  for (const Change& change : changes_until(plan, die, t)) {
    if (change.op == nullptr) {
      flags = Flags();
    } else if (change.read_latch) {
      set_read_latch(plan, *change.op, flags);
    } else {
      apply_end(plan, *change.op, flags);
    }
  }
  if (plan.suspended(die, Family::Program, t) != nullptr) {
    for (LatchMask& latches : flags.latches) latches = static_cast<LatchMask>(latches & bit(Latch::Read));
    flags.cache_program = false;
    flags.oneshot_cache_program = false;
  }
  return flags;
}

OdtState odt_at(const Plan& plan, Time t) {
  OdtState state = plan.past->odt;
  for (const Operation& op : plan.ops) {
    const Action action = plan.effects(op).action;
    const Time end = op.end();
    if ((action != Action::OdtOff && action != Action::OdtOn) || end > t || end < state.changed) continue;
    state = {end, action == Action::OdtOff};
  }
  return state;
}

}  // namespace nandtlm::reference
