// SIGINT and SIGTERM as a question that a run asks between two steps (OUT-03).
#pragma once

#include <csignal>

namespace nandtlm {

/// While it lives, the first SIGINT or SIGTERM is only noted; the second one ends the process as usual. A file that
/// grows beyond the size limit of the process is an error of its writer, not the end. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool received() const;

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
  struct sigaction old_file_size_ {};
};

}  // namespace nandtlm
