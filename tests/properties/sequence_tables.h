// What random sequences choose from: the ops of the wishes and the preludes.
#pragma once

#include <cstdint>
#include <vector>

namespace nandtlm::test {

/// The op that a wish of this kind asks for; any number will do.
const char* op_of_kind(std::uint8_t kind);
/// The first kind of this op.
std::uint8_t kind_of(const char* op);

/// One step of a prelude, on die 0.
struct Opening {
  const char* op;
  std::uint8_t block;
};
/// Their steps, in order; `prelude` is below kPreludes.
const std::vector<Opening>& openings(std::uint8_t prelude);

}  // namespace nandtlm::test
