// Sending planned operations at their time, and hearing of their ends.
#include "model/scheduler/scheduler.h"

namespace nandtlm {
namespace {

tlm::tlm_command command_for(Action action) {
  switch (action) {
    case Action::Program:
      return tlm::TLM_WRITE_COMMAND;
    case Action::Read:
    case Action::DataOut:
    case Action::Status:
      return tlm::TLM_READ_COMMAND;
    default:
      return tlm::TLM_IGNORE_COMMAND;
  }
}

}  // namespace

tlm::tlm_generic_payload& Scheduler::payload_for(const Op& op) {
  const Ticket& note = ticket(op);
  tlm::tlm_generic_payload& payload = pool_.acquire();
  NandCommand& command = *PayloadPool::command(payload);
  command.op = op.info.op;
  command.die = op.info.die;
  command.targets = op.info.targets;
  command.uid = op.info.uid;
  command.initiator_tag = op.info.slot;
  // Without data there is nothing to read or write as TLM defines it (IEEE 1666-2011, 14.7).
  if (note.data != nullptr && !note.data->empty()) {
    payload.set_command(command_for(op.effects().action));
    payload.set_data_ptr(note.data->data());
    payload.set_data_length(static_cast<unsigned>(note.data->size()));
    payload.set_streaming_width(static_cast<unsigned>(note.data->size()));
  }
  return payload;
}

void Scheduler::start(Op& op) {
  tlm::tlm_generic_payload& payload = payload_for(op);
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  auto& socket = *sockets_[device_.topology.channel_of(op.info.die)];
  if (socket->nb_transport_fw(payload, phase, delay) != tlm::TLM_COMPLETED) return;
  // The die and the plan disagree: never in a correct model.
  SC_REPORT_ERROR("/nandtlm/scheduler", "a die refused an operation that was planned on it");
}

tlm::tlm_sync_enum Scheduler::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                              sc_core::sc_time& /*delay*/) {
  if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
  finished(payload, *PayloadPool::command(payload));
  payload.release();
  return tlm::TLM_COMPLETED;
}

/// The op's record may be gone already: what is told comes from the transaction.
void Scheduler::finished(const tlm::tlm_generic_payload& payload, const NandCommand& command) {
  const Effects& effects = device_.base_of(command.op).effects;
  const auto slot = static_cast<std::uint32_t>(command.initiator_tag);
  OpResult result = result_for(slot, command.uid, command.op, command.die);
  result.started_at = command.started_at;
  result.suspends = command.suspends;
  result.outcome = command.refusal.reason;
  result.status = command.status;
  if (effects.action == Action::Status) result.ready_state = static_cast<std::int8_t>(command.ready);
  if (effects.action == Action::Resume && payload.is_response_ok()) note_resume(command.die, effects.controls);
  if (effects.action == Action::Suspend && result.outcome == Reason::None) {
    backlog(command.die, effects.controls).suspend_ended(agenda_.now());
  }
  deliver(slot, result);
}

/// BKL-02: a RESUME that succeeded starts the refill at its end.
void Scheduler::note_resume(std::uint32_t die, Family family) {
  Backlog& waiting = backlog(die, family);
  waiting.resume_ended(agenda_.now());
  if (waiting.retry) agenda_.cancel(waiting.retry);  // of a refill that a SUSPEND stopped
  waiting.retry = CalendarHandle();
  if (waiting.empty()) return;
  package_.observers().refill_started(die, family, agenda_.now());
  waiting.refill_due = true;
  agenda_.now(Turn::Refill, *this, backlog_index(die, family));
}

OpResult Scheduler::result_for(std::uint32_t slot, Uid uid, OpId op, std::uint32_t die) const {
  OpResult result;
  result.uid = uid;
  result.ticket = tickets_[slot].batch;
  result.index = tickets_[slot].index;
  result.op = op;
  result.die = die;
  result.ended_at = agenda_.now();
  return result;
}

OpResult Scheduler::result_of(const Op& op) const {
  return result_for(op.info.slot, op.info.uid, op.info.op, op.info.die);
}

void Scheduler::deliver(std::uint32_t slot, const OpResult& result) {
  Ticket& note = tickets_[slot];
  note.data = nullptr;
  note.client->op_finished(result);
}

}  // namespace nandtlm
