// The ignorable phases that the model adds to the base protocol (TLM-02).
#pragma once

#include <cstdint>
#include <tlm>

namespace nandtlm {

// Backward path, between END_REQ and BEGIN_RESP of the operation that they tell of.
TLM_DECLARE_EXTENDED_PHASE(NAND_OP_STARTED);
TLM_DECLARE_EXTENDED_PHASE(NAND_OP_SUSPENDED);
TLM_DECLARE_EXTENDED_PHASE(NAND_OP_RESUMED);

/// The phases as a closed set: phase numbers depend on the link order, so they are mapped at the border.
enum class Phase : std::uint8_t {
  BeginReq,
  EndReq,
  BeginResp,
  EndResp,
  OpStarted,
  OpSuspended,
  OpResumed,
  Other  ///< somebody else's extended phase: ignored
};

inline Phase to_phase(const tlm::tlm_phase& phase) {
  if (phase == tlm::BEGIN_REQ) return Phase::BeginReq;
  if (phase == tlm::END_REQ) return Phase::EndReq;
  if (phase == tlm::BEGIN_RESP) return Phase::BeginResp;
  if (phase == tlm::END_RESP) return Phase::EndResp;
  if (phase == NAND_OP_STARTED) return Phase::OpStarted;
  if (phase == NAND_OP_SUSPENDED) return Phase::OpSuspended;
  if (phase == NAND_OP_RESUMED) return Phase::OpResumed;
  return Phase::Other;
}

}  // namespace nandtlm
