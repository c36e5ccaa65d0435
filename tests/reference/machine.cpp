#include "tests/reference/machine.h"

#include <algorithm>
#include <set>

#include "tests/reference/past.h"

namespace nandtlm::reference {

Machine::Machine(const Device& device) {
  plan_.device = &device;
  plan_.past = std::make_shared<const Past>();
}

std::size_t Machine::backlog_size(std::uint32_t die, Family family) const {
  const auto found = backlogs_.find({die, family});
  return found == backlogs_.end() ? 0 : found->second.entries.size();
}

std::vector<Time> Machine::coming_instants(std::uint32_t die) const {
  std::set<Time> instants;
  for (const Operation& op : plan_.ops) {
    if (!reaches(plan_, op, die)) continue;
    for (const Piece& piece : op.pieces) {
      for_each_stretch(plan_.spec(op), piece, [&](State, Time start, Time end, bool) {
        if (start > now_) instants.insert(start);
        if (end > now_) instants.insert(end);
      });
    }
  }
  return {instants.begin(), instants.end()};
}

Time Machine::next_instant() const {
  Time next = kNever;
  const auto look = [&](Time t) {
    if (t > now_) next = std::min(next, t);
  };
  for (const Operation& op : plan_.ops) {
    for (const Piece& piece : op.pieces) {
      look(piece.start);
      look(piece.end());
    }
  }
  for (const auto& backlog : backlogs_) look(backlog.second.retry_at);
  return next;
}

void Machine::run_to(Time time) {
  while (now_ < time) {
    after_proposals();  // what starts now may bring something new before the next instant
    fold(plan_, now_);
    now_ = std::min(next_instant(), time);
    before_proposals();
  }
}

Time Machine::finish(Time limit) {
  Time quiet_since = now_;
  while (true) {
    after_proposals();
    const Time next = next_instant();
    if (next > limit) return now_;
    bool busy = false;
    for (const Operation& op : plan_.ops) busy = busy || op.life == Life::Reserved || op.life == Life::Running;
    if (busy) quiet_since = next;
    if (!busy && next > quiet_since + 3 * plan_.device->policies.backlog_retry_delay) return now_;
    now_ = next;
    before_proposals();
  }
}

void Machine::before_proposals() {
  end_ops();
  for (auto& backlog : backlogs_) {
    if (backlog.second.refill) refill(backlog.first);
  }
  for (auto& backlog : backlogs_) {
    if (backlog.second.retry_at == now_) refill(backlog.first);
  }
}

void Machine::end_ops() {
  std::vector<Uid> ending;
  for (const Operation& op : plan_.ops) {
    if (op.life == Life::Running && op.end() == now_) ending.push_back(op.uid);
  }
  for (const Uid uid : ending) end_op(plan_.find(uid));
}

void Machine::end_op(Operation& op) {
  ++changes_;
  op.life = Life::Completed;
  const Effects& effects = plan_.effects(op);
  story_.add(now_, op.uid, effects.action == Action::Suspend && op.acts_on == 0 ? "end, nothing to suspend" : "end");
  if (effects.action != Action::Resume) return;
  Operation& resumed = plan_.find(op.acts_on);
  resumed.life = Life::Running;
  for (const Piece& piece : resumed.pieces) {
    if (piece.start == now_) story_.add(now_, resumed.uid, "resume", resumed.nominal - piece.from);
  }
  Backlog& backlog = backlogs_[{op.die, effects.controls}];
  for (const Suspension& entry : plan_.suspensions) {
    if (entry.op != resumed.uid || entry.until != now_) continue;
    for (const Uid uid : backlog.entries) plan_.find(uid).wanted += entry.until - entry.suspend_end;
  }
  backlog.refill = true;
}

void Machine::after_proposals() {
  while (start_due()) {
  }
  for (std::uint32_t die = 0; die < plan_.device->topology.dies; ++die) {
    for (const Family family : {Family::Program, Family::Erase}) note_levels(die, family);
  }
}

void Machine::note_levels(std::uint32_t die, Family family) {
  std::size_t depth = 0;
  for (const Operation& op : plan_.ops) {
    depth += op.die == die && op.life == Life::Suspended && plan_.base(op).family == family ? 1U : 0U;
  }
  story_.note(now_, "stack", die, family, depth);
  story_.note(now_, "suspended", die, family, depth);
  story_.note(now_, "backlog", die, family, backlog_size(die, family));
}

bool Machine::start_due() {
  for (const Operation& op : plan_.ops) {
    if (op.life != Life::Reserved || op.start() != now_) continue;
    start_op(op.uid);
    return true;
  }
  return false;
}

void Machine::start_op(Uid uid) {
  ++changes_;
  Operation& op = plan_.find(uid);
  const Effects& effects = plan_.effects(op);
  op.life = Life::Running;
  op.started = true;
  story_.add(now_, uid, "start");
  if (effects.action == Action::Suspend && op.acts_on != 0) {
    Operation& target = plan_.find(op.acts_on);
    target.life = Life::Suspended;
    Time consumed = 0;
    for (const Piece& piece : target.pieces) {
      if (piece.end() <= now_) consumed = piece.to;
    }
    story_.add(now_, target.uid, "cut", consumed, target.nominal - consumed);
  }
  if (effects.is_reset()) reset(op);
  if (plan_.base(op).family == Family::None) return;
  Backlog& backlog = backlog_of(op);
  if (backlog.reserved != uid) return;
  backlog.reserved = 0;
  refill({op.die, plan_.base(op).family});
}

void Machine::reset(const Operation& reset_op) {
  const std::uint32_t die = reset_op.die;
  const bool all = plan_.effects(reset_op).action == Action::ResetAll;
  const Uid self = reset_op.uid;
  for (std::uint32_t d = 0; d < plan_.device->topology.dies; ++d) {
    if (!all && d != die) continue;
    for (Operation& op : plan_.ops) {
      const bool live = op.life != Life::Completed && op.life != Life::Aborted;
      if (op.uid != self && live && op.die == d) abort(op);
    }
    spoil(d);
  }
}

void Machine::abort(Operation& op) {
  Time consumed = 0;
  for (Piece& piece : op.pieces) {
    if (piece.start >= now_) continue;
    if (piece.end() > now_) piece.to = piece.from + (now_ - piece.start);
    consumed = piece.to;
  }
  while (!op.pieces.empty() && op.pieces.back().start >= now_) op.pieces.pop_back();
  op.life = Life::Aborted;
  op.aborted_at = now_;
  story_.add(now_, op.uid, "abort", consumed);
}

void Machine::spoil(std::uint32_t die) {
  plan_.resets.push_back({die, now_});
  std::vector<Suspension> kept;
  for (Suspension entry : plan_.suspensions) {
    if (entry.die == die && entry.until > now_) entry.until = now_;
    if (entry.at <= entry.until) kept.push_back(entry);
  }
  plan_.suspensions = kept;
  backlogs_.erase({die, Family::Program});
  backlogs_.erase({die, Family::Erase});
}

namespace {

void propose_all(Machine& machine, const std::vector<Proposal>& proposals) {
  for (const Proposal& proposal : proposals) {
    machine.run_to(proposal.at);
    machine.propose(proposal.requests);
  }
}

}  // namespace

Story run(const Device& device, const std::vector<Proposal>& proposals, Time limit, Time& horizon) {
  Machine machine(device);
  propose_all(machine, proposals);
  horizon = machine.finish(limit);
  return machine.story();
}

Story run_until(const Device& device, const std::vector<Proposal>& proposals, Time horizon) {
  Machine machine(device);
  propose_all(machine, proposals);
  machine.run_to(horizon);
  machine.finish(horizon);
  return machine.story();
}

}  // namespace nandtlm::reference
