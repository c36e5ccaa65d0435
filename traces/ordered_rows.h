// A hold-back queue: rows whose content is known late come out ordered by time, then uid (OUT-00).
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// Rows are opened in the order of time, completed at any later time, and leave in the order of (time, uid, order of
/// opening). A row waits for the rows before it and for the rows of its own instant (one with a smaller uid may still
/// come), so the queue is as long as what started since the oldest row that is still open.
template <typename Row>
class OrderedRows {
 public:
  /// Number of a row: valid until the row has left the queue, never reused.
  using Handle = std::uint64_t;
  static constexpr Handle kNone = ~Handle{0};

  /// Precondition: `time` is not before that of any earlier row.
  Handle open(Time time, Uid uid, const Row& row) {
    assert(first_ == next_ || entry(next_ - 1).time <= time);
    if (size() == ring_.size()) grow();
    Entry& opened = entry(next_);
    opened.time = time;
    opened.uid = uid;
    opened.complete = false;
    opened.row = row;
    return next_++;
  }
  Row& operator[](Handle handle) { return entry(handle).row; }
  void complete(Handle handle) {
    assert(!entry(handle).complete);
    entry(handle).complete = true;
  }
  /// A row that is complete at once.
  void add(Time time, Uid uid, const Row& row) { complete(open(time, uid, row)); }

  /// Passes what can leave to `write(time, uid, row)`; nothing before `now` will be opened any more.
  template <typename Write>
  void drain(Time now, Write&& write) {
    while (first_ != next_ && entry(waits_for_).complete && entry(first_).time < now) {
      const Handle end = end_of_instant();
      waits_for_ = first_open(end);
      if (waits_for_ == end) leave(end, write);
    }
  }
  /// Passes everything, rows that are still open too.
  template <typename Write>
  void drain_all(Write&& write) {
    while (first_ != next_) leave(end_of_instant(), write);
    waits_for_ = first_;
  }

  /// Rows held back.
  std::size_t size() const { return static_cast<std::size_t>(next_ - first_); }

 private:
  struct Entry {
    Time time = 0;
    Uid uid = 0;
    bool complete = false;
    Row row{};
  };

  Entry& entry(Handle handle) { return ring_[handle & (ring_.size() - 1)]; }

  void grow() {
    std::vector<Entry> larger(ring_.empty() ? 16 : 2 * ring_.size());
    for (Handle handle = first_; handle != next_; ++handle) {
      larger[handle & (larger.size() - 1)] = std::move(entry(handle));
    }
    ring_ = std::move(larger);
  }

  /// Behind the rows that have the time of the first.
  Handle end_of_instant() {
    const Time time = entry(first_).time;
    Handle end = first_ + 1;
    while (end != next_ && entry(end).time == time) ++end;
    return end;
  }
  /// `end` where all rows before it are complete. Rows before `waits_for_` are.
  Handle first_open(Handle end) {
    Handle handle = waits_for_;
    while (handle != end && entry(handle).complete) ++handle;
    return handle;
  }

  /// The rows of the first instant leave.
  template <typename Write>
  void leave(Handle end, Write& write) {
    if (end - first_ == 1) {
      pass(first_, write);
    } else {
      instant_.clear();
      for (Handle handle = first_; handle != end; ++handle) instant_.push_back(handle);
      std::sort(instant_.begin(), instant_.end(), [this](Handle a, Handle b) {
        return entry(a).uid != entry(b).uid ? entry(a).uid < entry(b).uid : a < b;
      });
      for (const Handle handle : instant_) pass(handle, write);
    }
    first_ = end;
  }
  template <typename Write>
  void pass(Handle handle, Write& write) {
    Entry& leaving = entry(handle);
    write(leaving.time, leaving.uid, leaving.row);
  }

  std::vector<Entry> ring_;  ///< a power of two
  Handle first_ = 0;         ///< the oldest row
  Handle next_ = 0;          ///< behind the newest
  Handle waits_for_ = 0;     ///< a row of the first instant: those before it are complete
  std::vector<Handle> instant_;
};

}  // namespace nandtlm
