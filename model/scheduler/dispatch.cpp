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

void Scheduler::start(Op& op) {
  const Ticket& note = ticket(op);
  tlm::tlm_generic_payload& payload = pool_.acquire();
  NandCommand& command = *PayloadPool::command(payload);
  command.op = op.info.op;
  command.die = op.info.die;
  command.targets = op.info.targets;
  command.uid = op.info.uid;
  command.initiator_tag = op.info.slot;
  payload.set_command(command_for(op.effects().action));
  if (note.data != nullptr) {
    payload.set_data_ptr(note.data->data());
    payload.set_data_length(static_cast<unsigned>(note.data->size()));
    payload.set_streaming_width(static_cast<unsigned>(note.data->size()));
  }
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  auto& socket = *sockets_[device_.topology.channel_of(op.info.die)];
  if (socket->nb_transport_fw(payload, phase, delay) != tlm::TLM_COMPLETED) return;
  // The die and the plan disagree: never in a correct model.
  SC_REPORT_ERROR("/nandtlm/scheduler", "a die refused an operation that was planned on it");
}

tlm::tlm_sync_enum Scheduler::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                              sc_core::sc_time& /*delay*/) {
  if (to_phase(phase) != Phase::BeginResp) return tlm::TLM_ACCEPTED;
  finished(payload);
  payload.release();
  return tlm::TLM_COMPLETED;
}

void Scheduler::finished(tlm::tlm_generic_payload& payload) {
  const NandCommand& command = *PayloadPool::command(payload);
  const Op& op = package_.state().ops.at(static_cast<std::uint32_t>(command.initiator_tag));
  --open_ops_;
  OpResult result = result_of(op);
  result.started_at = command.started_at;
  result.suspends = command.suspends;
  result.outcome = command.refusal.reason;
  result.status = command.status;
  if (op.effects().action == Action::Status) result.ready_state = static_cast<std::int8_t>(command.ready);
  if (op.effects().action == Action::Resume && result.outcome == Reason::None) note_resume(op);
  deliver(op, result);
}

/// BKL-02: a RESUME that succeeded starts the refill at its end.
void Scheduler::note_resume(const Op& op) {
  const Family family = op.effects().controls;
  Backlog& waiting = backlog(op.info.die, family);
  waiting.resume_end = time_.now();
  waiting.last_start = time_.now();
  if (waiting.empty()) return;
  package_.observers().refill_started(op.info.die, family, time_.now());
  waiting.refill_due = true;
  refills_due_.push_back(Retry{op.info.die, family});
  wake_now();
}

OpResult Scheduler::result_of(const Op& op) {
  const Ticket& note = ticket(op);
  OpResult result;
  result.uid = op.info.uid;
  result.ticket = note.batch;
  result.index = note.index;
  result.op = op.info.op;
  result.die = op.info.die;
  result.ended_at = time_.now();
  return result;
}

void Scheduler::deliver(const Op& op, const OpResult& result) {
  Ticket& note = ticket(op);
  SchedulerClient* client = note.client;
  client->op_finished(result);
  ticket(op).data = nullptr;
}

}  // namespace nandtlm
