// A short ordered list in one piece of memory: cheap at both ends, and where it is searched.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace nandtlm {

/// Random access like a vector, pop_front like a deque. insert() and erase() move the shorter side where they can.
/// What leaves stays as it is in memory until its place is needed again.
template <typename T>
class FlatQueue {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  T* begin() { return room_.data() + head_; }
  T* end() { return room_.data() + tail_; }
  const T* begin() const { return room_.data() + head_; }
  const T* end() const { return room_.data() + tail_; }
  T& operator[](std::size_t i) { return begin()[i]; }
  const T& operator[](std::size_t i) const { return begin()[i]; }
  T& front() { return *begin(); }
  const T& front() const { return *begin(); }
  T& back() { return *(end() - 1); }
  const T& back() const { return *(end() - 1); }

  /// `item` is not one of the queue's own.
  void push_back(const T& item) {
    make_room();
    room_[tail_++] = item;
  }
  void pop_front() {
    ++head_;
    if (empty()) {
      clear();
    } else if (head_ >= kSlack && head_ * 2 >= tail_) {
      std::move(begin(), end(), room_.data());
      tail_ -= head_;
      head_ = 0;
    }
  }
  /// Before the item that is at `position` now; position == size() appends. `item` is not one of the queue's own.
  void insert(std::size_t position, const T& item) {
    if (position == size()) {
      push_back(item);
      return;
    }
    if (head_ > 0 && position * 2 < size()) {
      --head_;
      std::move(begin() + 1, begin() + 1 + position, begin());
    } else {
      make_room();
      ++tail_;
      std::move_backward(begin() + position, end() - 1, end());
    }
    begin()[position] = item;
  }
  void erase(std::size_t position) {
    if (position * 2 < size()) {
      std::move_backward(begin(), begin() + position, begin() + position + 1);
      pop_front();
    } else {
      std::move(begin() + position + 1, end(), begin() + position);
      --tail_;
      if (empty()) clear();
    }
  }
  void clear() {
    head_ = 0;
    tail_ = 0;
  }
  /// What is added is fresh.
  void resize(std::size_t size) {
    const std::size_t before = tail_;
    tail_ = head_ + size;
    if (tail_ > room_.size()) room_.resize(tail_);
    for (std::size_t i = before; i < tail_; ++i) room_[i] = T();
  }

 private:
  static constexpr std::size_t kSlack = 32;  ///< dead items at the front that are not worth a move

  void make_room() {
    if (end() == room_.data() + room_.size()) room_.resize(std::max<std::size_t>(4, 2 * tail_));
  }

  std::vector<T> room_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;  ///< behind the last item
};

}  // namespace nandtlm
