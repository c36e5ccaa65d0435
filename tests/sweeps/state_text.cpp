#include "tests/sweeps/state_text.h"

#include <set>
#include <sstream>

namespace nandtlm::test {
namespace {

void add_ops(std::ostream& out, PackageState& state) {
  out << "next uid " << state.ops.next_uid() << " live " << state.ops.live() << '\n';
  state.ops.for_each_live([&out](const Op& op) {
    out << "op " << op.info.uid << " slot " << op.info.slot << " life " << static_cast<int>(op.life) << " nominal "
        << op.nominal << " executed " << op.executed << " suspends " << op.suspends << " resumed " << op.was_resumed;
    for (const Piece& piece : op.pieces) out << " [" << piece.start << ' ' << piece.from << ' ' << piece.to << ')';
    out << '\n';
  });
}

std::set<Time> instants(SchedulerBench& bench) {
  std::set<Time> times = {bench.now(), kNever - 1};
  for (std::uint32_t die = 0; die < bench.package.device().topology.dies; ++die) {
    const DieTimeline& timeline = bench.die(die).timeline();
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      for (const Time time : {timeline[i].start, timeline[i].end}) {
        for (const Time near : {time - 1, time, time + 1}) times.insert(std::max(near, bench.now()));
      }
    }
  }
  return times;
}

void add_die(std::ostream& out, SchedulerBench& bench, std::uint32_t number) {
  ResourceManager& die = bench.die(number);
  out << "die " << number << '\n';
  for (std::size_t i = 0; i < die.timeline().size(); ++i) {
    const Reservation& item = die.timeline()[i];
    out << "  " << item.start << ' ' << item.end << ' ' << item.reach << ' ' << item.op->info.uid << '\n';
  }
  for (const Family family : {Family::Program, Family::Erase}) {
    for (const Suspension& entry : die.stack(family).entries()) {
      out << "  stack " << name(family) << ' ' << entry.op->info.uid << ' ' << entry.at << ' ' << entry.until << ' '
          << entry.cut << '\n';
    }
    out << "  backlog " << name(family) << ' ' << bench.scheduler.backlog_size(number, family) << ' '
        << bench.scheduler.refill_pending(number, family) << '\n';
  }
}

void add_instant(std::ostream& out, SchedulerBench& bench, std::uint32_t number, Time time) {
  ResourceManager& die = bench.die(number);
  const DieFlags flags = die.flags_at(time);
  out << "  at " << time;
  for (const PlaneMask planes : flags.latched) out << ' ' << static_cast<int>(planes);
  out << ' ' << static_cast<int>(flags.cache_read) << ' ' << static_cast<int>(flags.cache_program) << " odt "
      << bench.package.state().odt.disabled_at(time) << " suspended " << die.suspended_at(Family::Program, time)
      << die.suspended_at(Family::Erase, time);
  if (time < kNever / 2) out << " bus " << die.feasible_at(bench.request("Status", -1, -1, number), time).start;
  out << '\n';
}

}  // namespace

std::string state_text(SchedulerBench& bench) {
  std::ostringstream out;
  add_ops(out, bench.package.state());
  const std::set<Time> times = instants(bench);
  for (std::uint32_t die = 0; die < bench.package.device().topology.dies; ++die) {
    add_die(out, bench, die);
    for (const Time time : times) add_instant(out, bench, die, time);
    for (std::uint32_t b = 0; b < bench.package.device().topology.blocks_per_die; ++b) {
      const BlockState& block = bench.die(die).address().block(b);
      out << "  block " << b << ' ' << static_cast<int>(block.condition) << static_cast<int>(block.stage) << ' '
          << block.last_page << '\n';
    }
  }
  return out.str();
}

}  // namespace nandtlm::test
