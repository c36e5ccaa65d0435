// The reservations of one die in order of their start, and the search for a gap among them.
#pragma once

#include <array>

#include "model/flat_queue.h"
#include "model/op.h"

namespace nandtlm {

/// What a piece of an op occupies on the die. `end` of a cut piece is the cut.
struct Reservation {
  Time start = 0;
  Time end = 0;
  Time reach = 0;  ///< latest end of this and all earlier reservations: kept by DieTimeline
  Op* op = nullptr;

  bool covers(Time time) const { return start <= time && time < end; }
  bool overlaps(Time from, Time to) const { return start < to && from < end; }
};

/// Reservations ordered by start. Lookups at a time are logarithmic: `reach` never falls along the list.
class DieTimeline {
 public:
  /// Index of the first reservation that can still matter at `time` or later.
  std::size_t first_reaching(Time time) const;
  /// Index of the first reservation that starts at `time` or later.
  std::size_t first_starting_at(Time time) const;

  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  const Reservation& operator[](std::size_t i) const { return items_[i]; }
  void transfer(StateArchive& archive, OpTable& ops);

  void insert(Op& op, Time start, Time end);
  /// The reservation of `op` that starts at `start` now ends at `end`. Precondition: it is there.
  void set_end(const Op& op, Time start, Time end);
  /// Precondition: it is there. `in_past`: it lies before now, so that no search can start in its gap.
  void remove(const Op& op, Time start, bool in_past);
  void clear();

  /// What a search for a gap is for. Two searches of the same `kind` are stopped by the same reservations where their
  /// planes meet; a longer one on more planes never finds an earlier gap than a shorter one on fewer.
  struct GapQuery {
    Time length = 0;
    PlaneMask planes = 0;
    std::uint32_t kind = 0;  ///< 0: takes the whole die

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(length, planes, kind);
    }
  };
  /// Where a search from `time` may begin instead: earlier searches proved that there is no gap before.
  Time skip_dense(Time time, const GapQuery& query) const;
  /// A search from `from` found its first gap at `to`. New reservations keep the proof, a removal ends it.
  void remember_dense(Time from, Time to, const GapQuery& query);

 private:
  std::size_t find(const Op& op, Time start) const;
  void refresh_reach(std::size_t from);
  static std::size_t stretch_index(const GapQuery& query);

  struct DenseStretch {
    Time from = 0;
    Time to = 0;
    GapQuery query;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(from, to, query);
    }
  };

  FlatQueue<Reservation> items_;
  std::array<DenseStretch, kMaxPlanes + 1> dense_{};
};

}  // namespace nandtlm
