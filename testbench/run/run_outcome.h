// What came of a run, for its summary, its metrics.json and its exit status.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/observe/check_line.h"
#include "testbench/run/simulation.h"

namespace nandtlm {

struct RunOutcome {
  RunEnd end = RunEnd::Stopped;
  bool interrupted = false;           ///< by a signal
  Time simulated = 0;                 ///< ps
  std::int64_t suspended = 0;         ///< ops left suspended
  double seconds = 0;                 ///< of wall time; never goes into a file (EVT-03)
  std::vector<CheckLine> self_check;  ///< MET-02
  std::vector<std::string> failures;  ///< expectations that did not hold; not looked at in a run that was stopped
  std::vector<std::string> warnings;
  std::vector<std::pair<std::string, std::string>> report;  ///< of the workload: label and text
  std::vector<std::string> errors;                          ///< outputs that could not be written, errors of the kernel
  std::string snapshot;                                     ///< that the run can be carried on from; empty: none
  bool missed_snapshot = false;                             ///< over before the moment of the one that was wanted

  /// Everything that was to be seen was seen, and was right.
  bool ok() const;
};

/// "finished", "run_until", "stalled", "paused", "interrupted" or "error".
const char* name_of_end(const RunOutcome& outcome);

}  // namespace nandtlm
