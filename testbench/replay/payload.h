// The column `payload` of operation_sequence.csv: a JSON list of objects, one per target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/device.h"
#include "model/request.h"

namespace nandtlm {

/// What a payload says of its operation.
struct SequencePayload {
  std::uint32_t die = kAnyDie;
  TargetList targets;
  std::int8_t expected_status = -1;  ///< exp_val: 0 busy, 1 extrdy, 2 ready; -1 none
};

/// Reads `json` into `out` and checks every address against the topology. Known keys are die, plane, block, page,
/// celltype and exp_val; null and (for plane, block, page) -1 mean that there is none. A plane that is not given
/// follows from its block. Returns what is wrong, std::nullopt where all is well.
std::optional<std::string> parse_sequence_payload(std::string_view json, const Device& device, SequencePayload& out);

}  // namespace nandtlm
