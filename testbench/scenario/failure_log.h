// The expectations that did not hold.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "config/diagnostics.h"

namespace nandtlm {

/// Keeps the first lines and counts the rest: a loop that goes wrong takes bounded memory.
class FailureLog {
 public:
  static constexpr std::size_t kKept = 100;

  explicit FailureLog(std::string file) : file_(std::move(file)) {}

  /// `FILE:LINE: what`.
  void add(const Mark& mark, const std::string& what) {
    if (++count_ <= kKept) lines_.push_back(file_ + ":" + std::to_string(mark.line) + ": " + what);
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(count_, lines_);
  }

  std::size_t count() const { return count_; }
  std::vector<std::string> lines() const {
    std::vector<std::string> result = lines_;
    if (count_ > kKept) result.push_back(file_ + ": " + std::to_string(count_ - kKept) + " more failures");
    return result;
  }

 private:
  std::string file_;
  std::size_t count_ = 0;
  std::vector<std::string> lines_;
};

}  // namespace nandtlm
