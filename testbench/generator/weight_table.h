// The filled table of weights: for every op state, how often each op is drawn in it (GEN-02).
#pragma once

#include <string>
#include <vector>

#include "config/config_error.h"
#include "config/generation.h"
#include "config/generator_settings.h"
#include "testbench/generator/alias_table.h"

namespace nandtlm {

/// What a base is for.
OpClass class_of(const OpBase& base);

/// Weights per phase (op state, `<BASE>.END`, DEFAULT) and op. 0 where the op-state tables forbid.
class WeightTable {
 public:
  explicit WeightTable(const Device& device)
      : ops_(device.ops.size()), weights_(std::size_t{phase_count(device)} * device.ops.size(), 0) {}

  Weight& at(std::uint32_t phase, OpId op) { return weights_[phase * ops_ + index(op)]; }
  Weight at(std::uint32_t phase, OpId op) const { return weights_[phase * ops_ + index(op)]; }

 private:
  std::size_t ops_;
  std::vector<Weight> weights_;
};

/// True where the tables forbid the base in the phase.
bool forbidden_in(const Device& device, std::uint32_t phase, BaseId base);

/// Fills every weight: from the classes' shares, the tables and the seed; over that `phase_conditional`, then the
/// overrides. An op's own entry goes before its base's, a state's before the global one; what a base is given is shared
/// by those of its ops that have no entry of their own. A weight for a state that forbids the op is an error.
WeightTable fill_weights(const Device& device, const Generation& generation, const GeneratorSettings& settings,
                         std::uint64_t seed, Diagnostics& out);

/// The table as YAML in the form of `phase_conditional`: every state with its weights above 0. import_weights() reads
/// back the very same table.
std::string export_weights(const Device& device, const WeightTable& weights);
/// A file takes the place of the whole table.
WeightTable import_weights(const YamlNode& tree, const Device& device, Diagnostics& out);

}  // namespace nandtlm
