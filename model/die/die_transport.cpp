// A die's transport interfaces: from transactions to operations and back.
#include <algorithm>

#include "model/die/die.h"
#include "model/observe/refusal_report.h"
#include "tlm/payload_pool.h"

namespace nandtlm {
namespace {

/// What is wrong with a transaction, whatever the state of the die.
struct Flaw {
  tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE;
  const char* what = nullptr;
};

/// Page data: what is moved must fit the command and the targets.
Flaw data_flaw(const tlm::tlm_generic_payload& payload, const NandCommand& command, const Device& device) {
  const Action action = device.base_of(command.op).effects.action;
  const bool reads = action == Action::Read || action == Action::DataOut;
  const bool programs = action == Action::Program;
  if (payload.get_data_ptr() == nullptr)
    return {tlm::TLM_GENERIC_ERROR_RESPONSE, "a data length without a data pointer"};
  if (payload.get_byte_enable_ptr() != nullptr) return {tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE, "no byte enables here"};
  const unsigned width = payload.get_streaming_width();
  if (width != 0 && width < payload.get_data_length()) return {tlm::TLM_BURST_ERROR_RESPONSE, "a page does not stream"};
  if (programs && payload.is_read()) return {tlm::TLM_COMMAND_ERROR_RESPONSE, "a program takes TLM_WRITE_COMMAND"};
  const bool answers = reads || action == Action::Status;
  if (answers && payload.is_write()) return {tlm::TLM_COMMAND_ERROR_RESPONSE, "a read takes TLM_READ_COMMAND"};
  const std::size_t pages = std::max<std::size_t>(1, command.targets.size());
  const bool too_much = payload.get_data_length() > pages * device.topology.page_total_bytes();
  if ((reads || programs) && too_much) return {tlm::TLM_BURST_ERROR_RESPONSE, "more data than the targets hold"};
  return {};
}

Flaw flaw_of(const tlm::tlm_generic_payload& payload, const NandCommand& command, const Device& device) {
  if (index(command.op) >= device.ops.size()) return {tlm::TLM_COMMAND_ERROR_RESPONSE, "no such op"};
  const bool moves_data = payload.get_command() != tlm::TLM_IGNORE_COMMAND && payload.get_data_length() != 0;
  return moves_data ? data_flaw(payload, command, device) : Flaw();
}

std::uint8_t status_register(ReadyState ready) {
  std::uint8_t status = kStatusNotProtected;
  if (ready != ReadyState::Busy) status |= kStatusReady;
  if (ready == ReadyState::Ready) status |= kStatusArrayReady;
  return status;
}

}  // namespace

tlm::tlm_response_status Die::status_for(Reason reason) {
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

/// False where the transaction is malformed; its response status is set then.
bool Die::to_request(tlm::tlm_generic_payload& payload, Request& request, NandCommand*& command) const {
  command = PayloadPool::command(payload);
  if (command == nullptr) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return false;
  }
  command->refusal = Refusal();
  command->status = 0;
  command->started_at = 0;
  command->consumed = 0;
  command->suspends = 0;
  if (refuse_malformed(payload, *command)) return false;
  request.op = command->op;
  request.die = number_;
  request.targets = command->targets;
  request.source = Source::Client;
  request.not_before = package_.agenda.now();
  if (!complete_targets(payload, request)) {
    command->refusal.reason = Reason::EprAddressRange;
    command->refusal.rule = "the payload's address is not that of a page of this die";
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return false;
  }
  return true;
}

bool Die::refuse_malformed(tlm::tlm_generic_payload& payload, NandCommand& command) const {
  const Flaw flaw = flaw_of(payload, command, device_);
  if (flaw.what == nullptr) return false;
  command.refusal.reason = Reason::Malformed;
  command.refusal.rule = flaw.what;
  payload.set_response_status(flaw.status);
  return true;
}

/// TLM-01: where the extension names no target, the payload's address does; a plane follows from its block.
bool Die::complete_targets(const tlm::tlm_generic_payload& payload, Request& request) const {
  const OpBase& base = device_.base_of(request.op);
  const bool wants_target = base.effects.needs_target || base.effects.action == Action::DataOut;
  if (request.targets.empty() && wants_target) {
    RowAddress row;
    if (!address_map_.from_byte_address(payload.get_address(), row) || row.die != number_ || row.column != 0)
      return false;
    request.targets.push_back(Target{-1, static_cast<std::int32_t>(row.block), static_cast<std::int32_t>(row.page)});
  }
  derive_planes(device_.topology, request.targets);
  return true;
}

tlm::tlm_sync_enum Die::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                        sc_core::sc_time& delay) {
  if (to_phase(phase) != Phase::BeginReq) return tlm::TLM_ACCEPTED;
  NandCommand* const command = PayloadPool::command(payload);
  const bool planned = command != nullptr && command->uid != 0;
  // EVT-01: what ends at this instant comes first. A planner has waited for that already.
  const bool too_early = !planned && !package_.agenda.is_settled();
  if (payload.has_mm() && (too_early || delay != sc_core::SC_ZERO_TIME)) {
    take_later(payload, package_.agenda.after(delay));
    return tlm::TLM_ACCEPTED;
  }
  in_forward_call_ = true;
  const bool taken = take(payload, command);
  in_forward_call_ = false;
  return taken ? tlm::TLM_ACCEPTED : tlm::TLM_COMPLETED;
}

/// False where it was answered with a refusal.
bool Die::take(tlm::tlm_generic_payload& payload, NandCommand* command) {
  Op* op = admit(payload, command);
  if (op == nullptr) return false;
  payload.acquire();
  op->request_open = true;
  begin(*op, payload);
  return true;
}

void Die::take_later(tlm::tlm_generic_payload& payload, Time at) {
  payload.acquire();
  auto place = std::find(held_requests_.begin(), held_requests_.end(), nullptr);
  if (place == held_requests_.end()) place = held_requests_.insert(place, nullptr);
  *place = &payload;
  package_.agenda.at(number_, at, Turn::Proposal, *this, nullptr,
                     static_cast<std::uint32_t>(place - held_requests_.begin()));
}

void Die::take_held(std::uint32_t position) {
  tlm::tlm_generic_payload& payload = *held_requests_[position];
  held_requests_[position] = nullptr;
  if (!take(payload, PayloadPool::command(payload))) send(payload, tlm::BEGIN_RESP);
  payload.release();
}

/// The op that the transaction carries: a planned one, or a new one if the die can take it now. nullptr: answered.
Op* Die::admit(tlm::tlm_generic_payload& payload, NandCommand* command) {
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
    const bool wanted = payload.is_read() && payload.get_data_ptr() != nullptr && payload.get_data_length() > 0;
    if (wanted) payload.get_data_ptr()[0] = command.status;
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

bool Die::get_direct_mem_ptr(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_dmi& dmi) {
  dmi.allow_none();
  return false;  // TLM-03, as on the channel
}

unsigned Die::transport_dbg(tlm::tlm_generic_payload& payload) {
  RowAddress row;
  const std::size_t page_bytes = device_.topology.page_total_bytes();
  if (!address_map_.from_byte_address(payload.get_address(), row) || row.die != number_) return 0;
  if (payload.get_command() == tlm::TLM_IGNORE_COMMAND || payload.get_data_ptr() == nullptr) return 0;
  const NandCommand* command = PayloadPool::command(payload);
  ArrayAccess access;
  access.kind = payload.is_write() ? ArrayAccess::Kind::DebugWrite : ArrayAccess::Kind::DebugRead;
  access.sub_page =
      command != nullptr && index(command->op) < device_.ops.size() ? device_.op(command->op).sub_page : 0;
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
