// The faults that one line of the self-check found.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "model/observe/check_line.h"

namespace nandtlm {

/// Counts all faults and keeps the text of the first few, so that its memory is bounded.
class FaultList {
 public:
  static constexpr std::size_t kKept = 8;

  explicit FaultList(std::string name) : name_(std::move(name)) {}

  /// `text()` makes the fault's text; it is called only where the text is kept.
  template <typename Text>
  void add(Text&& text) {
    if (++count_ <= kKept) texts_.push_back(text());
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(count_, texts_);
  }

  /// PASS with what was looked at, or FAIL with the count and the first faults.
  CheckLine line(std::string looked_at) const {
    if (count_ == 0) return {name_, true, std::move(looked_at)};
    std::string detail = std::to_string(count_) + (count_ == 1 ? " fault: " : " faults: ");
    for (std::size_t i = 0; i < texts_.size(); ++i) detail += (i == 0 ? "" : "; ") + texts_[i];
    if (count_ > texts_.size()) detail += "; ...";
    return {name_, false, std::move(detail)};
  }

 private:
  std::string name_;
  std::size_t count_ = 0;
  std::vector<std::string> texts_;
};

}  // namespace nandtlm
