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
    kDieBusy = 1U << 12U,       ///< something stands on planes for longer than the admission window
    kPlaneBusy = 1U << 13U,     ///< on this plane, too
    kProgramWaits = 1U << 14U,  ///< what comes goes to the backlog; only told where the die is busy
    kEraseWaits = 1U << 15U,
    kProgramFull = 1U << 16U,  ///< the backlog takes no more
    kEraseFull = 1U << 17U,
  };
  static constexpr std::uint32_t kCount = 1U << 18U;

  /// The bit of the family, by that of PROGRAM; 0 for ops of no family.
  static constexpr std::uint32_t of(Bit program, Family family) {
    return family == Family::None ? 0 : std::uint32_t{program} << static_cast<unsigned>(family);
  }
};

/// May ops of a family that is suspended be drawn, for its backlog (BKL-01)?
enum class Queueing : std::uint8_t { No, Yes };

/// The bases that make no sense in a situation: what a table forbids, RESUMEs without a suspension, SUS-08, and what
/// ends a state that does not hold.
BaseSet masked_bases(const Device& device, std::uint32_t situation, Queueing queueing);

/// What a sequence must not hold while the family is suspended; ops of the family itself go to its backlog.
BaseSet forbidden_while_suspended(const Device& device, Family family);

/// What must be free for an op to start.
enum class Needs : std::uint8_t {
  Nothing,  ///< it goes over what runs
  Plane,    ///< its plane: other planes may be busy with others of this kind
  Die,
};
Needs needs_of(const Device& device, const OpSpec& op);

/// False where an op is sure to find no room: its planes are busy for longer than the admission window, or it would
/// have to go to a backlog that takes no more.
bool finds_room(const Device& device, const OpSpec& op, std::uint32_t situation);

}  // namespace nandtlm
