// One line of a self-check's verdict.
#pragma once

#include <string>

namespace nandtlm {

/// One verdict. Lines named "note" tell something about the input; they always pass.
struct CheckLine {
  std::string name;
  bool pass = true;
  std::string detail;  ///< what was looked at, or the first faults with uids and times in µs
};

}  // namespace nandtlm
