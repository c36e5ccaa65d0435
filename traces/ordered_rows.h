// A hold-back queue: rows whose content is known late come out ordered by time, then uid (OUT-00).
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "tlm/state_archive.h"
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
    const Handle handle = open(time, uid);
    entry(handle).row = row;
    return handle;
  }
  /// A row whose content is filled in place: until then it is that of some row before.
  Handle open(Time time, Uid uid) {
    assert(first_ == next_ || entry(next_ - 1).time <= time);
    if (size() == capacity_) grow();
    Entry& opened = entry(next_);
    opened.time = time;
    opened.uid = uid;
    opened.complete = false;
    return next_++;
  }
  Row& operator[](Handle handle) { return entry(handle).row; }
  void complete(Handle handle) {
    assert(!entry(handle).complete);
    entry(handle).complete = true;
  }
  /// A row that is complete at once.
  void add(Time time, Uid uid, const Row& row) { add(time, uid) = row; }
  /// The same, filled in place.
  Row& add(Time time, Uid uid) {
    Entry& added = entry(open(time, uid));
    added.complete = true;
    return added.row;
  }

  /// Passes what can leave to `write(time, uid, row)`; nothing before `now` will be opened any more.
  template <typename Write>
  void drain(Time now, Write&& write) {
    while (first_ != next_) {
      const Time time = entry(first_).time;
      if (time >= now) return;
      while (waits_for_ != next_) {
        const Entry& waits = entry(waits_for_);
        if (waits.time != time) break;
        if (!waits.complete) return;
        ++waits_for_;
      }
      leave(waits_for_, write);
    }
  }
  /// Passes everything, rows that are still open too.
  template <typename Write>
  void drain_all(Write&& write) {
    while (first_ != next_) leave(end_of_instant(), write);
    waits_for_ = first_;
  }

  /// Handles stay valid.
  template <typename Archive>
  void transfer(Archive& archive) {
    std::size_t rows = size();
    archive.count(rows);
    archive(first_, waits_for_);
    if (waits_for_ - first_ > rows) throw StateError("rows that are held back are not where they were expected");
    next_ = first_ + rows;
    while (capacity_ < size()) capacity_ = capacity_ == 0 ? 16 : 2 * capacity_;
    ring_.resize(capacity_);
    for (Handle handle = first_; handle != next_; ++handle) {
      Entry& held = entry(handle);
      archive(held.time, held.uid, held.complete, held.row);
    }
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

  Entry& entry(Handle handle) { return ring_[handle & (capacity_ - 1)]; }

  void grow() {
    const std::size_t larger = capacity_ == 0 ? 16 : 2 * capacity_;
    std::vector<Entry> ring(larger);
    for (Handle handle = first_; handle != next_; ++handle) ring[handle & (larger - 1)] = std::move(entry(handle));
    ring_ = std::move(ring);
    capacity_ = larger;
  }

  /// Behind the rows that have the time of the first.
  Handle end_of_instant() {
    const Time time = entry(first_).time;
    Handle end = first_ + 1;
    while (end != next_ && entry(end).time == time) ++end;
    return end;
  }
  /// The rows of the first instant leave.
  template <typename Write>
  void leave(Handle end, Write& write) {
    if (in_order(end)) {
      for (Handle handle = first_; handle != end; ++handle) pass(handle, write);
    } else {
      instant_.clear();
      for (Handle handle = first_; handle != end; ++handle) instant_.emplace_back(entry(handle).uid, handle);
      std::sort(instant_.begin(), instant_.end());
      for (const auto& [uid, handle] : instant_) pass(handle, write);
    }
    first_ = end;
  }
  bool in_order(Handle end) {
    Uid last = 0;
    for (Handle handle = first_; handle != end; ++handle) {
      if (entry(handle).uid < last) return false;
      last = entry(handle).uid;
    }
    return true;
  }
  template <typename Write>
  void pass(Handle handle, Write& write) {
    Entry& leaving = entry(handle);
    write(leaving.time, leaving.uid, leaving.row);
  }

  std::vector<Entry> ring_;
  std::size_t capacity_ = 0;  ///< of the ring, a power of two: its size() would cost a division
  Handle first_ = 0;          ///< the oldest row
  Handle next_ = 0;           ///< behind the newest
  Handle waits_for_ = 0;      ///< a row of the first instant: those before it are complete
  std::vector<std::pair<Uid, Handle>> instant_;
};

}  // namespace nandtlm
