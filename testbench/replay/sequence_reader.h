// Reads and checks an operation_sequence.csv, row by row.
#pragma once

#include <string>
#include <vector>

#include "config/config_error.h"
#include "config/device.h"
#include "testbench/replay/sequence_rows.h"

namespace nandtlm {

struct ReadSequence {
  SequenceRows sequence;
  /// The first hundred, then one line that counts the rest. The `key` is the column.
  std::vector<ConfigError> errors;
};

/// Checks the whole file (CFG-04): columns, numbers, names, payloads, addresses, that times do not go back and that no
/// op_uid stands twice. `op_uid` may be missing or empty: such rows are numbered on from the largest one given. Times
/// are decimal us and are rounded to 1 ps. `op_name` says which op it is; `seq` and `op_id` must be numbers only.
/// Takes about 50 bytes of memory per row.
ReadSequence read_sequence(const std::string& path, const Device& device);

}  // namespace nandtlm
