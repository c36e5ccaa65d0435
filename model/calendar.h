// An ordered calendar whose entries can be cancelled by handle (EVT-02).
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// A binary heap over (time, rank, order of insertion) with O(log n) push, pop and cancel.
/// `Item` is small and copyable. Handles are reused after their entry is gone.
template <typename Item>
class Calendar {
 public:
  using Handle = std::uint32_t;
  static constexpr Handle kNone = 0xFFFFFFFF;

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// kNever where the calendar is empty.
  Time next_time() const { return heap_.empty() ? kNever : entries_[heap_.front()].time; }

  /// At one time, entries leave by rising `rank`, then in the order in which they came.
  Handle push(Time time, std::uint64_t rank, const Item& item) {
    const Handle handle = take_handle();
    entries_[handle] = Entry{time, rank, next_sequence_++, 0, item};
    heap_.push_back(handle);
    sift_up(heap_.size() - 1);
    return handle;
  }

  /// Precondition: not empty().
  Item pop() {
    const Handle handle = heap_.front();
    remove_at(0);
    return entries_[handle].item;
  }

  /// Precondition: the entry of `handle` is still in the calendar.
  void cancel(Handle handle) { remove_at(entries_[handle].position); }

  void clear() {
    heap_.clear();
    entries_.clear();
    idle_.clear();
  }

 private:
  struct Entry {
    Time time = 0;
    std::uint64_t rank = 0;
    std::uint64_t sequence = 0;
    std::size_t position = 0;
    Item item{};
  };

  Handle take_handle() {
    if (idle_.empty()) {
      entries_.emplace_back();
      return static_cast<Handle>(entries_.size() - 1);
    }
    const Handle handle = idle_.back();
    idle_.pop_back();
    return handle;
  }

  bool before(Handle a, Handle b) const {
    const Entry& x = entries_[a];
    const Entry& y = entries_[b];
    if (x.time != y.time) return x.time < y.time;
    if (x.rank != y.rank) return x.rank < y.rank;
    return x.sequence < y.sequence;
  }

  void place(std::size_t position, Handle handle) {
    heap_[position] = handle;
    entries_[handle].position = position;
  }

  void sift_up(std::size_t position) {
    const Handle handle = heap_[position];
    while (position > 0) {
      const std::size_t parent = (position - 1) / 2;
      if (!before(handle, heap_[parent])) break;
      place(position, heap_[parent]);
      position = parent;
    }
    place(position, handle);
  }

  void sift_down(std::size_t position) {
    const Handle handle = heap_[position];
    for (;;) {
      std::size_t child = 2 * position + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], handle)) break;
      place(position, heap_[child]);
      position = child;
    }
    place(position, handle);
  }

  void remove_at(std::size_t position) {
    idle_.push_back(heap_[position]);
    const Handle last = heap_.back();
    heap_.pop_back();
    if (position == heap_.size()) return;
    place(position, last);
    sift_up(position);
    sift_down(entries_[last].position);
  }

  std::vector<Entry> entries_;
  std::vector<Handle> idle_;
  std::vector<Handle> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace nandtlm
