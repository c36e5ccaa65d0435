// Why a request is refused, cancelled or answered with an error: one list, one spelling.
#pragma once

#include <cstdint>

#include "tlm/types.h"

namespace nandtlm {

class StateArchive;

/// The order of the first group is the order in which a request is judged (RES-01).
enum class Reason : std::uint8_t {
  None,
  Bus,
  PlaneScope,
  ExclusionMulti,
  Exclusion,
  Latch,
  StateForbid,
  StateForbidSuspend,
  StateForbidOdt,
  StateForbidCache,
  // Address rules (EPR-02, EPR-04); together they are `epr_dep`.
  EprAddressRange,
  EprBadBlock,
  EprMultiplaneMismatch,
  EprProgramBeforeErase,
  EprProgramsOnSamePage,
  EprPageNotAscending,
  EprReadBeforeProgram,
  EprDifferentCelltypes,
  EprOneshotOrder,
  // Suspend and resume (section 4).
  NothingToSuspend,
  NothingToResume,
  SuspendedTarget,
  SuspendTooSoon,
  SuspendLimit,
  // How an accepted operation can fail.
  AbortedByReset,
  // Malformed transactions (TLM-04).
  Malformed,
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::Malformed) + 1;

/// The spelling in logs, CSV files, metrics and scenario expectations, e.g. "state_forbid_suspend".
const char* name(Reason reason);
/// Inverse of name(); Reason::None where `text` is no reason.
Reason reason_from_name(const char* text);

/// A refusal with what stands in the way (RES-01). `reason == None` means: not refused.
struct Refusal {
  Reason reason = Reason::None;
  /// The operation that stands in the way, 0 where a state or rule does.
  Uid blocker = 0;
  /// The interval that stands in the way; [0, 0) where there is none.
  Time from = 0;
  Time to = 0;
  /// The rule as the user knows it: a table entry ("PROGRAM_SUSPENDED", "READ.CORE_BUSY"), a policy, or the SPEC ID.
  /// Points to a string that lives as long as the device, or as the program where it comes from a snapshot.
  const char* rule = "";

  explicit operator bool() const { return reason != Reason::None; }
  void transfer(StateArchive& archive);
};

}  // namespace nandtlm
