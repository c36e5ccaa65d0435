// One line on a terminal that says how far a run is.
#pragma once

#include <chrono>
#include <cstdint>

#include "tlm/types.h"

namespace nandtlm {

/// Draws on stderr, and only where that is a terminal.
class ProgressBar {
 public:
  ProgressBar();
  /// Wipes the line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// True where it is time to draw again; cheap.
  bool due() const { return on_ && Clock::now() >= next_; }
  /// `done` from 0 to 1, `ops` completed so far.
  void show(double done, Time simulated, std::int64_t ops);

 private:
  using Clock = std::chrono::steady_clock;

  bool on_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
};

}  // namespace nandtlm
