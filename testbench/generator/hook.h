// The moments at which the generator proposes (GEN-01).
#pragma once

#include <cstdint>

namespace nandtlm {

enum class HookKind : std::uint8_t {
  Refill,     ///< periodic, over dies and planes in turn
  Within,     ///< at a drawn moment of a busy phase
  BeforeEnd,  ///< shortly before the end of a busy phase
  AfterEnd,   ///< shortly behind it
};

/// A hook, packed into the argument of an agenda entry.
struct Hook {
  HookKind kind = HookKind::Refill;
  std::uint32_t die = 0;
  std::uint32_t plane = 0;

  std::uint32_t pack() const { return static_cast<std::uint32_t>(kind) << 24U | plane << 20U | die; }
  static Hook unpack(std::uint32_t packed) {
    return Hook{static_cast<HookKind>(packed >> 24U), packed & 0xFFFFFU, packed >> 20U & 0xFU};
  }
};

}  // namespace nandtlm
