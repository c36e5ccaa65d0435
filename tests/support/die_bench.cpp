#include "tests/support/die_bench.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <stdexcept>

namespace nandtlm::test {

std::vector<Uid> RevokedList::uids() const {
  std::vector<Uid> result;
  for (const Entry& entry : entries) result.push_back(entry.op->info.uid);
  return result;
}

DieBench::DieBench(std::shared_ptr<const Device> device)
    : device_(std::move(device)), buses_(device_->topology.channels) {
  for (std::uint32_t die = 0; die < device_->topology.dies; ++die) {
    BusTimeline& bus = buses_[device_->topology.channel_of(die)];
    dies_.push_back(std::make_unique<ResourceManager>(*device_, die, bus, state_));
  }
}

Request DieBench::request(const std::string& op, std::int32_t block, std::int32_t page, std::uint32_t die) const {
  TargetList targets;
  if (block >= 0) targets.push_back(Target{-1, block, page});
  return on_planes(op, targets, die);
}

Request DieBench::on_planes(const std::string& op, const TargetList& targets, std::uint32_t die) const {
  Request request;
  request.op = device_->find_op(op).value();
  request.die = die;
  request.targets = targets;
  derive_planes(device_->topology, request.targets);
  return request;
}

Op* DieBench::plan(const Request& request, Time not_before, Journal& journal) {
  const Verdict verdict = feasible(request, not_before);
  if (!verdict.ok()) return nullptr;
  return &die(request.die).reserve(request, verdict, &revoked, journal);
}

Op& DieBench::plan(const Request& request, Time not_before) {
  const Verdict verdict = feasible(request, not_before);
  if (!verdict.ok()) {
    throw std::runtime_error(device_->op(request.op).name + " was refused: " + name(verdict.refusal.reason));
  }
  Journal journal(Journal::Mode::Undoable);
  Op& op = die(request.die).reserve(request, verdict, &revoked, journal);
  journal.commit();
  return op;
}

/// EVT-01: ends (a RESUME's last, so that its op goes on after what ends there), then starts.
DieBench::Step DieBench::next_step() {
  Step next;
  const auto offer = [&next](Time at, int rank, Op& op) {
    const bool earlier = at < next.at || (at == next.at && rank < next.rank) ||
                         (at == next.at && rank == next.rank && next.op != nullptr && op.info.uid < next.op->info.uid);
    if (earlier) next = Step{at, rank, &op};
  };
  state_.ops.for_each_live([&](Op& op) {
    if (op.life == Life::Reserved) offer(op.start(), 2, op);
    if (op.life != Life::Running) return;
    const bool ends_here = op.piece().to == op.nominal;  // else its SUSPEND comes first
    if (ends_here) offer(op.piece().end(), op.effects().action == Action::Resume ? 1 : 0, op);
  });
  return next;
}

void DieBench::note(const char* what, const Op& op) {
  std::ostringstream line;
  line << static_cast<double>(now_) / static_cast<double>(kPsPerUs) << ' ' << what << ' ' << op.info.uid;
  log.push_back(line.str());
}

void DieBench::carry_out(const Step& step) {
  Op& op = *step.op;
  ResourceManager& die_of_op = die(op.info.die);
  die_of_op.advance(now_);
  const Action action = op.effects().action;
  if (op.life == Life::Reserved) {
    on_start(op, now_);
    die_of_op.started(op);
    note("start", op);
    if (action == Action::Suspend && !op.nothing_to_suspend) note("cut", *die_of_op.cut(op));
    return;
  }
  die_of_op.ended(op);
  note("end", op);
  if (action == Action::Resume) note("resume", die_of_op.resume(op));
  state_.ops.release(op);
}

void DieBench::run_to(Time time) {
  for (Step step = next_step(); step.op != nullptr && (step.at < time || (step.at == time && step.rank < 2));
       step = next_step()) {
    now_ = step.at;
    carry_out(step);
  }
  now_ = time;
  for (const auto& one : dies_) one->advance(time);
}

void DieBench::run_through(Time time) {
  run_to(time);
  for (Step step = next_step(); step.op != nullptr && step.at <= time; step = next_step()) carry_out(step);
}

namespace {

std::set<Time> boundaries(DieBench& bench) {
  std::set<Time> times = {bench.now()};
  for (std::size_t d = 0; d < bench.dies(); ++d) {
    const DieTimeline& timeline = bench.die(d).timeline();
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      const Reservation& item = timeline[i];
      for (const Time time : {item.start, item.end}) {
        for (const Time near : {time - 1, time, time + 1}) times.insert(std::max(near, bench.now()));
      }
      Time step_end = item.start;
      for (const Step& step : item.op->spec->steps) times.insert(std::max(step_end += step.duration, bench.now()));
    }
  }
  times.insert(kNever - 1);
  return times;
}

void dump_flags(std::ostream& out, const DieFlags& flags) {
  for (const PlaneMask planes : flags.latched) out << static_cast<int>(planes) << ',';
  out << static_cast<int>(flags.cache_read) << ',' << static_cast<int>(flags.cache_program);
}

void dump_op(std::ostream& out, const Op& op) {
  out << "op " << op.info.uid << " slot " << op.info.slot << " life " << static_cast<int>(op.life) << " planes "
      << static_cast<int>(op.info.planes) << " nominal " << op.nominal << " executed " << op.executed << " suspends "
      << op.suspends << " resumed " << op.was_resumed << op.nothing_to_suspend;
  for (const Piece& piece : op.pieces) out << " [" << piece.start << ' ' << piece.from << ' ' << piece.to << ')';
  for (const Target& target : op.info.targets) out << " t" << target.block << '.' << target.page;
  for (const Target& target : op.suspended_targets) out << " s" << target.block << '.' << target.page;
  out << '\n';
}

void dump_blocks(std::ostream& out, DieBench& bench, std::size_t d) {
  const AddressRules& address = bench.die(d).address();
  for (std::uint32_t b = 0; b < bench.device().topology.blocks_per_die; ++b) {
    const BlockState& state = address.block(b);
    out << "block " << b << ' ' << static_cast<int>(state.condition) << static_cast<int>(state.celltype)
        << static_cast<int>(state.stage) << ' ' << state.last_page;
    const Target target{static_cast<std::int32_t>(bench.device().topology.plane_of(b)), static_cast<std::int32_t>(b),
                        0};
    Time time = bench.now();
    while ((time = address.next_change_after({target}, time)) != kNever) out << " @" << time;
    out << " after " << address.waits_before({target}, 0) << '\n';
  }
}

}  // namespace

std::string dump(DieBench& bench) {
  std::ostringstream out;
  out << "next uid " << bench.state().ops.next_uid() << " live " << bench.state().ops.live() << '\n';
  bench.state().ops.for_each_live([&](Op& op) { dump_op(out, op); });
  const std::set<Time> times = boundaries(bench);
  for (std::size_t c = 0; c < bench.device().topology.channels; ++c) {
    for (const BusTimeline::Segment& s : bench.bus(c).segments()) {
      out << "bus " << c << ' ' << s.start << ' ' << s.end << ' ' << s.uid << ' ' << s.die << '\n';
    }
  }
  for (std::size_t d = 0; d < bench.dies(); ++d) {
    ResourceManager& die = bench.die(d);
    out << "die " << d << '\n';
    for (std::size_t i = 0; i < die.timeline().size(); ++i) {
      const Reservation& item = die.timeline()[i];
      out << "  " << item.start << ' ' << item.end << ' ' << item.reach << ' ' << item.op->info.uid << '\n';
    }
    for (const Family family : {Family::Program, Family::Erase}) {
      for (const Suspension& entry : die.stack(family).entries()) {
        out << "  stack " << static_cast<int>(family) << ' ' << entry.op->info.uid << ' ' << entry.at << ' '
            << entry.until << ' ' << entry.cut << '\n';
      }
    }
    for (const Time time : times) {
      out << "  at " << time << ' ';
      dump_flags(out, die.flags_at(time));
      out << " odt " << bench.state().odt.disabled_at(time) << " suspended " << die.suspended_at(Family::Program, time)
          << die.suspended_at(Family::Erase, time) << '\n';
    }
    dump_blocks(out, bench, d);
  }
  return out.str();
}

}  // namespace nandtlm::test
