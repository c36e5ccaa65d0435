// A die's transport interfaces: from transactions to operations and back.
#include <algorithm>

#include "model/die/die.h"
#include "model/observe/refusal_report.h"
#include "tlm/payload_pool.h"

namespace nandtlm {
namespace {

/// TLM-04: the response status that fits a refusal.
tlm::tlm_response_status status_for(Reason reason) {
  switch (reason) {
    case Reason::None:
    case Reason::NothingToSuspend:
      return tlm::TLM_OK_RESPONSE;
    case Reason::EprAddressRange:
    case Reason::EprBadBlock:
    case Reason::EprMultiplaneMismatch:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    case Reason::AbortedByReset:
      return tlm::TLM_GENERIC_ERROR_RESPONSE;
    default:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
}

std::uint8_t status_register(ReadyState ready) {
  std::uint8_t status = kStatusNotProtected;
  if (ready != ReadyState::Busy) status |= kStatusReady;
  if (ready == ReadyState::Ready) status |= kStatusArrayReady;
  return status;
}

}  // namespace

/// False where the transaction is malformed; its response status is set then.
bool Die::to_request(tlm::tlm_generic_payload& payload, Request& request, NandCommand*& command) const {
  command = PayloadPool::command(payload);
  if (command == nullptr || index(command->op) >= device_.ops.size()) {
    if (command != nullptr) command->refusal.reason = Reason::Malformed;
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return false;
  }
  command->refusal = Refusal();
  const bool has_data = payload.get_data_ptr() != nullptr && payload.get_data_length() != 0;
  if (has_data && payload.get_byte_enable_ptr() != nullptr) {
    command->refusal.reason = Reason::Malformed;
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return false;
  }
  if (has_data && payload.get_streaming_width() != 0 && payload.get_streaming_width() < payload.get_data_length()) {
    command->refusal.reason = Reason::Malformed;
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return false;
  }
  request.op = command->op;
  request.die = number_;
  request.targets = command->targets;
  request.source = Source::Client;
  request.not_before = package_.agenda.now();
  if (!complete_targets(payload, request)) {
    command->refusal.reason = Reason::EprAddressRange;
    command->refusal.rule = "payload address beyond the topology";
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return false;
  }
  return true;
}

/// TLM-01: where the extension names no target, the payload's address does; a plane follows from its block.
bool Die::complete_targets(const tlm::tlm_generic_payload& payload, Request& request) const {
  const OpBase& base = device_.base_of(request.op);
  const bool wants_target = base.effects.needs_target || base.effects.action == Action::DataOut;
  if (request.targets.empty() && wants_target) {
    RowAddress row;
    if (!address_map_.from_byte_address(payload.get_address(), row) || row.die != number_) return false;
    request.targets.push_back(Target{-1, static_cast<std::int32_t>(row.block), static_cast<std::int32_t>(row.page)});
  }
  derive_planes(device_.topology, request.targets);
  return true;
}

tlm::tlm_sync_enum Die::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                        sc_core::sc_time& /*delay*/) {
  if (to_phase(phase) != Phase::BeginReq) return tlm::TLM_ACCEPTED;
  in_forward_call_ = true;
  Op* op = admit(payload);
  if (op != nullptr) {
    payload.acquire();
    op->request_open = true;
    begin(*op, payload);
  }
  in_forward_call_ = false;
  return op != nullptr ? tlm::TLM_ACCEPTED : tlm::TLM_COMPLETED;
}

/// The op that the transaction carries: a planned one, or a new one if the die can take it now. nullptr: answered.
Op* Die::admit(tlm::tlm_generic_payload& payload) {
  NandCommand* command = PayloadPool::command(payload);
  if (command != nullptr && !payload.has_mm()) {
    command->refusal.reason = Reason::Malformed;
    command->refusal.rule = "a non-blocking payload needs a memory manager";
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return nullptr;
  }
  return command != nullptr && command->uid != 0 ? admit_planned(payload, *command) : admit_now(payload);
}

Op* Die::admit_planned(tlm::tlm_generic_payload& payload, NandCommand& command) {
  Op* planned = resources_.planned_start(command.uid, package_.agenda.now());
  if (planned != nullptr && planned->info.op == command.op) return planned;
  command.refusal.reason = Reason::Malformed;
  command.refusal.rule = "no reservation of this uid starts now";
  payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  return nullptr;
}

Op* Die::admit_now(tlm::tlm_generic_payload& payload) {
  Request request;
  NandCommand* command = nullptr;
  if (!to_request(payload, request, command)) return nullptr;
  ResourceManager& plan = planner();
  const Time now = package_.agenda.now();
  const Verdict verdict = plan.judge_at(request, now);
  if (!verdict.ok()) {
    answer_refusal(payload, request, verdict);
    return nullptr;
  }
  Journal journal(Journal::Mode::Final);
  Op& op = plan.reserve(request, verdict, nullptr, journal);
  command->uid = op.info.uid;
  note_phases(op.info, op.touches);
  package_.hub.op_accepted(op.info, now, now);
  journal.commit();
  return &op;
}

void Die::answer_refusal(tlm::tlm_generic_payload& payload, const Request& request, const Verdict& verdict) {
  NandCommand& command = *PayloadPool::command(payload);
  command.refusal = verdict.refusal;
  payload.set_response_status(status_for(verdict.refusal.reason));
  report_refusal(package_.hub, device_, resources_, request, verdict.refusal, package_.agenda.now());
}

/// False where it had to be held back. A blocking client hears nothing before the end.
bool Die::tell(const Op& op, const tlm::tlm_phase& phase) {
  if (!blocking_.empty() && blocking_.count(const_cast<Op*>(&op)) != 0) return true;
  if (!in_forward_call_ && held_back_.empty()) {
    send(*op.payload, phase);
    return true;
  }
  op.payload->acquire();
  if (held_back_.empty()) package_.agenda.now(Turn::Step, *this);
  held_back_.push_back(HeldBack{op.payload, phase, nullptr});
  return false;
}

void Die::send(tlm::tlm_generic_payload& payload, tlm::tlm_phase phase) {
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  socket->nb_transport_bw(payload, phase, delay);
}

void Die::send_held_back() {
  std::vector<HeldBack> sending;
  sending.swap(held_back_);
  for (const HeldBack& item : sending) {
    send(*item.payload, item.phase);
    item.payload->release();
    if (item.ended != nullptr) package_.state.ops.release(*item.ended);
  }
}

/// The end of an operation: the answer goes back and its record is free.
void Die::respond(Op& op, Reason outcome) {
  tlm::tlm_generic_payload& payload = *op.payload;
  NandCommand& command = *PayloadPool::command(payload);
  command.refusal.reason = outcome;
  command.suspends = op.suspends;
  command.consumed = op.executed;
  if (op.effects().action == Action::Status) {
    command.status = static_cast<std::uint8_t>(command.status | status_register(command.ready));
    if (payload.get_data_ptr() != nullptr && payload.get_data_length() > 0) payload.get_data_ptr()[0] = command.status;
  }
  payload.set_response_status(status_for(outcome));
  const auto blocking = blocking_.find(&op);
  if (blocking != blocking_.end()) {
    BlockingCall& call = *blocking->second;
    blocking_.erase(blocking);
    package_.state.ops.release(op);
    call.finished = true;
    call.done.notify();
    return;
  }
  if (tell(op, tlm::BEGIN_RESP)) {
    package_.state.ops.release(op);
  } else {
    op.life = Life::Ended;
    held_back_.back().ended = &op;
  }
  payload.release();
}

/// TLM-03: takes the earliest start that is feasible and returns at the op's end, which a suspend may move.
void Die::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  sc_core::wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  Request request;
  NandCommand* command = nullptr;
  if (!to_request(payload, request, command)) return;
  ResourceManager& plan = planner();
  const Time now = package_.agenda.now();
  const Verdict verdict = plan.feasible_at(request, now);
  if (!verdict.ok()) {
    answer_refusal(payload, request, verdict);
    return;
  }
  Journal journal(Journal::Mode::Final);
  Op& op = plan.reserve(request, verdict, this, journal);
  command->uid = op.info.uid;
  BlockingCall call;
  call.payload = &payload;
  blocking_[&op] = &call;
  note_phases(op.info, op.touches);
  package_.hub.op_accepted(op.info, now, verdict.start);
  journal.commit();
  call.start = package_.agenda.at(verdict.start, Turn::Start, *this, &op);
  while (!call.finished) sc_core::wait(call.done);
}

void Die::reservation_revoked(Op& op, Time /*planned_start*/, Time /*suspend_end*/) {
  package_.agenda.cancel(blocking_.at(&op)->start);
  waiting_blocking_.insert(waiting_blocking_.begin(), &op);
  package_.hub.op_backlogged(op.info, package_.agenda.now());
}

void Die::aborted_before_start(Op& op) {
  BlockingCall& call = *blocking_.at(&op);
  blocking_.erase(&op);
  const auto waiting = std::find(waiting_blocking_.begin(), waiting_blocking_.end(), &op);
  if (waiting != waiting_blocking_.end()) {
    waiting_blocking_.erase(waiting);
  } else {
    package_.agenda.cancel(call.start);
  }
  PayloadPool::command(*call.payload)->refusal.reason = Reason::AbortedByReset;
  call.payload->set_response_status(status_for(Reason::AbortedByReset));
  call.finished = true;
  call.done.notify();
}

/// A RESUME has ended: blocking clients whose reservation a SUSPEND took back get a new one, oldest first.
void Die::replan_blocking() {
  std::vector<Op*> waiting;
  waiting.swap(waiting_blocking_);
  const Time now = package_.agenda.now();
  for (Op* op : waiting) {
    const Verdict verdict = planner().feasible_again(*op, now);
    if (!verdict.ok()) {
      waiting_blocking_.push_back(op);
      continue;
    }
    resources_.reserve_again(*op, verdict.start);
    package_.hub.op_planned(op->info, now, verdict.start);
    blocking_.at(op)->start = package_.agenda.at(verdict.start, Turn::Start, *this, op);
  }
}

unsigned Die::transport_dbg(tlm::tlm_generic_payload& payload) {
  RowAddress row;
  const std::size_t page_bytes = device_.topology.page_total_bytes();
  if (!address_map_.from_byte_address(payload.get_address(), row) || row.die != number_) return 0;
  const NandCommand* command = PayloadPool::command(payload);
  ArrayAccess access;
  access.kind = payload.is_write() ? ArrayAccess::Kind::DebugWrite : ArrayAccess::Kind::DebugRead;
  access.sub_page = command != nullptr && index(command->op) < device_.ops.size() ? device_.op(command->op).sub_page : 0;
  unsigned done = 0;
  // The address runs over pages: block b and b + 1 sit in different planes.
  while (done < payload.get_data_length()) {
    const std::size_t length = std::min<std::size_t>(page_bytes - row.column, payload.get_data_length() - done);
    access.block = row.block;
    access.page = row.page;
    access.column = row.column;
    array_.debug(device_.topology.plane_of(row.block), access, payload.get_data_ptr() + done, length);
    done += static_cast<unsigned>(length);
    if (!address_map_.from_byte_address(payload.get_address() + done, row) || row.die != number_) break;
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  return done;
}

}  // namespace nandtlm
