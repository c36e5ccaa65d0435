// The generator sections of a device file, checked against its ops and bases: sequences, weights, bootstrap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/device.h"
#include "config/diagnostics.h"
#include "config/yaml_node.h"

namespace nandtlm {

/// How a step of a sequence gets its address and its op from what stands before it (GEN-01).
struct Inherit {
  enum class Page : std::uint8_t {
    Fresh,        ///< `none`, or nothing said: a new legal address
    Same,         ///< `same_page`
    Next,         ///< `inc_page`
    Previous,     ///< `prev_page`: of the step before the one before, whose data stands in the register
    SameProgram,  ///< `pgm_same_page`: of the last program of the sequence
    Suspended,    ///< `same_page_from_program_suspend`
  };
  Page page = Page::Fresh;
  bool celltype = false;     ///< `same_celltype`
  bool multi = false;        ///< `multi`: several planes where the one before had several; data-outs one by one
  bool is_register = false;  ///< `same_reg`: no address
};

/// One op of a sequence by its base.
struct SequenceStep {
  BaseId base{};
  Inherit inherit;
  std::vector<std::pair<OpId, std::uint64_t>>
      name_weights;  ///< of `generate_seq_rules.*.name_weights`; empty: all alike
};

/// One way to go on after an op; no steps: it stands alone.
struct SequenceChoice {
  std::uint64_t weight = 0;
  std::vector<SequenceStep> steps;
};

/// A weight that a file gives, for an op or for a base (shared by its ops).
struct WeightEntry {
  std::optional<OpId> op;
  std::optional<BaseId> base;
  std::uint64_t weight = 0;
  Mark mark;
  std::string key;  ///< dotted, for messages
};

/// The weights of one state, or of all (`global`).
struct StateWeights {
  static constexpr std::uint32_t kGlobal = 0xFFFFFFFF;
  std::uint32_t phase = kGlobal;  ///< phase_number()
  std::vector<WeightEntry> entries;
};

/// GEN-04.
struct BootstrapSettings {
  bool enabled = false;
  std::uint64_t erase_volume = 100;
  std::uint64_t program_volume = 100;
  std::uint64_t read_volume = 100;
  std::uint64_t read_coverage_ppm = 100'000;
  std::vector<std::uint64_t> celltype_weights;  ///< [celltype]; empty: all alike
};

struct Generation {
  std::vector<std::vector<SequenceChoice>> sequences;  ///< [base]; empty: the device says nothing
  std::vector<StateWeights> phase_conditional;
  std::vector<StateWeights> overrides;
  BootstrapSettings bootstrap;
  std::uint32_t max_tries = 4;   ///< policies.maxtry_candidate
  std::uint32_t max_loop = 4;    ///< policies.maxloop_seq
  std::uint32_t max_planes = 8;  ///< policies.maxplanes
  bool split_data_out = true;    ///< policies.split_dout_per_plane
  bool uniform_names = true;     ///< features.uniform_subseq_sampling
  bool skip_delay = true;        ///< features.skip_delay_in_proposal
};

/// Phases are numbered: base * kPhasesPerBase + state, or + kEndPhase for the virtual `<BASE>.END` (GEN-02); the last
/// one is the time before the first op of a plane.
inline constexpr std::uint32_t kEndPhase = kStates;
inline constexpr std::uint32_t kPhasesPerBase = kStates + 1;
/// `state` may be kEndPhase.
inline std::uint32_t phase_number(BaseId base, std::uint32_t state) {
  return static_cast<std::uint32_t>(index(base)) * kPhasesPerBase + state;
}
inline std::uint32_t phase_number(BaseId base, State state) {
  return phase_number(base, static_cast<std::uint32_t>(state));
}
inline std::uint32_t default_phase(const Device& device) {
  return static_cast<std::uint32_t>(device.bases.size()) * kPhasesPerBase;
}
inline std::uint32_t phase_count(const Device& device) {
  return default_phase(device) + 1;
}
/// "READ.CORE_BUSY", "READ.END", "DEFAULT" (nothing was on the plane yet).
std::string phase_name(std::uint32_t phase, const Device& device);

/// Reads the sections out of a device file's tree. The device was made from the same tree, so shapes that its loader
/// checks are right; names and contradictions are checked here (CFG-04).
Generation read_generation(const YamlNode& tree, const Device& device, Diagnostics& out);
/// `{STATE: {op or base: weight}}`, as in `phase_conditional`.
std::vector<StateWeights> read_state_weights(const YamlNode& node, const std::string& path, const Device& device,
                                             Diagnostics& out);

}  // namespace nandtlm
