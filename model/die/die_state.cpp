#include "model/die/die_state.h"

#include <algorithm>

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
  Time done = 0;
  for (const Step& step : steps) {
    if (step.state == State::CoreBusy) done = step.end;
  }
  return done != 0 ? done : steps.back().end;
}

/// The READ latch belongs to a plane, the one-shot latches to the die.
PlaneMask latch_planes(std::size_t latch, const FlagSource& source, PlaneMask all_planes) {
  return latch == static_cast<std::size_t>(Latch::Read) ? source.touches : all_planes;
}

/// Sets and clears bits of `flags`, but for those that are touched after `at`.
template <std::size_t N>
void touch_last(Time at, std::uint8_t set, std::uint8_t clear, std::array<Time, N>& last, std::uint8_t& flags) {
  const auto touched = static_cast<std::uint8_t>(set | clear);
  if (touched == 0) return;
  for (std::size_t i = 0; i < N; ++i) {
    const auto bit_mask = static_cast<std::uint8_t>(1U << i);
    if ((touched & bit_mask) == 0 || at < last[i]) continue;
    last[i] = at;
    flags = static_cast<std::uint8_t>((set & bit_mask) != 0 ? flags | bit_mask : flags & ~bit_mask);
  }
}

}  // namespace

void FlagChange::apply(DieFlags& flags) const {
  for (std::size_t i = 0; i < kLatches; ++i) {
    flags.latched[i] = static_cast<PlaneMask>((flags.latched[i] & ~latch_clear[i]) | latch_set[i]);
  }
  flags.cache_read = static_cast<PlaneMask>((flags.cache_read & ~cache_read_clear) | cache_read_set);
  flags.cache_program = static_cast<CacheMask>((flags.cache_program & ~cache_clear) | cache_set);
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
  const FlagChange* position = std::upper_bound(changes_.begin(), changes_.end(), change.at,
                                                [](Time time, const FlagChange& other) { return time < other.at; });
  changes_.insert(static_cast<std::size_t>(position - changes_.begin()), change);
  apply_to_tail(change);
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
  last_ = LastTouch();
  changes_.clear();
}

/// What is changed again later keeps its tail.
void FlagTimeline::apply_to_tail(const FlagChange& change) {
  for (std::size_t i = 0; i < kLatches; ++i) {
    touch_last(change.at, change.latch_set[i], change.latch_clear[i], last_.latch[i], tail_.latched[i]);
  }
  touch_last(change.at, change.cache_read_set, change.cache_read_clear, last_.cache_read, tail_.cache_read);
  touch_last(change.at, change.cache_set, change.cache_clear, last_.cache, tail_.cache_program);
}

void FlagTimeline::rebuild_tail() {
  tail_ = base_;
  last_ = LastTouch();
  for (const FlagChange& change : changes_) apply_to_tail(change);
}

bool read_latch_change(const FlagSource& source, const Piece& piece, FlagChange& change) {
  if (source.base->effects.action != Action::Read || (source.base->effects.latch_set & bit(Latch::Read)) == 0)
    return false;
  const Time offset = array_done(source.spec->steps);
  if (offset < piece.from || offset > piece.to) return false;
  change = FlagChange();
  change.at = piece.start + (offset - piece.from);
  change.uid = source.uid;
  change.latch_set[static_cast<std::size_t>(Latch::Read)] = source.touches;
  return true;
}

bool end_change(const FlagSource& source, const Piece& piece, PlaneMask all_planes, FlagChange& change) {
  const Effects& effects = source.base->effects;
  const LatchMask set_at_end = effects.action == Action::Read
                                   ? static_cast<LatchMask>(effects.latch_set & ~bit(Latch::Read))
                                   : effects.latch_set;
  if ((set_at_end | effects.latch_clear | effects.cache_begin | effects.cache_end) == 0) return false;
  if (piece.to != source.nominal) return false;  // cut before its end
  change = FlagChange();
  change.at = piece.end();
  change.uid = source.uid;
  for (std::size_t i = 0; i < kLatches; ++i) {
    const PlaneMask planes = latch_planes(i, source, all_planes);
    if ((set_at_end >> i & 1U) != 0) change.latch_set[i] = planes;
    if ((effects.latch_clear >> i & 1U) != 0) change.latch_clear[i] = planes;
  }
  if ((effects.cache_begin & bit(Cache::Read)) != 0) change.cache_read_set = source.touches;
  if ((effects.cache_end & bit(Cache::Read)) != 0) change.cache_read_clear = source.touches;
  change.cache_set = static_cast<CacheMask>(effects.cache_begin & ~bit(Cache::Read));
  change.cache_clear = static_cast<CacheMask>(effects.cache_end & ~bit(Cache::Read));
  return true;
}

}  // namespace nandtlm
