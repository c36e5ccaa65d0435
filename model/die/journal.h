// What a planning transaction did, so that it can be undone step by step, and what it owes once it stands (RES-03).
#pragma once

#include <cstdint>
#include <vector>

#include "model/inline_call.h"

namespace nandtlm {

/// Undo steps and deferred notices of one transaction over any number of dies. May be used for one after the other.
class Journal {
 public:
  enum class Mode : std::uint8_t {
    Undoable,
    Final,  ///< one request that was judged already: nothing to record, it cannot fail any more
  };
  explicit Journal(Mode mode) : mode_(mode) {}
  /// The next transaction. Precondition: the one before was committed or rolled back.
  void begin(Mode mode) { mode_ = mode; }

  template <typename Undo>
  void record(const Undo& undo) {
    if (mode_ == Mode::Undoable) undo_.emplace_back(undo);
  }
  /// Done at commit, in order; forgotten at rollback.
  template <typename Notice>
  void at_commit(const Notice& notice) {
    notices_.emplace_back(notice);
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
    for (Call& notice : notices_) notice();
    notices_.clear();
  }

 private:
  using Call = InlineCall<48>;

  Mode mode_;
  std::vector<Call> undo_;
  std::vector<Call> notices_;
};

}  // namespace nandtlm
