// The payload extension: which NAND command a generic payload carries, and what became of it.
#pragma once

#include <tlm>

#include "tlm/reason.h"
#include "tlm/types.h"

namespace nandtlm {

/// Answer of a status read from the states of the planes: array and interface busy, cache free, all ready.
enum class ReadyState : std::uint8_t { Busy, ExtReady, Ready };

/// Status register bits (ONFI 5.1, 6.x "Read Status": SR[0] FAIL, SR[5] ARDY, SR[6] RDY, SR[7] WP_n).
inline constexpr std::uint8_t kStatusFail = 0x01;
inline constexpr std::uint8_t kStatusArrayReady = 0x20;
inline constexpr std::uint8_t kStatusReady = 0x40;
inline constexpr std::uint8_t kStatusNotProtected = 0x80;

/// TLM-01. Page data travels in data_ptr: one page (page_bytes + spare_bytes) per target, in the order of the targets.
/// Where `targets` is empty and the command needs one, the payload's address gives it (see tlm/row_address.h).
class NandCommand : public tlm::tlm_extension<NandCommand> {
 public:
  // Set by the initiator.
  OpId op{};
  std::uint32_t die = 0;  ///< die of the package
  TargetList targets;
  /// The reservation that this transaction carries out (from the planning interface); 0: none, the die decides now.
  Uid uid = 0;
  /// Free for the initiator; no target looks at it.
  std::uint64_t initiator_tag = 0;

  // Set by the target; final when the response begins.
  Refusal refusal;  ///< why it was refused, aborted or answered with an error
  ReadyState ready = ReadyState::Ready;
  std::uint8_t status = 0;     ///< status register, for a status read
  Time started_at = 0;         ///< ps
  Time consumed = 0;           ///< array and bus time executed so far, ps (RES-06)
  std::uint32_t suspends = 0;  ///< how often it was cut

  /// Sets everything back for the next use of the payload.
  void reset() { *this = NandCommand(); }

  tlm::tlm_extension_base* clone() const override { return new NandCommand(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const NandCommand&>(other); }
};

}  // namespace nandtlm
