// An ordered calendar whose entries can be cancelled by handle (EVT-02).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// A heap of four children a node over (time, rank) with O(log n) push, pop and cancel.
/// `Item` is small and copyable. Handles are reused after their entry is gone.
template <typename Item>
class Calendar {
 public:
  using Handle = std::uint32_t;
  static constexpr Handle kNone = 0xFFFFFFFF;

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  /// kNever where the calendar is empty.
  Time next_time() const { return heap_.empty() ? kNever : static_cast<Time>(heap_.front().order >> 64U); }

  /// Precondition: not empty().
  const Item& next() const { return entries_[heap_.front().handle].item; }

  /// `time` is not negative. At one time, entries leave by rising `rank`; equal ranks in an order that is not promised.
  Handle push(Time time, std::uint64_t rank, const Item& item) {
    const Handle handle = take_handle();
    entries_[handle].item = item;
    heap_.push_back(Key{Order{static_cast<std::uint64_t>(time)} << 64U | rank, handle});
    sift_up(heap_.size() - 1);
    return handle;
  }

  /// Precondition: not empty().
  Item pop() {
    const Handle handle = heap_.front().handle;
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
  __extension__ using Order = unsigned __int128;  ///< time, then rank: compared in one go, without a branch to guess

  /// What is compared lies together, apart from the items.
  struct Key {
    Order order = 0;
    Handle handle = kNone;

    bool before(const Key& other) const { return order < other.order; }
  };
  struct Entry {
    std::size_t position = 0;
    Item item{};
  };

  static constexpr std::size_t kChildren = 4;

  Handle take_handle() {
    if (idle_.empty()) {
      entries_.emplace_back();
      return static_cast<Handle>(entries_.size() - 1);
    }
    const Handle handle = idle_.back();
    idle_.pop_back();
    return handle;
  }

  void sift_up(std::size_t position) {
    Key* const heap = heap_.data();
    const Key key = heap[position];
    while (position > 0) {
      const std::size_t parent = (position - 1) / kChildren;
      if (!key.before(heap[parent])) break;
      heap[position] = heap[parent];
      entries_[heap[position].handle].position = position;
      position = parent;
    }
    heap[position] = key;
    entries_[key.handle].position = position;
  }

  void sift_down(std::size_t position) {
    Key* const heap = heap_.data();
    const std::size_t size = heap_.size();
    const Key key = heap[position];
    for (std::size_t first = kChildren * position + 1; first < size; first = kChildren * position + 1) {
      const std::size_t last = std::min(first + kChildren, size);
      std::size_t earliest = first;
      Order order = heap[first].order;
      for (std::size_t child = first + 1; child < last; ++child) {
        const bool earlier = heap[child].order < order;
        earliest = earlier ? child : earliest;
        order = earlier ? heap[child].order : order;
      }
      if (!(order < key.order)) break;
      heap[position] = heap[earliest];
      entries_[heap[position].handle].position = position;
      position = earliest;
    }
    heap[position] = key;
    entries_[key.handle].position = position;
  }

  void remove_at(std::size_t position) {
    idle_.push_back(heap_[position].handle);
    const Key last = heap_.back();
    heap_.pop_back();
    if (position == heap_.size()) return;
    const bool rises = position > 0 && last.before(heap_[(position - 1) / kChildren]);
    heap_[position] = last;
    entries_[last.handle].position = position;
    if (rises) {
      sift_up(position);
    } else {
      sift_down(position);
    }
  }

  std::vector<Entry> entries_;
  std::vector<Handle> idle_;
  std::vector<Key> heap_;
};

}  // namespace nandtlm
