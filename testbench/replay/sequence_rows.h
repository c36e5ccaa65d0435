// An operation_sequence.csv in memory: compact, because such files have millions of rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/request.h"
#include "tlm/types.h"

namespace nandtlm {

/// One checked row. 32 bytes; its targets stand in SequenceRows::targets.
struct SequenceRow {
  Time time = 0;  ///< start, ps
  Uid uid = 0;    ///< never 0: rows without one have got one
  std::uint32_t first_target = 0;
  std::uint32_t line = 0;       ///< in the file, from 1
  std::uint32_t die = kAnyDie;  ///< kAnyDie where the payload names none
  OpId op{};
  std::uint8_t target_count = 0;
  std::int8_t expected_status = -1;  ///< exp_val: 0 busy, 1 extrdy, 2 ready; -1 none
};

/// The whole file, by rising time.
struct SequenceRows {
  std::string file;  ///< as it was named, for messages
  std::vector<SequenceRow> rows;
  std::vector<Target> targets;

  TargetList targets_of(const SequenceRow& row) const {
    TargetList list;
    for (std::uint8_t i = 0; i < row.target_count; ++i) list.push_back(targets[row.first_target + i]);
    return list;
  }
};

}  // namespace nandtlm
