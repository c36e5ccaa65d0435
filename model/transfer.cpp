// The state of a package in a snapshot (SNP-01): its ops, its agenda, and what the modules pass on. Dies, scheduler and
// observers have files of their own.
#include "model/package.h"
#include "tlm/state_archive.h"

namespace nandtlm {

void Op::transfer(StateArchive& archive, const Device& device) {
  archive(info, life, touches, nominal, pieces, executed, suspends, was_resumed, nothing_to_suspend, suspended_targets,
          step, event, request_open);
  if (life == Life::Free) return;
  if (index(info.op) >= device.ops.size()) throw StateError("an operation is none of this device");
  spec = &device.op(info.op);
  base = &device.base(spec->base);
}

void OpTable::transfer(StateArchive& archive, const Device& device) {
  archive.each(ops_, [&](Op& op) { op.transfer(archive, device); });
  archive.each(idle_, [&](Op*& op) { link(archive, op); });
  archive(next_uid_);
}

void OpTable::link(StateArchive& archive, Op*& op) {
  std::uint32_t place = op == nullptr ? 0 : op->info.slot + 1;
  archive(place);
  if (!archive.loading()) return;
  if (place > ops_.size()) throw StateError("an operation is named that is not there");
  op = place == 0 ? nullptr : &ops_[place - 1];
}

void OpTable::link(StateArchive& archive, const Op*& op) {
  Op* changeable = const_cast<Op*>(op);
  link(archive, changeable);
  op = changeable;
}

void Agenda::transfer(StateArchive& archive, OpTable& ops) {
  if (!is_settled()) throw StateError("an instant is not over yet");
  struct Placed {
    CalendarHandle handle;
    Entry entry;
  };
  std::vector<Placed> entries;
  calendar_.for_each([&](const CalendarHandle& handle, const Entry& entry) { entries.push_back({handle, entry}); });
  archive.each(entries, [&](Placed& placed) {
    archive(placed.handle, placed.entry.argument, placed.entry.turn);
    clients_.link(archive, placed.entry.client);
    ops.link(archive, placed.entry.op);
  });
  Time wake = sleeping_until_;
  archive(next_sequence_, now_, rests_, wake);
  if (!archive.loading()) return;
  calendar_ = Calendar<Entry>(calendar_.lanes());
  for (const Placed& placed : entries) {
    const bool possible = placed.handle.lane < calendar_.lanes() && placed.handle.time > time_.now();
    if (!possible) throw StateError("an entry of the agenda is of no die or no moment to come");
    calendar_.push(placed.handle.lane, placed.handle.time, placed.handle.rank, placed.entry);
  }
  wake_event_.cancel();
  sleeping_until_ = kNever;
  sleep_until(wake, time_.now());  // the kernel wakes up when it would have
}

void Channel::transfer(StateArchive& archive) {
  if (response_open_ != nullptr || !responses_.empty()) throw StateError("a response is not ended yet");
  archive(bus_);
}

void Package::transfer(StateArchive& archive) {
  archive.mark("package");
  state_.ops.transfer(archive, *device_);
  archive(state_.odt);
  agenda_.transfer(archive, state_.ops);
  for (const auto& channel : channels_) channel->transfer(archive);
  for (const auto& die : dies_) die->transfer(archive);
  hub_.transfer(archive);
}

}  // namespace nandtlm
