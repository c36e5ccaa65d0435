// The bootstrap of a generated run: first erases, then programs, then reads, so that early reads do not starve
// (GEN-04).
#pragma once

#include <cstdint>
#include <vector>

#include "config/generation.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Follows what has ended, and says what may be proposed. Volumes count blocks, each once; one that the device cannot
/// reach (more blocks than it has) counts as reached when all blocks have it.
class Bootstrap {
 public:
  Bootstrap(const Device& device, const BootstrapSettings& settings, bool enabled);

  /// Bits of Situation::kStages; 0: the bootstrap is over.
  std::uint32_t stage() const { return stage_; }
  /// An op ended. True where that ended a stage.
  bool ended(const OpInfo& op);
  /// A refill period has passed. A stage in which `kPatience` of them brought nothing new is left: its ops may have no
  /// weight, or no address that fits. True where that happened.
  bool period_passed();

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(erased_, programmed_, read_, stage_, last_sum_, idle_periods_);
  }

 private:
  static constexpr std::uint32_t kPatience = 300;

  struct Volume {
    std::uint64_t wanted = 0;
    std::uint64_t count = 0;
    std::vector<bool> seen;  ///< [die * blocks + block]

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(wanted, count, seen);
    }
  };

  void note(Volume& volume, const OpInfo& op) const;
  std::uint64_t reads_wanted() const;
  void begin_programs();

  const Device& device_;
  BootstrapSettings settings_;
  Volume erased_;
  Volume programmed_;
  Volume read_;
  std::uint32_t stage_ = 0;
  std::uint64_t last_sum_ = 0;  ///< of the counts
  std::uint32_t idle_periods_ = 0;
};

}  // namespace nandtlm
