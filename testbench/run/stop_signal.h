// SIGINT, SIGTERM and SIGHUP as a question that a run asks between two steps (OUT-03).
#pragma once

#include <array>
#include <csignal>

namespace nandtlm {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is only noted; the second one ends the process as usual. A file
/// that grows beyond the size limit of the process is an error of its writer, not the end. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool received() const;

 private:
  static constexpr std::array<int, 3> kStopping = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, kStopping.size()> old_{};
  struct sigaction old_file_size_ {};
};

}  // namespace nandtlm
