// Latches, cache states and ODT at an instant (RES-04 to RES-06).
#pragma once

#include <array>

#include "tests/reference/plan.h"

namespace nandtlm::reference {

struct Flags {
  std::array<LatchMask, kMaxPlanes> latches{};
  std::array<bool, kMaxPlanes> cache_read{};
  bool cache_program = false;
  bool oneshot_cache_program = false;
};

/// What holds on `die` at `t`; what ends or begins at `t` has done so. What belongs to a suspended program is parked.
Flags flags_at(const Plan& plan, std::uint32_t die, Time t);
/// ODT is global.
struct OdtState {
  Time changed = -1;
  bool disabled = false;
};
OdtState odt_at(const Plan& plan, Time t);

}  // namespace nandtlm::reference
