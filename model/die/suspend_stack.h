// The suspended operations of one family on one die, newest last (SPEC section 4).
#pragma once

#include <vector>

#include "model/op.h"

namespace nandtlm {

/// One operation between its cut and the end of its RESUME.
struct Suspension {
  Op* op = nullptr;
  Time at = 0;          ///< the SUSPEND's start: the cut
  Time until = kNever;  ///< the RESUME's end, once a RESUME is planned
  bool cut = false;     ///< the SUSPEND has started: the op really stands still

  bool holds_at(Time time) const { return at <= time && time < until; }
};

/// Push on SUSPEND, pop on RESUME; an entry stays until its RESUME has ended, so that the suspended state can be asked
/// for any moment. The order in time is the order in the vector.
class SuspendStack {
 public:
  void push(Op& op, Time at) { entries_.push_back(Suspension{&op, at, kNever, false}); }
  void undo_push() { entries_.pop_back(); }

  /// The newest op that no RESUME is planned for; nullptr: nothing to resume.
  Suspension* top() {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      if (entry->until == kNever) return &*entry;
    }
    return nullptr;
  }
  const Suspension* top() const { return const_cast<SuspendStack*>(this)->top(); }
  /// The entry that holds at `time`, nullptr: not suspended then (SUS-06).
  const Suspension* holding_at(Time time) const {
    for (const Suspension& entry : entries_) {
      if (entry.holds_at(time)) return &entry;
    }
    return nullptr;
  }
  /// True where a SUSPEND is planned that starts after `time`.
  bool planned_after(Time time) const { return !entries_.empty() && entries_.back().at > time; }
  /// First moment after `time` at which the suspended state changes, kNever: none is planned.
  Time next_change_after(Time time) const {
    for (const Suspension& entry : entries_) {
      if (entry.at > time) return entry.at;
      if (entry.until > time && entry.until != kNever) return entry.until;
    }
    return kNever;
  }

  /// The newest suspension of the op; it may be planned again while an older one has its RESUME still to come.
  Suspension* find(const Op& op) {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      if (entry->op == &op) return &*entry;
    }
    return nullptr;
  }
  /// The planned suspension whose SUSPEND starts at `time`.
  Suspension* planned_at(Time time) {
    for (Suspension& entry : entries_) {
      if (!entry.cut && entry.at == time) return &entry;
    }
    return nullptr;
  }
  const Suspension* find(const Op& op) const { return const_cast<SuspendStack*>(this)->find(op); }
  /// The oldest entry left the stack: its RESUME has ended.
  void remove_oldest() { entries_.erase(entries_.begin()); }
  void clear() { entries_.clear(); }

  /// Operations that stand still now.
  std::size_t depth() const {
    std::size_t depth = 0;
    for (const Suspension& entry : entries_) depth += entry.cut ? 1 : 0;
    return depth;
  }
  bool empty() const { return entries_.empty(); }
  const std::vector<Suspension>& entries() const { return entries_; }
  void transfer(StateArchive& archive, OpTable& ops);

 private:
  std::vector<Suspension> entries_;
};

}  // namespace nandtlm
