#include "testbench/generator/weight_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "testbench/generator/rng.h"

namespace nandtlm {
namespace {

constexpr std::uint64_t kFillStream = 0xF111;
constexpr Weight kMoreOften = 20;

/// Bases of each class that a phase permits, and their ops.
class Filler {
 public:
  Filler(const Device& device, const Generation& generation, const GeneratorSettings& settings, std::uint64_t seed)
      : device_(device),
        nop_is_nothing_(generation.skip_delay),
        settings_(settings),
        seed_(seed),
        ops_of_(device.bases.size()) {
    for (std::size_t i = 0; i < device.ops.size(); ++i) ops_of_[index(device.ops[i].base)].push_back(OpId(i));
  }

  const std::vector<OpId>& ops_of(BaseId base) const { return ops_of_[index(base)]; }

  /// The tables say what is proposed; a NOP that means to propose nothing stands in every state.
  bool permits(std::uint32_t phase, BaseId base) const {
    return (nop_is_nothing_ && class_of(device_.base(base)) == OpClass::Nop) || !forbidden_in(device_, phase, base);
  }

  void fill(std::uint32_t phase, WeightTable& table) const {
    Rng rng(seed_, kFillStream + (std::uint64_t{phase} << 16U));
    std::array<std::uint64_t, kOpClasses> members{};
    for (std::size_t b = 0; b < device_.bases.size(); ++b) {
      if (makes_sense(phase, BaseId(b))) ++members[class_index(BaseId(b))];
    }
    for (std::size_t b = 0; b < device_.bases.size(); ++b) {
      const std::vector<OpId>& ops = ops_of_[b];
      if (!makes_sense(phase, BaseId(b)) || ops.empty()) continue;
      const std::size_t op_class = class_index(BaseId(b));
      // Of the families one at the most is suspended or running: their commands do not share.
      const bool shares = !device_.bases[b].effects.is_suspend_or_resume();
      // A run that is to reach everything needs the rare ways on more often.
      const bool more = settings_.until_covered && op_class == static_cast<std::size_t>(OpClass::Continue);
      const Weight share =
          settings_.mix[op_class] * (more ? kMoreOften : 1) / (shares ? members[op_class] : 1) / ops.size();
      for (const OpId op : ops) table.at(phase, op) = share * (500 + rng.below(1000)) / 1000;
    }
  }

 private:
  std::size_t class_index(BaseId base) const { return static_cast<std::size_t>(class_of(device_.base(base))); }

  /// Suspends stand in the states of what they stop, resumes between ops; nothing is proposed in an ISSUE.
  bool makes_sense(std::uint32_t phase, BaseId id) const {
    if (!permits(phase, id)) return false;
    const Effects& effects = device_.base(id).effects;
    const bool at_rest = phase == default_phase(device_) || phase % kPhasesPerBase == kEndPhase;
    if (!at_rest && phase % kPhasesPerBase == static_cast<std::uint32_t>(State::Issue)) return false;
    if (effects.action == Action::Resume) return at_rest;
    if (effects.action != Action::Suspend) return true;
    return !at_rest && device_.base(BaseId(phase / kPhasesPerBase)).family == effects.controls;
  }

  const Device& device_;
  bool nop_is_nothing_;
  const GeneratorSettings& settings_;
  std::uint64_t seed_;
  std::vector<std::vector<OpId>> ops_of_;
};

/// Puts entries over a table, by their rank: what was put by a higher rank stays.
class Overrider {
 public:
  enum Rank : std::uint8_t { kFilled, kTable, kGlobalBase, kStateBase, kGlobalOp, kStateOp };

  Overrider(const Device& device, const Filler& filler, WeightTable& table, Diagnostics& out)
      : device_(device),
        filler_(filler),
        table_(table),
        out_(out),
        rank_(std::size_t{phase_count(device)} * device.ops.size(), kFilled) {}

  /// Ops before bases, so that a base's share is known.
  void put(const std::vector<StateWeights>& states) {
    for (const bool ops : {true, false}) {
      for (const bool global : {false, true}) {
        for (const StateWeights& state : states) {
          if ((state.phase == StateWeights::kGlobal) == global) put(state, ops);
        }
      }
    }
  }
  void put_table(const std::vector<StateWeights>& states) {
    for (const StateWeights& state : states) {
      for (const WeightEntry& entry : state.entries) put_base_or_op(state.phase, entry, kTable, kTable);
    }
  }

 private:
  void put(const StateWeights& state, bool ops) {
    const bool global = state.phase == StateWeights::kGlobal;
    for (const WeightEntry& entry : state.entries) {
      if (entry.op.has_value() != ops) continue;
      if (!global) {
        put_base_or_op(state.phase, entry, kStateOp, kStateBase);
        continue;
      }
      for (std::uint32_t phase = 0; phase < phase_count(device_); ++phase) {
        put_base_or_op(phase, entry, kGlobalOp, kGlobalBase);
      }
    }
  }

  void put_base_or_op(std::uint32_t phase, const WeightEntry& entry, Rank op_rank, Rank base_rank) {
    const BaseId base = entry.op ? device_.op(*entry.op).base : *entry.base;
    if (!filler_.permits(phase, base)) {
      // Of all states at once it is what the tables leave of it; for one state it is a contradiction.
      if (entry.weight != 0 && op_rank != kGlobalOp) {
        out_.error(
            entry.mark, entry.key,
            fmt::format("the tables forbid {} in {}, expected 0", device_.base(base).name, phase_name(phase, device_)));
      }
      return;
    }
    if (entry.op) {
      set(phase, *entry.op, entry.weight, op_rank);
      return;
    }
    std::vector<OpId> open;
    for (const OpId op : filler_.ops_of(base)) {
      if (rank(phase, op) <= base_rank) open.push_back(op);
    }
    for (const OpId op : open) set(phase, op, entry.weight / open.size(), base_rank);
  }

  std::uint8_t& rank(std::uint32_t phase, OpId op) { return rank_[phase * device_.ops.size() + index(op)]; }

  void set(std::uint32_t phase, OpId op, Weight weight, Rank with) {
    if (rank(phase, op) > with) return;
    rank(phase, op) = with;
    table_.at(phase, op) = weight;
  }

  const Device& device_;
  const Filler& filler_;
  WeightTable& table_;
  Diagnostics& out_;
  std::vector<std::uint8_t> rank_;  ///< [phase][op]
};

}  // namespace

OpClass class_of(const OpBase& base) {
  const Effects& effects = base.effects;
  switch (effects.action) {
    case Action::Read:
      return OpClass::Read;
    case Action::Erase:
      return OpClass::Erase;
    case Action::Suspend:
      return OpClass::Suspend;
    case Action::Resume:
      return OpClass::Resume;
    case Action::Status:
      return OpClass::Status;
    case Action::ResetAll:
    case Action::ResetDie:
      return OpClass::Reset;
    case Action::DataOut:
    case Action::OdtOn:
      return OpClass::Continue;
    case Action::Program:
      return effects.copyback || (effects.oneshot != Oneshot::No && effects.oneshot != Oneshot::Lsb) ? OpClass::Continue
                                                                                                     : OpClass::Program;
    default:
      break;
  }
  if (effects.cache_end != 0) return OpClass::Continue;
  return base.name == "NOP" ? OpClass::Nop : OpClass::Other;
}

bool forbidden_in(const Device& device, std::uint32_t phase, BaseId base) {
  if (phase == default_phase(device)) return false;
  const std::uint32_t state = phase % kPhasesPerBase;
  const std::size_t of = phase / kPhasesPerBase;
  if (state == kEndPhase) return device.exclusions.by_end[of].test(index(base));
  return device.rules.state_forbid && device.exclusions.by_op_state[of][state].test(index(base));
}

WeightTable fill_weights(const Device& device, const Generation& generation, const GeneratorSettings& settings,
                         std::uint64_t seed, Diagnostics& out) {
  WeightTable table(device);
  const Filler filler(device, generation, settings, seed);
  for (std::uint32_t phase = 0; phase < phase_count(device); ++phase) filler.fill(phase, table);
  Overrider overrider(device, filler, table, out);
  overrider.put_table(generation.phase_conditional);
  overrider.put(generation.overrides);
  return table;
}

std::string export_weights(const Device& device, const WeightTable& weights) {
  std::string text;
  for (std::uint32_t phase = 0; phase < phase_count(device); ++phase) {
    text += fmt::format("{}:\n", phase_name(phase, device));
    for (std::size_t i = 0; i < device.ops.size(); ++i) {
      const Weight weight = weights.at(phase, OpId(i));
      if (weight == 0) continue;
      fmt::format_to(std::back_inserter(text), "  {}: {}.{:09}\n", device.ops[i].name, weight / kWeightOne,
                     weight % kWeightOne);
    }
  }
  return text;
}

WeightTable import_weights(const YamlNode& tree, const Device& device, Diagnostics& out) {
  Generation only;
  only.phase_conditional = read_state_weights(tree, "", device, out);
  GeneratorSettings nothing;
  nothing.mix.fill(0);
  return fill_weights(device, only, nothing, 0, out);
}

}  // namespace nandtlm
