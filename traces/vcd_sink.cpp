#include "traces/vcd_sink.h"

#include <algorithm>
#include <cstddef>

#include "tlm/record_at.h"

namespace nandtlm {
namespace {

void remove(std::vector<std::uint32_t>& slots, std::uint32_t slot) {
  slots.erase(std::remove(slots.begin(), slots.end(), slot), slots.end());
}

/// The target on `plane`; an op without a target there has no address there.
Target target_on(const RowTargets& targets, std::uint32_t plane) {
  for (const Target& target : targets) {
    if (target.plane == static_cast<std::int32_t>(plane)) return target;
  }
  return Target{};
}

PlaneText of_state(PlaneText first, State state) {
  return static_cast<PlaneText>(static_cast<std::size_t>(first) + static_cast<std::size_t>(state));
}

}  // namespace

VcdSink::VcdSink(const Device& device, const std::string& path, const OutputOptions& options)
    : device_(device), signals_(device), file_(path, options) {
  signals_.declare(file_);
  dies_.resize(device.topology.dies);
  for (DieView& die : dies_) die.occupant.fill(kNoSlot);
  bus_owners_.resize(device.topology.channels);
}

VcdSink::~VcdSink() {
  try {
    file_.close(file_.now());
  } catch (const OutputError&) {  // a run that is stopped by an error reports that error
  }
}

void VcdSink::op_started(const OpInfo& op, Time at) {
  file_.advance(at);
  LiveOp& live = record_at(ops_, op.slot);
  const Action action = device_.base_of(op.op).effects.action;
  live.uid = op.uid;
  live.op = op.op;
  live.planes = op.planes;
  live.is_command = action == Action::Suspend || action == Action::Resume;
  live.core_busy = false;
  live.first_text = PlaneText::Issue;
  live.text = action == Action::Suspend  ? PlaneText::Suspending
              : action == Action::Resume ? PlaneText::Resuming
                                         : PlaneText::Issue;
  live.remaining = VcdFile::kNoValue;
  live.targets = op.targets;
  run(op);
}

void VcdSink::op_resumed(const OpInfo& op, Time at, Time remaining) {
  file_.advance(at);
  LiveOp& live = ops_[op.slot];
  live.text = of_state(PlaneText::ResumedIssue, static_cast<State>(static_cast<std::size_t>(live.text) -
                                                                   static_cast<std::size_t>(live.first_text)));
  live.first_text = PlaneText::ResumedIssue;
  live.remaining = remaining;
  remove(dies_[op.die].suspended, op.slot);
  run(op);
}

void VcdSink::state_entered(const OpInfo& op, State state, Time at) {
  file_.advance(at);
  LiveOp& live = ops_[op.slot];
  set_core_busy(live, op.die, state == State::CoreBusy);
  if (live.is_command) return;
  const PlaneText text = of_state(live.first_text, state);
  if (text == live.text) return;
  live.text = text;
  const DieView& die = dies_[op.die];
  const PlaneSignals* const planes = &signals_.plane(op.die, 0);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if (die.occupant[plane] == op.slot) file_.set(planes[plane].state, static_cast<std::int64_t>(text));
  }
}

void VcdSink::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time remaining) {
  file_.advance(at);
  ops_[op.slot].remaining = remaining;
  dies_[op.die].suspended.push_back(op.slot);
  leave(op);
}

void VcdSink::op_ended(const OpInfo& op, Time at) {
  file_.advance(at);
  leave(op);
}

void VcdSink::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  file_.advance(at);
  remove(dies_[op.die].suspended, op.slot);
  leave(op);
}

void VcdSink::bus_taken(std::uint32_t channel, const OpInfo& op, Time at) {
  file_.advance(at);
  bus_owners_[channel] = op.uid;
  const ChannelSignals& signals = signals_.channel(channel);
  file_.set(signals.busy, 1);
  file_.set(signals.owner, static_cast<std::int64_t>(op.uid));
  file_.set(signals.owner_op, static_cast<std::int64_t>(index(op.op)));
}

void VcdSink::bus_released(std::uint32_t channel, Uid uid, Time at) {
  file_.advance(at);
  if (bus_owners_[channel] != uid) return;  // taken by the next op at the same instant
  bus_owners_[channel] = 0;
  const ChannelSignals& signals = signals_.channel(channel);
  file_.set(signals.busy, 0);
  file_.set(signals.owner, VcdFile::kNoValue);
  file_.set(signals.owner_op, VcdFile::kNoValue);
}

void VcdSink::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) {
  file_.advance(at);
  if (suspended) first_suspension_ = std::min(first_suspension_, at);
  const FamilySignals& signals = signals_.die(die).families[static_cast<std::size_t>(family)];
  file_.set(signals.suspended, suspended ? 1 : 0);
  file_.set(signals.depth, depth);
}

void VcdSink::backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) {
  file_.advance(at);
  file_.set(signals_.die(die).families[static_cast<std::size_t>(family)].backlog, static_cast<std::int64_t>(size));
}

void VcdSink::finish(Time at) {
  file_.close(at);
}

void VcdSink::run(const OpInfo& op) {
  DieView& die = dies_[op.die];
  die.running.push_back(op.slot);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if ((op.planes >> plane & 1U) != 0) die.occupant[plane] = op.slot;
  }
  show_die(op.die);
  show_planes(op.die, op.planes);
}

void VcdSink::leave(const OpInfo& op) {
  DieView& die = dies_[op.die];
  remove(die.running, op.slot);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if (die.occupant[plane] == op.slot) die.occupant[plane] = kNoSlot;
  }
  set_core_busy(record_at(ops_, op.slot), op.die, false);
  show_die(op.die);
  show_planes(op.die, op.planes);
}

void VcdSink::set_core_busy(LiveOp& op, std::uint32_t die, bool busy) {
  if (op.core_busy == busy) return;
  op.core_busy = busy;
  DieView& view = dies_[die];
  view.core_busy += busy ? 1U : 0xFFFFFFFFU;
  file_.set(signals_.die(die).ready, view.core_busy == 0 ? 1 : 0);
}

void VcdSink::show_die(std::uint32_t die) {
  const DieView& view = dies_[die];
  file_.set(signals_.die(die).op,
            view.running.empty() ? VcdFile::kNoValue : static_cast<std::int64_t>(index(ops_[view.running.back()].op)));
}

void VcdSink::show_planes(std::uint32_t die, PlaneMask planes) {
  for (std::uint32_t plane = 0; planes >> plane != 0; ++plane) {
    if ((planes >> plane & 1U) != 0) show_plane(die, plane);
  }
}

void VcdSink::show_plane(std::uint32_t die, std::uint32_t plane) {
  const PlaneSignals& signals = signals_.plane(die, plane);
  const DieView& view = dies_[die];
  const std::uint32_t occupant = view.occupant[plane];
  const LiveOp* running = occupant == kNoSlot ? nullptr : &ops_[occupant];
  const LiveOp* cut = view.suspended.empty() ? nullptr : newest_cut(die, plane);
  if (running != nullptr) {
    show_occupant(signals, *running, plane, running->text);
  } else if (cut != nullptr) {
    show_occupant(signals, *cut, plane, PlaneText::Cut);
  } else {
    show_idle(signals);
  }
  Time remaining = VcdFile::kNoValue;
  if (cut != nullptr) {
    remaining = cut->remaining;
  } else if (running != nullptr) {
    remaining = running->remaining;
  }
  file_.set(signals.remaining, remaining);
}

void VcdSink::show_occupant(const PlaneSignals& signals, const LiveOp& op, std::uint32_t plane, PlaneText text) {
  const Target target = target_on(op.targets, plane);
  file_.set(signals.state, static_cast<std::int64_t>(text));
  file_.set(signals.op, static_cast<std::int64_t>(index(op.op)));
  file_.set(signals.block, target.block);
  file_.set(signals.page, target.page);
  file_.set(signals.uid, static_cast<std::int64_t>(op.uid));
}

void VcdSink::show_idle(const PlaneSignals& signals) {
  file_.set(signals.state, static_cast<std::int64_t>(PlaneText::Idle));
  for (const VcdFile::Var var : {signals.op, signals.block, signals.page, signals.uid}) {
    file_.set(var, VcdFile::kNoValue);
  }
}

const VcdSink::LiveOp* VcdSink::newest_cut(std::uint32_t die, std::uint32_t plane) {
  const std::vector<std::uint32_t>& suspended = dies_[die].suspended;
  for (auto slot = suspended.rbegin(); slot != suspended.rend(); ++slot) {
    const LiveOp& op = ops_[*slot];
    if ((op.planes >> plane & 1U) != 0) return &op;
  }
  return nullptr;
}

}  // namespace nandtlm
