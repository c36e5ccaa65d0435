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
Target target_on(const TargetList& targets, std::uint32_t plane) {
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
  const Topology& topology = device.topology;
  dies_.resize(topology.dies);
  channels_.resize(topology.channels);
  // Everything is written in the first instant.
  for (std::uint32_t channel = 0; channel < topology.channels; ++channel) {
    channel_lines_.emplace_back(file_, signals_.channel(channel));
    change_channel(channel);
  }
  for (std::uint32_t die = 0; die < topology.dies; ++die) {
    for (std::uint32_t plane = 0; plane < topology.planes; ++plane) {
      plane_lines_.emplace_back(file_, signals_.plane(die, plane));
    }
    dies_[die].occupant.fill(kNoSlot);
    planes_change(die, static_cast<PlaneMask>((1U << topology.planes) - 1));
  }
}

VcdSink::~VcdSink() {
  if (over_) return;
  try {
    finish(file_.now());
  } catch (...) {  // a run that is stopped by an error reports that error
  }
}

void VcdSink::op_started(const OpInfo& op, Time at) {
  advance(at);
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
  advance(at);
  LiveOp& live = ops_[op.slot];
  live.text = of_state(PlaneText::ResumedIssue, static_cast<State>(static_cast<std::size_t>(live.text) -
                                                                   static_cast<std::size_t>(live.first_text)));
  live.first_text = PlaneText::ResumedIssue;
  live.remaining = remaining;
  remove(dies_[op.die].suspended, op.slot);
  run(op);
}

void VcdSink::state_entered(const OpInfo& op, State state, Time at) {
  advance(at);
  LiveOp& live = ops_[op.slot];
  set_core_busy(live, op.die, state == State::CoreBusy);
  if (live.is_command) return;
  const PlaneText text = of_state(live.first_text, state);
  if (text == live.text) return;
  live.text = text;
  planes_change(op.die, op.planes);
}

void VcdSink::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time remaining) {
  advance(at);
  ops_[op.slot].remaining = remaining;
  dies_[op.die].suspended.push_back(op.slot);
  leave(op);
}

void VcdSink::op_ended(const OpInfo& op, Time at) {
  advance(at);
  leave(op);
}

void VcdSink::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  advance(at);
  remove(dies_[op.die].suspended, op.slot);
  leave(op);
}

void VcdSink::bus_taken(std::uint32_t channel, const OpInfo& op, Time at) {
  advance(at);
  ChannelValues& values = change_channel(channel);
  values.busy = 1;
  values.owner = static_cast<std::int64_t>(op.uid);
  values.owner_op = static_cast<std::int64_t>(index(op.op));
}

void VcdSink::bus_released(std::uint32_t channel, Uid uid, Time at) {
  advance(at);
  if (channels_[channel].values.owner != static_cast<std::int64_t>(uid)) return;  // taken by the next op, now
  change_channel(channel) = ChannelValues{};
}

void VcdSink::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) {
  advance(at);
  if (suspended) first_suspension_ = std::min(first_suspension_, at);
  const FamilySignals& signals = signals_.die(die).families[static_cast<std::size_t>(family)];
  file_.set(signals.suspended, suspended ? 1 : 0);
  file_.set(signals.depth, depth);
}

void VcdSink::backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) {
  advance(at);
  file_.set(signals_.die(die).families[static_cast<std::size_t>(family)].backlog, static_cast<std::int64_t>(size));
}

void VcdSink::finish(Time at) {
  over_ = true;
  leave_instant(file_.now());
  file_.close(at);
}

void VcdSink::leave_instant(Time at) {
  const std::size_t lines = changed_channels_.size() * ChannelLines::kLines +
                            changed_dies_.size() * device_.topology.planes * PlaneLines::kLines;
  file_.leave_instant(at, lines, [this](char* out) { return write_planes(write_channels(out)); });
}

char* VcdSink::write_channels(char* out) {
  for (const std::uint32_t channel : changed_channels_) {
    channels_[channel].changed = false;
    out = channel_lines_[channel].write(out, file_, channels_[channel].values);
  }
  changed_channels_.clear();
  return out;
}

char* VcdSink::write_plane(char* out, PlaneLines& lines, const DieView& die, std::uint32_t plane) {
  const std::uint32_t occupant = die.occupant[plane];
  const LiveOp* const running = occupant == kNoSlot ? nullptr : &ops_[occupant];
  const LiveOp* const cut = die.suspended.empty() ? nullptr : newest_cut(die, plane);
  const LiveOp* const shown = running != nullptr ? running : cut;
  if (shown == nullptr) return lines.write_idle(out, file_);
  const auto uid = static_cast<std::int64_t>(shown->uid);
  const auto state = static_cast<std::int64_t>(running != nullptr ? running->text : PlaneText::Cut);
  const Time remaining = cut != nullptr ? cut->remaining : running->remaining;
  if (uid == lines.uid()) return lines.write_state(out, file_, state, remaining);
  const Target target = target_on(shown->targets, plane);
  return lines.write(out, file_,
                     {state, static_cast<std::int64_t>(index(shown->op)), target.block, target.page, uid, remaining});
}

char* VcdSink::write_planes(char* out) {
  for (const std::uint32_t die : changed_dies_) {
    DieView& view = dies_[die];
    PlaneLines* const lines = &plane_lines_[std::size_t{die} * device_.topology.planes];
    for (std::uint32_t plane = 0; view.changed >> plane != 0; ++plane) {
      if ((view.changed >> plane & 1U) != 0) out = write_plane(out, lines[plane], view, plane);
    }
    view.changed = 0;
  }
  changed_dies_.clear();
  return out;
}

void VcdSink::run(const OpInfo& op) {
  DieView& die = dies_[op.die];
  die.running.push_back(op.slot);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if ((op.planes >> plane & 1U) != 0) die.occupant[plane] = op.slot;
  }
  show_die(op.die);
  planes_change(op.die, op.planes);
}

void VcdSink::leave(const OpInfo& op) {
  DieView& die = dies_[op.die];
  remove(die.running, op.slot);
  for (std::uint32_t plane = 0; op.planes >> plane != 0; ++plane) {
    if (die.occupant[plane] == op.slot) die.occupant[plane] = kNoSlot;
  }
  set_core_busy(record_at(ops_, op.slot), op.die, false);
  show_die(op.die);
  planes_change(op.die, op.planes);
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

void VcdSink::planes_change(std::uint32_t die, PlaneMask planes) {
  PlaneMask& changed = dies_[die].changed;
  if (changed == 0 && planes != 0) changed_dies_.push_back(die);
  changed = changed | planes;
}

/// What the channel shows, to be changed.
ChannelValues& VcdSink::change_channel(std::uint32_t channel) {
  ChannelView& view = channels_[channel];
  if (!view.changed) changed_channels_.push_back(channel);
  view.changed = true;
  return view.values;
}

const VcdSink::LiveOp* VcdSink::newest_cut(const DieView& die, std::uint32_t plane) const {
  for (auto slot = die.suspended.rbegin(); slot != die.suspended.rend(); ++slot) {
    const LiveOp& op = ops_[*slot];
    if ((op.planes >> plane & 1U) != 0) return &op;
  }
  return nullptr;
}

}  // namespace nandtlm
