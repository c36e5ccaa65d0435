#include "model/die/die_state.h"

namespace nandtlm {
namespace {

constexpr std::uint8_t bit(Latch latch) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(latch));
}
constexpr std::uint8_t bit(Cache cache) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(cache));
}

/// Nominal offset at which the array is done: the end of the last CORE_BUSY step.
Time array_done(const std::vector<Step>& steps) {
  Time offset = 0;
  Time done = 0;
  for (const Step& step : steps) {
    offset += step.duration;
    if (step.state == State::CoreBusy) done = offset;
  }
  return done != 0 ? done : offset;
}

/// The READ latch belongs to a plane, the one-shot latches to the die.
PlaneMask latch_planes(std::size_t latch, const Op& op, PlaneMask all_planes) {
  return latch == static_cast<std::size_t>(Latch::Read) ? op.touches : all_planes;
}

}  // namespace

void FlagChange::apply(DieFlags& flags) const {
  for (std::size_t i = 0; i < kLatches; ++i) {
    flags.latched[i] = static_cast<PlaneMask>((flags.latched[i] & ~latch_clear[i]) | latch_set[i]);
  }
  flags.cache_read = static_cast<PlaneMask>((flags.cache_read & ~cache_read_clear) | cache_read_set);
  flags.cache_program = static_cast<CacheMask>((flags.cache_program & ~cache_clear) | cache_set);
}

bool FlagChange::sets_anything() const {
  for (const PlaneMask planes : latch_set) {
    if (planes != 0) return true;
  }
  return cache_read_set != 0 || cache_set != 0;
}

DieFlags FlagTimeline::at(Time time) const {
  if (changes_.empty() || changes_.back().at <= time) return tail_;
  DieFlags flags = base_;
  for (const FlagChange& change : changes_) {
    if (change.at > time) break;
    change.apply(flags);
  }
  return flags;
}

DieFlags FlagTimeline::at_with(Time time, const FlagChange& extra) const {
  DieFlags flags = base_;
  bool pending = extra.at <= time;
  for (const FlagChange& change : changes_) {
    if (change.at > time) break;
    if (pending && extra.at < change.at) {
      extra.apply(flags);
      pending = false;
    }
    change.apply(flags);
  }
  if (pending) extra.apply(flags);
  return flags;
}

Time FlagTimeline::next_change_after(Time time) const {
  if (changes_.empty() || changes_.back().at <= time) return kNever;
  for (const FlagChange& change : changes_) {
    if (change.at > time) return change.at;
  }
  return kNever;
}

void FlagTimeline::insert(const FlagChange& change) {
  std::size_t position = changes_.size();
  while (position > 0 && changes_[position - 1].at > change.at) --position;
  const bool last = position == changes_.size();
  changes_.insert(position, change);
  if (last) {
    change.apply(tail_);
  } else {
    rebuild_tail();
  }
}

void FlagTimeline::remove(Uid uid, Time after) {
  const std::size_t before = changes_.size();
  for (std::size_t i = changes_.size(); i > 0; --i) {
    if (changes_[i - 1].uid == uid && changes_[i - 1].at > after) changes_.erase(i - 1);
  }
  if (changes_.size() != before) rebuild_tail();
}

void FlagTimeline::clear() {
  base_ = DieFlags();
  tail_ = DieFlags();
  changes_.clear();
}

void FlagTimeline::rebuild_tail() {
  tail_ = base_;
  for (const FlagChange& change : changes_) change.apply(tail_);
}

bool read_latch_change(const Op& op, const Piece& piece, FlagChange& change) {
  if (op.effects().action != Action::Read || (op.effects().latch_set & bit(Latch::Read)) == 0) return false;
  const Time offset = array_done(op.spec->steps);
  if (offset < piece.from || offset > piece.to) return false;
  change = FlagChange();
  change.at = piece.start + (offset - piece.from);
  change.uid = op.info.uid;
  change.latch_set[static_cast<std::size_t>(Latch::Read)] = op.touches;
  return true;
}

bool end_change(const Op& op, const Piece& piece, PlaneMask all_planes, FlagChange& change) {
  const Effects& effects = op.effects();
  const LatchMask set_at_end = effects.action == Action::Read
                                   ? static_cast<LatchMask>(effects.latch_set & ~bit(Latch::Read))
                                   : effects.latch_set;
  if ((set_at_end | effects.latch_clear | effects.cache_begin | effects.cache_end) == 0) return false;
  if (piece.to != op.nominal) return false;  // cut before its end
  change = FlagChange();
  change.at = piece.end();
  change.uid = op.info.uid;
  for (std::size_t i = 0; i < kLatches; ++i) {
    const PlaneMask planes = latch_planes(i, op, all_planes);
    if ((set_at_end >> i & 1U) != 0) change.latch_set[i] = planes;
    if ((effects.latch_clear >> i & 1U) != 0) change.latch_clear[i] = planes;
  }
  if ((effects.cache_begin & bit(Cache::Read)) != 0) change.cache_read_set = op.touches;
  if ((effects.cache_end & bit(Cache::Read)) != 0) change.cache_read_clear = op.touches;
  change.cache_set = static_cast<CacheMask>(effects.cache_begin & ~bit(Cache::Read));
  change.cache_clear = static_cast<CacheMask>(effects.cache_end & ~bit(Cache::Read));
  return true;
}

}  // namespace nandtlm
