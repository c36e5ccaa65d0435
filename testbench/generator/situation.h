// What holds on a plane of a die beside the op state: which bases the tables forbid for it (RES-07).
#pragma once

#include <cstdint>

#include "config/device.h"

namespace nandtlm {

/// One bit each. Weights belong to the op state; the situation masks what it forbids out of them (GEN-01).
struct Situation {
  enum Bit : std::uint32_t {
    kProgramSuspended = 1U << 0U,
    kEraseSuspended = 1U << 1U,
    kLatched = 1U << 2U,  ///< and the three bits above it: Read, Lsb, Csb, Msb
    kCacheRead = 1U << 6U,
    kCacheProgram = 1U << 7U,
    kCacheOneshot = 1U << 8U,
    kOdtOff = 1U << 9U,
    kStageErase = 1U << 10U,  ///< bootstrap (GEN-04): only erases
    kStageProgram = 2U << 10U,
    kStageRead = 3U << 10U,
    kStages = 3U << 10U,
  };
  static constexpr std::uint32_t kCount = 1U << 12U;
};

/// May ops of a family that is suspended be drawn, for its backlog (BKL-01)?
enum class Queueing : std::uint8_t { No, Yes };

/// The bases that make no sense in a situation: what a table forbids, RESUMEs without a suspension, SUS-08, and what
/// ends a state that does not hold.
BaseSet masked_bases(const Device& device, std::uint32_t situation, Queueing queueing);

}  // namespace nandtlm
