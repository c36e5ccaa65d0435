// A hold-back queue: rows whose content is known late come out ordered by time, then uid (OUT-00).
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// Rows are opened in the order of time, completed at any later time, and leave in the order of (time, uid, order of
/// opening). A row waits for the rows before it and for the end of its own instant (a row with a smaller uid may still
/// come), so the queue is as long as what started since the oldest row that is still open.
template <typename Row>
class OrderedRows {
 public:
  /// Stays valid until the row has left the queue.
  using Handle = std::uint32_t;
  static constexpr Handle kNone = 0xFFFFFFFF;

  /// Precondition: `time` is not before that of any earlier row.
  Handle open(Time time, Uid uid, const Row& row) {
    const Handle handle = take_entry();
    entries_[handle] = Entry{time, uid, false, row};
    insert(handle);
    return handle;
  }
  Row& operator[](Handle handle) { return entries_[handle].row; }
  void complete(Handle handle) {
    assert(!entries_[handle].complete);
    entries_[handle].complete = true;
  }
  /// A row that is complete at once.
  void add(Time time, Uid uid, const Row& row) { complete(open(time, uid, row)); }

  /// Passes what can leave to `write(time, uid, row)`; nothing before `now` will be opened any more.
  template <typename Write>
  void drain(Time now, Write&& write) {
    while (!order_.empty() && entries_[order_.front()].complete && entries_[order_.front()].time < now) leave(write);
  }
  /// Passes everything, rows that are still open too: `write` may complete the row that it gets.
  template <typename Write>
  void drain_all(Write&& write) {
    while (!order_.empty()) leave(write);
  }

  /// Rows held back.
  std::size_t size() const { return order_.size(); }

 private:
  struct Entry {
    Time time = 0;
    Uid uid = 0;
    bool complete = false;
    Row row{};
  };

  Handle take_entry() {
    if (free_.empty()) {
      entries_.emplace_back();
      return static_cast<Handle>(entries_.size() - 1);
    }
    const Handle handle = free_.back();
    free_.pop_back();
    return handle;
  }

  /// Only rows of the same instant can stand behind the new one: the search ends after a few steps.
  void insert(Handle handle) {
    const Entry& entry = entries_[handle];
    auto place = order_.end();
    while (place != order_.begin()) {
      const Entry& before = entries_[*std::prev(place)];
      assert(before.time <= entry.time);
      if (before.time < entry.time || before.uid <= entry.uid) break;
      --place;
    }
    order_.insert(place, handle);
  }

  template <typename Write>
  void leave(Write& write) {
    const Handle handle = order_.front();
    Entry& entry = entries_[handle];
    write(entry.time, entry.uid, entry.row);
    order_.pop_front();
    free_.push_back(handle);
  }

  std::vector<Entry> entries_;
  std::vector<Handle> free_;
  std::deque<Handle> order_;
};

}  // namespace nandtlm
