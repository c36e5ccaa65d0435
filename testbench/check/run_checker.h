// `nandtlm check DIR`: judges a finished run from its CSV files alone (MET-03).
#pragma once

#include <string>
#include <vector>

namespace nandtlm {

/// One verdict. Lines named "note" tell something about the input; they always pass.
struct RunCheckLine {
  std::string name;
  bool pass = true;
  std::string detail;  ///< what was looked at, or the first faults with uids and times in µs
};

/// All verdicts on a run. With input errors there are no verdicts: nothing is judged from half-read files.
struct CheckReport {
  std::vector<RunCheckLine> lines;
  std::vector<std::string> input_errors;  ///< `file:line: what is wrong`, or `file: ...`

  /// True where the input could be read and every line passes.
  bool pass() const;
};

/// MET-03: recomputes the lines of MET-02 from the CSV files in the folder `dir`, without the model's code. Never
/// throws for bad input: that is reported in `input_errors`. What each line means is in docs/checking.md.
CheckReport check_run(const std::string& dir);

/// Prints one line per verdict to stdout and input errors to stderr.
/// Returns the exit status: 0 all passed, 1 a check failed, 2 bad input.
int print_report(const CheckReport& report);

}  // namespace nandtlm
