#include "testbench/generator/draw_tables.h"

#include "model/die/address_rules.h"

namespace nandtlm {
namespace {

/// What goes to a backlog at once is drawn so much less often: a backlog that is fed as fast as it is emptied would
/// keep its die from everything else.
constexpr Weight kRarer = 16;

bool is_suspended(std::uint32_t situation, Family family) {
  return family != Family::None && (situation >> static_cast<unsigned>(family) & 1U) != 0;
}

}  // namespace

DrawTables::DrawTables(const Device& device, const WeightTable& weights, Queueing queueing, bool nop_is_nothing)
    : device_(device),
      weights_(weights),
      queueing_(queueing),
      nop_is_nothing_(nop_is_nothing),
      places_(std::size_t{phase_count(device)} * Situation::kCount, 0) {}

const AliasTable& DrawTables::build(std::uint32_t phase, std::uint32_t situation) {
  BaseSet masked = masked_bases(device_, situation, queueing_);
  for (std::size_t b = 0; nop_is_nothing_ && (situation & Situation::kStages) == 0 && b < device_.bases.size(); ++b) {
    if (class_of(device_.bases[b]) == OpClass::Nop) masked.reset(b);
  }
  const bool by_celltype = (situation & Situation::kStages) != 0 && !celltype_weights_.empty();
  std::vector<Weight> weights(device_.ops.size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const OpSpec& op = device_.ops[i];
    if (masked.test(index(op.base))) continue;
    weights[i] = weights_.at(phase, OpId(i));
    if (is_suspended(situation, device_.base(op.base).family)) weights[i] /= kRarer;
    const bool stored = changes_array(device_.base(op.base)) || device_.base(op.base).effects.action == Action::Read;
    if (by_celltype && stored) {
      weights[i] = weights[i] * (celltype_weights_[index(op.celltype)] / 1000) / (kWeightOne / 1000);
    }
  }
  tables_.push_back(std::make_unique<AliasTable>(weights));
  places_[std::size_t{phase} * Situation::kCount + situation] = static_cast<std::uint32_t>(tables_.size());
  return *tables_.back();
}

}  // namespace nandtlm
