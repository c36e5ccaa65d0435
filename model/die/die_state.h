// Latches and cache states of a die, now and as planned (RES-02, RES-04, RES-05).
#pragma once

#include <array>

#include "model/flat_queue.h"
#include "model/op.h"

namespace nandtlm {

/// One bit per plane and latch or plane-wise cache state; cache-program states are of the die.
struct DieFlags {
  std::array<PlaneMask, kLatches> latched{};
  PlaneMask cache_read = 0;
  CacheMask cache_program = 0;  ///< bits Cache::Program and Cache::OneshotProgram

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(latched, cache_read, cache_program);
  }
  friend bool operator==(const DieFlags& a, const DieFlags& b) {
    return a.latched == b.latched && a.cache_read == b.cache_read && a.cache_program == b.cache_program;
  }
};

/// What an op does to the flags at a moment of its own.
struct FlagChange {
  Time at = 0;
  Uid uid = 0;
  std::array<PlaneMask, kLatches> latch_set{};
  std::array<PlaneMask, kLatches> latch_clear{};
  PlaneMask cache_read_set = 0;
  PlaneMask cache_read_clear = 0;
  CacheMask cache_set = 0;
  CacheMask cache_clear = 0;

  void apply(DieFlags& flags) const;
  template <typename Archive>
  void transfer(Archive& archive) {
    archive(at, uid, latch_set, latch_clear, cache_read_set, cache_read_clear, cache_set, cache_clear);
  }
};

/// The flags as a function of time: a base state and the planned changes in time order.
class FlagTimeline {
 public:
  /// Changes at or before `now` become the base state.
  void advance(Time now) {
    while (!changes_.empty() && changes_.front().at <= now) {
      changes_.front().apply(base_);
      changes_.pop_front();
    }
  }
  /// The flags that hold at `time` (changes at `time` included). `time` >= the last advance().
  DieFlags at(Time time) const;
  /// The same as if `extra` were planned too.
  DieFlags at_with(Time time, const FlagChange& extra) const;
  /// The first planned change after `time`, kNever where there is none.
  Time next_change_after(Time time) const;

  void insert(const FlagChange& change);
  /// Takes out all changes of `uid` after `after`.
  void remove(Uid uid, Time after);
  void clear();

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(base_, tail_, last_, changes_);
  }

 private:
  /// When each flag is changed last, so that an insertion knows what it means for the tail without a walk.
  struct LastTouch {
    std::array<std::array<Time, kMaxPlanes>, kLatches> latch{};
    std::array<Time, kMaxPlanes> cache_read{};
    std::array<Time, kCaches> cache{};

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(latch, cache_read, cache);
    }
  };

  void apply_to_tail(const FlagChange& change);
  void rebuild_tail();

  DieFlags base_;
  DieFlags tail_;  ///< after all planned changes
  LastTouch last_;
  FlatQueue<FlagChange> changes_;
};

/// What of an op, or of a candidate for one, matters to the flags.
struct FlagSource {
  const OpSpec* spec = nullptr;
  const OpBase* base = nullptr;
  PlaneMask touches = 0;
  Time nominal = 0;
  Uid uid = 0;
};
inline FlagSource flag_source(const Op& op) {
  return FlagSource{op.spec, op.base, op.touches, op.nominal, op.info.uid};
}

/// The change that a source brings about while `piece` runs, if any: a read's latch when the array is done (RES-04),
/// everything else at the op's END (RES-05). Returns false where there is none.
bool read_latch_change(const FlagSource& source, const Piece& piece, FlagChange& change);
bool end_change(const FlagSource& source, const Piece& piece, PlaneMask all_planes, FlagChange& change);

}  // namespace nandtlm
