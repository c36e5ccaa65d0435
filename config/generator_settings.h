// What a run file says to the generator and to the suspend policy: plain structs with defaults.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "tlm/types.h"

namespace nandtlm {

/// What an op is for, as far as default weights go (GEN-02).
enum class OpClass : std::uint8_t { Read, Program, Erase, Suspend, Resume, Status, Continue, Reset, Nop, Other };
inline constexpr std::size_t kOpClasses = 10;
/// "read", "program", ...: the keys of `generator.mix`.
const char* name(OpClass op_class);

/// Section `generator` of a run file with `workload: random`. Times in ps.
struct GeneratorSettings {
  /// Share of each class among the weights that are filled, in units of 1e-9 (GEN-02).
  std::array<std::uint64_t, kOpClasses> mix = {500'000'000, 250'000'000, 200'000'000, 20'000'000, 100'000'000,
                                               5'000'000,   20'000'000,  10'000,      50'000'000, 5'000'000};
  std::uint64_t ops = 0;          ///< no proposals once so many ops are accepted; 0: no limit
  std::string weights_path;       ///< filled table to read back; empty: none
  std::string export_path;        ///< where the filled table is written; empty: nowhere
  std::optional<bool> bootstrap;  ///< instead of the device's `bootstrap.enabled` (GEN-04)
  bool drain = true;              ///< what is suspended at the end is resumed (GEN-05)
  bool until_covered = false;     ///< run until every legal combination was reached
  std::uint32_t max_backlog = 4;  ///< entries of a backlog up to which more is proposed for it; 0: nothing is
  Time before_end = 250'000;      ///< of the hook before the end of a busy phase
  Time after_end = 50'000;        ///< of the hook behind it

  /// What a run that is carried on must have in common with its beginning: all but its end and its files.
  template <typename Archive>
  void transfer(Archive& archive) {
    archive(mix, bootstrap, drain, until_covered, max_backlog, before_end, after_end);
  }
};

/// Section `suspend_policy` of a run file with `workload: suspend_policy` (GEN-03). Times in ps.
struct SuspendPolicySettings {
  bool enabled = true;                   ///< suspend for reads that wait
  bool compare = true;                   ///< the same load once more on a second package, without the policy
  Time read_interval = 400 * kPsPerUs;   ///< mean time between two reads that arrive, per die
  std::string trace_path;                ///< arrivals from a CSV `time,die` instead; empty: none
  std::uint64_t reads = 20'000;          ///< reads in all
  Time max_wait = 20 * kPsPerUs;         ///< a read waits so long before something is suspended for it
  Time min_remaining = 100 * kPsPerUs;   ///< what ends sooner is not suspended
  Time max_suspended = 1000 * kPsPerUs;  ///< longest suspension, from cut to RESUME
  std::uint32_t erase_every = 32;        ///< pages that are programmed per block

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(enabled, compare, read_interval, reads, max_wait, min_remaining, max_suspended, erase_every);
  }
};

}  // namespace nandtlm
