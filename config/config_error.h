// One complaint about a configuration file (CFG-04).
#pragma once

#include <string>

namespace nandtlm {

/// Where and what. Lines and columns count from 1.
struct ConfigError {
  std::string file;
  int line = 1;
  int column = 1;
  std::string key;   ///< dotted path, e.g. "op_names.Read_SLC.durations.ISSUE"
  std::string what;  ///< what is wrong, what was expected

  /// `file:line:column: key: what`, one line.
  std::string text() const;
};

}  // namespace nandtlm
