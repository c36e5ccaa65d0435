// Gathers the faults that one check found and makes its line.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <utility>

#include "testbench/check/run_checker.h"

namespace nandtlm::check {

class Findings {
 public:
  explicit Findings(const char* name) : name_(name) {}

  /// Only the first few are kept as text; all are counted.
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ > kShown) return;
    if (!shown_.empty()) shown_ += "; ";
    shown_ += fmt::format(format, std::forward<Args>(args)...);
  }

  bool empty() const { return count_ == 0; }

  /// PASS with `looked_at`, or FAIL with the faults.
  RunCheckLine line(std::string looked_at) const {
    if (empty()) return {name_, true, std::move(looked_at)};
    std::string more = count_ > kShown ? fmt::format("; and {} more", count_ - kShown) : "";
    return {name_, false, fmt::format("{} found: {}{}", count_, shown_, more)};
  }

 private:
  static constexpr std::size_t kShown = 5;

  const char* name_;
  std::size_t count_ = 0;
  std::string shown_;
};

}  // namespace nandtlm::check
