// The execution of operations on a die. Transport is in die_transport.cpp.
#include "model/die/die.h"

#include <algorithm>
#include <string>

#include "tlm/payload_pool.h"

namespace nandtlm {

Die::Die(sc_core::sc_module_name name, std::uint32_t number, std::uint32_t channel, BusTimeline& bus,
         const PackageContext& package, const SocketBinder& bind)
    : sc_core::sc_module(name),
      socket("socket"),
      planning("planning"),
      number_(number),
      channel_(channel),
      package_(package),
      device_(package.device),
      resources_(package.device, number, bus, package.state),
      array_(package.device) {
  const Topology& topology = device_.topology;
  address_map_ =
      AddressMap{topology.dies, topology.blocks_per_die, topology.pages_per_block, topology.page_total_bytes()};
  for (std::uint32_t p = 0; p < topology.planes; ++p) {
    planes_.push_back(std::make_unique<Plane>(("plane" + std::to_string(p)).c_str()));
    bind(array_.socket(p), planes_.back()->socket);
  }
  planning.bind(*this);
  package_.agenda.enroll(*this);
  socket.bind(*this);
}

ResourceManager& Die::planner() {
  resources_.advance(package_.agenda.now());
  return resources_;
}

void Die::due(Turn turn, Op* op, std::uint32_t argument) {
  if (turn == Turn::Start) {
    begin(*op, *blocking_.at(op)->payload);  // a blocking client's op
  } else if (turn == Turn::Proposal) {
    take_held(argument);
  } else if (turn == Turn::Retry) {
    retry_blocking();
  } else if (op == nullptr) {
    send_held_back();
  } else {
    const Time now = package_.agenda.now();
    leave_step(*op, now);
    next_step(*op, now);
  }
}

void Die::begin(Op& op, tlm::tlm_generic_payload& payload) {
  const Time now = op.start();
  op.payload = &payload;
  resources_.started(op);
  NandCommand& command = *PayloadPool::command(payload);
  command.started_at = now;
  if (op.effects().action == Action::Status) {
    command.ready = ready_state(op.touches);
    op.info.expected_status = static_cast<std::int8_t>(command.ready);
  }
  const Action action = op.effects().action;
  const bool reset = action == Action::ResetDie || action == Action::ResetAll;
  if (reset) op.info.planes = resources_.all_planes();
  package_.hub.op_started(op.info, now);
  if (action == Action::Suspend && !op.nothing_to_suspend) cut_by(op, now);
  if (reset) reset_dies(op);
  op.step = 0;
  if (!reset) stand_on_planes(op);
  enter_step(op, now);
  schedule(op, now);
}

void Die::enter_step(Op& op, Time at) {
  const Step& step = op.spec->steps[op.step];
  if (step.bus) package_.hub.bus_taken(channel_, op.info, at);
  package_.hub.state_entered(op.info, step.state, at);
}

void Die::leave_step(Op& op, Time at) {
  if (op.spec->steps[op.step].bus) package_.hub.bus_released(channel_, op.info.uid, at);
  if (op.request_open) {
    op.request_open = false;
    tell(op, tlm::END_REQ);
  }
}

/// The end of the current step in the op's own time, or of its piece.
void Die::schedule(Op& op, Time at) {
  const Piece& piece = op.piece();
  const Time end = std::min(op.spec->steps[op.step].end, op.nominal);
  op.event = package_.agenda.at(number_, std::max(at, piece.start + (end - piece.from)), Turn::Step, *this, &op);
}

void Die::next_step(Op& op, Time at) {
  const Time offset = op.piece().from + (at - op.piece().start);
  if (offset >= op.nominal) {
    finish(op, at);
    return;
  }
  const bool was_issue = op.step == 0;
  Time begin = 0;
  op.step = step_at(op.spec->steps, offset, begin);
  enter_step(op, at);
  schedule(op, at);
  if (was_issue) tell(op, NAND_OP_STARTED);
}

void Die::finish(Op& op, Time at) {
  const Action action = op.effects().action;
  if (action == Action::ResetAll) {
    for (Die* die : package_.dies) die->reset_by_ended(op);
  } else if (action == Action::ResetDie) {
    reset_by_ended(op);
  } else {
    finish_array(op, at);
    resources_.ended(op);
  }
  leave_planes(op);
  package_.hub.op_ended(op.info, at);
  if (action == Action::Resume) go_on_after(op, at);
  respond(op, op.nothing_to_suspend ? Reason::NothingToSuspend : Reason::None);
}

void Die::finish_array(Op& op, Time at) {
  const Effects& effects = op.effects();
  const Op* recovered = nullptr;
  if (effects.reads_suspended && !op.info.targets.empty()) {
    recovered = resources_.suspended_program_at(op.info.targets[0]);
  }
  const bool sound = array_.complete(op, recovered);
  if (!sound) PayloadPool::command(*op.payload)->status |= kStatusFail;
  if (op.was_resumed && op.suspended_targets != op.info.targets) package_.hub.resume_mismatch(op.info, at);  // SUS-12
  if (!effects.commits_page()) return;
  for (const Target& target : op.info.targets) package_.hub.page_programmed(op.info, target, op.was_resumed, at);
}

void Die::cut_by(const Op& suspend, Time at) {
  Op& op = *resources_.cut(suspend);
  package_.agenda.cancel(op.event);
  leave_step(op, at);
  leave_planes(op);
  NandCommand& command = *PayloadPool::command(*op.payload);
  command.suspends = op.suspends;
  command.consumed = op.executed;
  const Family family = op.family();
  package_.hub.op_suspended(op.info, at, op.executed, op.nominal - op.executed);
  package_.hub.suspend_state(number_, family, true, static_cast<std::uint32_t>(resources_.stack_depth(family)), at);
  tell(op, NAND_OP_SUSPENDED);
}

void Die::go_on_after(const Op& resume, Time at) {
  Op& op = resources_.resume(resume);
  const Family family = op.family();
  package_.hub.suspend_state(number_, family, false, static_cast<std::uint32_t>(resources_.stack_depth(family)), at);
  package_.hub.op_resumed(op.info, at, op.nominal - op.executed);
  Time begin = 0;
  op.step = step_at(op.spec->steps, op.piece().from, begin);
  stand_on_planes(op);
  enter_step(op, at);
  schedule(op, at);
  tell(op, NAND_OP_RESUMED);
  replan_blocking();
}

/// RESET reaches every die of the package, RESET_LUN this one. A RESET that comes in a forward call answers after it,
/// on every die.
void Die::reset_dies(Op& op) {
  if (op.effects().action == Action::ResetDie) {
    reset_by(op);
    return;
  }
  for (Die* die : package_.dies) {
    const bool before = die->in_forward_call_;
    die->in_forward_call_ = in_forward_call_;
    die->reset_by(op);
    die->in_forward_call_ = before;
  }
}

void Die::reset_by(Op& reset_op) {
  const Time now = reset_op.start();
  std::vector<Op*> victims;
  package_.state.ops.for_each_live([&](Op& op) {
    if (op.info.die == number_ && &op != &reset_op) victims.push_back(&op);
  });
  std::sort(victims.begin(), victims.end(), [](const Op* a, const Op* b) { return a->info.uid < b->info.uid; });
  reset_op_ = &reset_op;
  resources_.reset(reset_op, now);
  for (Op* op : victims) abort(*op, now);
  array_.drop_latches();
  stand_on_planes(reset_op);
  for (const Family family : {Family::Program, Family::Erase})
    package_.hub.suspend_state(number_, family, false, 0, now);
}

void Die::reset_by_ended(const Op& reset_op) {
  if (reset_op_ != &reset_op) return;  // another reset came over it
  reset_op_ = nullptr;
  resources_.reset_ended(reset_op);
  leave_planes(reset_op);
}

void Die::abort(Op& op, Time at) {
  if (op.life == Life::Backlogged || op.life == Life::Reserved) {
    resources_.drop_planned_change(op);
    package_.hub.op_aborted(op.info, at, 0, Reason::AbortedByReset);
    if (op.owner != nullptr) op.owner->aborted_before_start(op);
    package_.state.ops.release(op);
    return;
  }
  if (op.life == Life::Running) {
    package_.agenda.cancel(op.event);
    leave_step(op, at);
    op.executed = op.piece().from + (at - op.piece().start);
    leave_planes(op);
    if (op.effects().is_reset()) {
      for (Die* die : package_.dies) die->reset_by_ended(op);
    }
  }
  resources_.spoil(op);
  array_.spoil(op);
  package_.hub.op_aborted(op.info, at, op.executed, Reason::AbortedByReset);
  PayloadPool::command(*op.payload)->consumed = op.executed;
  respond(op, Reason::AbortedByReset);
}

void Die::stand_on_planes(const Op& op) {
  if (op.info.planes == 0 || !op.base->affect_state) return;
  for (std::size_t plane = 0; plane < device_.topology.planes; ++plane) {
    if ((op.info.planes >> plane & 1U) != 0) plane_op_[plane] = &op;
  }
}

void Die::leave_planes(const Op& op) {
  for (std::size_t plane = 0; plane < device_.topology.planes; ++plane) {
    if (plane_op_[plane] != &op) continue;
    plane_op_[plane] = nullptr;
    plane_last_[plane] = PhaseKey{static_cast<std::uint16_t>(index(op.spec->base)), PhaseKey::kEnd};
  }
}

/// The op on a plane and its state by the time: at one instant, somebody may ask before the agenda has come to an end.
const Op* Die::standing_on(std::size_t plane, State& state) const {
  const Op* op = plane_op_[plane];
  if (op == nullptr) return nullptr;
  const Time now = package_.agenda.now();
  const Piece& piece = op->pieces.front();
  if (now >= piece.end()) return nullptr;
  Time begin = 0;
  state = op->spec->steps[step_at(op->spec->steps, piece.from + (now - piece.start), begin)].state;
  return op;
}

PhaseKey Die::phase_on(std::size_t plane) const {
  State state{};
  const Op* op = standing_on(plane, state);
  if (op == nullptr) return plane_last_[plane];
  return PhaseKey{static_cast<std::uint16_t>(index(op->spec->base)), static_cast<std::uint8_t>(state)};
}

ReadyState Die::ready_state(PlaneMask planes) const {
  bool array_busy = false;
  for (std::size_t plane = 0; plane < device_.topology.planes; ++plane) {
    if ((planes >> plane & 1U) == 0) continue;
    State state{};
    if (standing_on(plane, state) == nullptr) continue;
    if (state == State::Issue || state == State::CoreBusy) return ReadyState::Busy;
    array_busy = true;
  }
  return array_busy ? ReadyState::ExtReady : ReadyState::Ready;
}

void Die::note_phases(OpInfo& info, PlaneMask touches) const {
  for (std::size_t plane = 0; plane < device_.topology.planes; ++plane) {
    if ((touches >> plane & 1U) == 0) continue;
    info.phase_used = phase_on(plane);
    info.phase_virtual = plane_last_[plane];
    return;
  }
}

}  // namespace nandtlm
