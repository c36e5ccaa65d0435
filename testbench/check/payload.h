// The addresses in the payload of a sequence row.
#pragma once

#include <string_view>
#include <vector>

#include "testbench/check/rows.h"

namespace nandtlm::check {

/// Coordinate that a payload does not tell: which it tells depends on the base (`payload_by_op_base`).
inline constexpr std::int32_t kUntold = -2;

/// Reads a JSON list of objects and appends a Place for each; false where it is none.
bool read_payload(std::string_view json, std::vector<Place>& out);

/// `place` without what `told` does not tell.
Place as_told(Place place, const Place& told);

}  // namespace nandtlm::check
