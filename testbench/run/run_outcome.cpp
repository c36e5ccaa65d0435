#include "testbench/run/run_outcome.h"

#include <algorithm>

namespace nandtlm {

bool RunOutcome::ok() const {
  const bool came_to_its_end = end == RunEnd::Finished || end == RunEnd::RunUntil || end == RunEnd::Paused;
  const bool checked =
      std::all_of(self_check.begin(), self_check.end(), [](const CheckLine& line) { return line.pass; });
  return came_to_its_end && checked && !missed_snapshot && failures.empty() && errors.empty();
}

const char* name_of_end(const RunOutcome& outcome) {
  if (!outcome.errors.empty()) return "error";
  switch (outcome.end) {
    case RunEnd::Finished:
      return "finished";
    case RunEnd::RunUntil:
      return "run_until";
    case RunEnd::Stalled:
      return "stalled";
    case RunEnd::Paused:
      return "paused";
    case RunEnd::Stopped:
      break;
  }
  return "interrupted";
}

}  // namespace nandtlm
