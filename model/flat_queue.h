// A short ordered list in one piece of memory: cheap at both ends, and where it is searched.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace nandtlm {

/// Random access like a vector, pop_front like a deque. insert() and erase() move the shorter side where they can.
template <typename T>
class FlatQueue {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }
  T* begin() { return items_.data() + head_; }
  T* end() { return items_.data() + items_.size(); }
  const T* begin() const { return items_.data() + head_; }
  const T* end() const { return items_.data() + items_.size(); }
  T& operator[](std::size_t i) { return items_[head_ + i]; }
  const T& operator[](std::size_t i) const { return items_[head_ + i]; }
  T& front() { return items_[head_]; }
  const T& front() const { return items_[head_]; }
  T& back() { return items_.back(); }
  const T& back() const { return items_.back(); }

  void push_back(const T& item) { items_.push_back(item); }
  void push_back(T&& item) { items_.push_back(std::move(item)); }
  void pop_front() {
    ++head_;
    if (empty()) {
      clear();
    } else if (head_ >= kSlack && head_ * 2 >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
  }
  /// Before the item that is at `position` now; position == size() appends.
  void insert(std::size_t position, const T& item) {
    if (head_ > 0 && position * 2 < size()) {
      --head_;
      std::move(begin() + 1, begin() + 1 + position, begin());
      items_[head_ + position] = item;
    } else {
      items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(head_ + position), item);
    }
  }
  void erase(std::size_t position) {
    if (position * 2 < size()) {
      std::move_backward(begin(), begin() + position, begin() + position + 1);
      pop_front();
    } else {
      items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(head_ + position));
      if (empty()) clear();
    }
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }
  void resize(std::size_t size) { items_.resize(head_ + size); }

 private:
  static constexpr std::size_t kSlack = 32;  ///< dead items at the front that are not worth a move

  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace nandtlm
