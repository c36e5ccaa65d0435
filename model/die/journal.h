// What a planning transaction did, so that it can be undone step by step, and what it owes once it stands (RES-03).
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace nandtlm {

/// Undo steps and deferred notices of one transaction over any number of dies.
class Journal {
 public:
  enum class Mode : std::uint8_t {
    Undoable,
    Final,  ///< one request that was judged already: nothing to record, it cannot fail any more
  };
  explicit Journal(Mode mode) : mode_(mode) {}

  template <typename Undo>
  void record(Undo&& undo) {
    if (mode_ == Mode::Undoable) undo_.emplace_back(std::forward<Undo>(undo));
  }
  /// Done at commit, in order; forgotten at rollback.
  template <typename Notice>
  void at_commit(Notice&& notice) {
    notices_.emplace_back(std::forward<Notice>(notice));
  }

  void rollback() {
    notices_.clear();
    while (!undo_.empty()) {
      undo_.back()();
      undo_.pop_back();
    }
  }
  void commit() {
    undo_.clear();
    for (const std::function<void()>& notice : notices_) notice();
    notices_.clear();
  }

 private:
  Mode mode_;
  std::vector<std::function<void()>> undo_;
  std::vector<std::function<void()>> notices_;
};

}  // namespace nandtlm
