#include "testbench/generator/draw_tables.h"

#include "model/die/address_rules.h"

namespace nandtlm {
namespace {

/// What goes to a backlog at once is drawn so much less often: a backlog that is fed as fast as it is emptied would
/// keep its die from everything else.
constexpr Weight kRarer = 16;

bool leads_on(OpClass op_class) {
  return op_class != OpClass::Nop && op_class != OpClass::Status && op_class != OpClass::Reset;
}

}  // namespace

DrawTables::DrawTables(const Device& device, const WeightTable& weights, Queueing queueing, bool nop_is_nothing)
    : device_(device),
      weights_(weights),
      queueing_(queueing),
      nop_is_nothing_(nop_is_nothing),
      number_of_(Situation::kCount, 0),
      places_(phase_count(device)),
      ahead_(phase_count(device)) {
  for (const OpSpec& op : device.ops) {
    const OpClass op_class = class_of(device.base(op.base));
    leads_on_.push_back(leads_on(op_class));
    idle_.push_back(nop_is_nothing && op_class == OpClass::Nop);
  }
}

bool DrawTables::stands(const DrawTable& table, OpId op, Rng& rng) {
  const DrawTable::Left left = table.left[index(op)];
  return left == DrawTable::Left::All || (left == DrawTable::Left::Share && rng.one_in(kRarer));
}

void DrawTables::fill(AheadTable& table, std::uint32_t phase) const {
  std::vector<Weight> weights;
  for (std::size_t i = 0; i < device_.ops.size(); ++i) {
    const Weight weight = weights_.at(phase, OpId(i));
    table.total += weight;
    table.idle += idle_[i] ? weight : 0;
    weights.push_back(idle_[i] ? 0 : weight);
  }
  table.ops = AliasTable(weights);
  table.filled = true;
}

BaseSet DrawTables::masked_in(std::uint32_t situation) const {
  BaseSet masked = masked_bases(device_, situation, queueing_);
  if (!nop_is_nothing_ || (situation & Situation::kStages) != 0) return masked;
  for (std::size_t b = 0; b < device_.bases.size(); ++b) {
    if (class_of(device_.bases[b]) == OpClass::Nop) masked.reset(b);
  }
  return masked;
}

/// GEN-04: of what is stored, during the bootstrap.
Weight DrawTables::celltype_share(const OpSpec& op, Weight weight) const {
  const OpBase& base = device_.base(op.base);
  const bool stored = changes_array(base) || base.effects.action == Action::Read;
  return stored ? weight * (celltype_weights_[index(op.celltype)] / 1000) / (kWeightOne / 1000) : weight;
}

bool DrawTables::is_rarer(const OpSpec& op, std::uint32_t situation) const {
  return (situation & Situation::of(Situation::kProgramSuspended, device_.base(op.base).family)) != 0;
}

std::size_t DrawTables::HashOfWeights::operator()(const std::vector<Weight>& weights) const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] != 0) hash = mix64(hash ^ (weights[i] + i));  // most are 0
  }
  return hash;
}

/// A situation that was not met before: what it leaves is the same for all phases.
void DrawTables::meet(std::uint32_t situation) {
  const BaseSet masked = masked_in(situation);
  Lefts lefts(device_.ops.size(), DrawTable::Left::Nothing);
  for (std::size_t i = 0; i < lefts.size(); ++i) {
    const OpSpec& op = device_.ops[i];
    if (masked.test(index(op.base)) || !finds_room(device_, op, situation)) continue;
    lefts[i] = is_rarer(op, situation) ? DrawTable::Left::Share : DrawTable::Left::All;
  }
  lefts_.push_back(std::move(lefts));
  number_of_[situation] = static_cast<std::uint32_t>(lefts_.size());
}

const DrawTable& DrawTables::build(std::uint32_t phase, std::uint32_t situation) {
  if (number_of_[situation] == 0) meet(situation);
  const Lefts& lefts = lefts_[number_of_[situation] - 1];
  const bool by_celltype = (situation & Situation::kStages) != 0 && !celltype_weights_.empty();
  auto table = std::make_unique<DrawTable>();
  table->left = lefts.data();
  std::vector<Weight> weights(lefts.size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (lefts[i] == DrawTable::Left::Nothing) continue;
    weights[i] = weights_.at(phase, OpId(i)) / (lefts[i] == DrawTable::Left::Share ? kRarer : 1);
    if (by_celltype) weights[i] = celltype_share(device_.ops[i], weights[i]);
    table->leads_on = table->leads_on || (weights[i] != 0 && leads_on_[i]);
  }
  const auto [known, is_new] = by_weights_.try_emplace(std::move(weights));
  if (is_new) known->second = AliasTable(known->first);
  table->ops = &known->second;
  tables_.push_back(std::move(table));
  std::vector<std::uint32_t>& places = places_[phase];
  if (places.size() <= lefts_.size()) places.resize(lefts_.size() + 1, 0);
  places[number_of_[situation]] = static_cast<std::uint32_t>(tables_.size());
  return *tables_.back();
}

}  // namespace nandtlm
