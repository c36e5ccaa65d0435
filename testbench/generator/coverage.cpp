#include "testbench/generator/coverage.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/op.h"

namespace nandtlm {
namespace {

constexpr std::array<const char*, Coverage::kNestings> kNestingNames = {"PROGRAM", "ERASE", "PROGRAM over ERASE"};

}  // namespace

Coverage::Coverage(const Device& device)
    : device_(device),
      asked_of_op_(device.ops.size(), -1),
      last_suspend_(device.topology.dies),
      last_resume_(device.topology.dies),
      suspended_(device.topology.dies) {
  make_cells();
  find_nestings();
}

/// Legal: the op has that state, with time in it, and the tables let the SUSPEND into it.
void Coverage::make_cells() {
  for (std::size_t i = 0; i < device_.ops.size(); ++i) {
    const OpBase& control = device_.base_of(OpId(i));
    if (!control.effects.is_suspend_or_resume()) continue;
    asked_of_op_[i] = static_cast<std::int32_t>(asked_.size());
    asked_.push_back(Asked{OpId(i), std::vector<Cell>(device_.bases.size() * kStates * kTenths)});
  }
  for (Asked& asked : asked_) {
    const Family family = device_.base_of(asked.op).effects.controls;
    for (const OpSpec& op : device_.ops) {
      const OpBase& base = device_.base(op.base);
      if (base.family != family) continue;
      for (const Step& step : op.steps) {
        if (step.state == State::Issue || step.duration < static_cast<Time>(kTenths)) continue;
        const BaseSet& forbidden = device_.exclusions.by_op_state[index(op.base)][static_cast<std::size_t>(step.state)];
        const bool open =
            !device_.rules.state_forbid || std::any_of(asked_.begin(), asked_.end(), [&](const Asked& suspend) {
              const OpBase& other = device_.base_of(suspend.op);
              const bool counts = device_.base_of(asked.op).effects.action == Action::Suspend
                                      ? suspend.op == asked.op
                                      : other.effects.action == Action::Suspend && other.effects.controls == family;
              return counts && !forbidden.test(index(device_.op(suspend.op).base));
            });
        for (std::uint32_t tenth = 0; open && tenth < kTenths; ++tenth) {
          Cell& cell = asked.cells[place(op.base, step.state) * kTenths + tenth];
          legal_ += cell.legal ? 0 : 1;
          cell.legal = true;
        }
      }
    }
  }
}

void Coverage::find_nestings() {
  const auto& tables = device_.exclusions;
  std::array<bool, kFamilies> can_suspend{};
  bool program_over_erase = false;
  for (std::size_t i = 0; i < device_.ops.size(); ++i) {
    const OpBase& base = device_.base_of(OpId(i));
    if (base.effects.action == Action::Suspend && base.effects.controls != Family::None) {
      can_suspend[static_cast<std::size_t>(base.effects.controls)] = true;
    }
    const bool runs = !device_.rules.suspend ||
                      !tables.by_suspend[static_cast<std::size_t>(Family::Erase)][1].test(index(device_.ops[i].base));
    program_over_erase = program_over_erase || (base.family == Family::Program && runs);
  }
  nestings_[0].legal = can_suspend[static_cast<std::size_t>(Family::Program)];
  nestings_[1].legal = can_suspend[static_cast<std::size_t>(Family::Erase)];
  nestings_[2].legal = nestings_[0].legal && nestings_[1].legal && program_over_erase;
  for (const Cell& nesting : nestings_) legal_ += nesting.legal ? 1 : 0;
}

void Coverage::op_started(const OpInfo& op, Time /*at*/) {
  const Effects& effects = device_.base_of(op.op).effects;
  if (effects.action == Action::Suspend) last_suspend_[op.die] = op.op;
}

void Coverage::op_suspended(const OpInfo& op, Time /*at*/, Time consumed, Time /*remaining*/) {
  note(last_suspend_[op.die], op, consumed);
}

/// The RESUME ends at the instant at which its op goes on, and is told before.
void Coverage::op_ended(const OpInfo& op, Time /*at*/) {
  const Effects& effects = device_.base_of(op.op).effects;
  if (effects.action != Action::Resume) return;
  last_resume_[op.die][static_cast<std::size_t>(effects.controls)] = op.op;
  ++outcomes_[static_cast<std::size_t>(effects.controls)][static_cast<std::size_t>(Reason::None)];
}

void Coverage::op_resumed(const OpInfo& op, Time /*at*/, Time remaining) {
  const Family family = device_.base_of(op.op).family;
  note(last_resume_[op.die][static_cast<std::size_t>(family)], op, device_.op(op.op).nominal - remaining);
}

void Coverage::note(OpId asked, const OpInfo& op, Time offset) {
  const std::int32_t of = asked_of_op_[index(asked)];
  const OpSpec& spec = device_.op(op.op);
  if (of < 0 || offset >= spec.nominal) return;
  Time begin = 0;
  const Step& step = spec.steps[step_at(spec.steps, offset, begin)];
  const auto tenth = static_cast<std::uint32_t>((offset - begin) * static_cast<Time>(kTenths) / step.duration);
  reach(asked_[static_cast<std::size_t>(of)].cells[place(spec.base, step.state) * kTenths + tenth]);
}

void Coverage::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t /*depth*/, Time /*at*/) {
  std::array<bool, kFamilies>& held = suspended_[die];
  held[static_cast<std::size_t>(family)] = suspended;
  if (!suspended) return;
  const bool both = held[0] && held[1];
  reach(nestings_[both ? 2 : static_cast<std::size_t>(family)]);
}

void Coverage::backlog_size(std::uint32_t /*die*/, Family family, std::size_t size, Time /*at*/) {
  ++lengths_[static_cast<std::size_t>(family)][std::min(size, kLengths)];
}

void Coverage::resume_failed(const ResumeError& error, Time /*at*/) {
  if (error.family == Family::None) return;
  ++outcomes_[static_cast<std::size_t>(error.family)][static_cast<std::size_t>(error.refusal.reason)];
}

std::uint16_t Coverage::missing_tenths(BaseId base, State state) const {
  std::uint16_t missing = 0;
  for (const Asked& asked : asked_) {
    for (std::uint32_t tenth = 0; tenth < kTenths; ++tenth) {
      const Cell& cell = asked.cells[place(base, state) * kTenths + tenth];
      if (cell.legal && cell.count == 0) missing = static_cast<std::uint16_t>(missing | (1U << tenth));
    }
  }
  return missing;
}

std::vector<Coverage::Row> Coverage::rows() const {
  std::vector<Row> rows;
  for (const Asked& asked : asked_) {
    const OpBase& control = device_.base_of(asked.op);
    const char* kind = control.effects.action == Action::Suspend ? "suspend" : "resume";
    for (std::size_t i = 0; i < asked.cells.size(); ++i) {
      const Cell& cell = asked.cells[i];
      if (!cell.legal && cell.count == 0) continue;
      const std::size_t of = i / kTenths;
      rows.push_back(Row{kind, name(control.effects.controls),
                         device_.state_key(BaseId(of / kStates), static_cast<State>(of % kStates)),
                         static_cast<int>(i % kTenths), device_.op(asked.op).name, cell.count, cell.legal});
    }
  }
  for (std::size_t i = 0; i < kNestings; ++i) {
    rows.push_back(Row{"nesting", "", "", -1, kNestingNames[i], nestings_[i].count, nestings_[i].legal});
  }
  for (const Family family : {Family::Program, Family::Erase}) {
    const auto f = static_cast<std::size_t>(family);
    for (std::size_t length = 0; length <= kLengths; ++length) {
      if (lengths_[f][length] == 0) continue;
      const std::string text = length == kLengths ? fmt::format("{} or more", length) : fmt::format("{}", length);
      rows.push_back(Row{"backlog", name(family), "", -1, text, lengths_[f][length], true});
    }
    for (std::size_t reason = 0; reason < kReasons; ++reason) {
      if (outcomes_[f][reason] == 0) continue;
      const char* outcome = reason == 0 ? "resumed" : name(static_cast<Reason>(reason));
      rows.push_back(Row{"resume_outcome", name(family), "", -1, outcome, outcomes_[f][reason], true});
    }
  }
  return rows;
}

std::vector<std::string> Coverage::examples_of_missing(std::size_t most) const {
  std::vector<std::string> examples;
  for (const Row& row : rows()) {
    if (!row.legal || row.count != 0) continue;
    if (examples.size() == most) break;
    examples.push_back(row.tenth < 0 ? fmt::format("{} {}", row.kind, row.asked)
                                     : fmt::format("{} in tenth {} of {}", row.asked, row.tenth, row.state));
  }
  return examples;
}

}  // namespace nandtlm
