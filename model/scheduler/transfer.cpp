// The state of a scheduler in a snapshot (SNP-01).
#include "model/scheduler/scheduler.h"
#include "tlm/state_archive.h"

namespace nandtlm {

void Backlog::transfer(StateArchive& archive, OpTable& ops) {
  archive.each(entries_, [&](Entry& entry) {
    archive(entry.wanted);
    ops.link(archive, entry.op);
  });
  ops.link(archive, reserved);
  archive(last_start, retry, refill_due, suspend_end_, suspended_time_);
}

void Scheduler::transfer(StateArchive& archive) {
  if (!proposals_.empty()) throw StateError("a batch is not decided yet");
  OpTable& ops = package_.state().ops;
  archive.mark("scheduler");
  for (Backlog& waiting : backlogs_) waiting.transfer(archive, ops);
  archive(next_batch_);
  ops.for_each_live([&](Op& op) {
    if (!archive.loading() && op.owner != static_cast<PlanOwner*>(this)) {
      throw StateError("an operation was sent by a client without a scheduler");
    }
    op.owner = this;
    Ticket& note = new_ticket(op);
    clients_.link(archive, note.client);
    archive(note.batch, note.index, note.data, note.start);
    if (op.life == Life::Running || op.life == Life::Suspended) transfer_sent(archive, op);
  });
}

/// The transaction that carries an op which has started: made anew, as far as the die has answered it.
void Scheduler::transfer_sent(StateArchive& archive, Op& op) {
  if (archive.loading()) {
    op.payload = &payload_for(op);
    op.payload->acquire();  // the die's reference, beside the scheduler's own
  }
  NandCommand& command = *PayloadPool::command(*op.payload);
  archive(command.ready, command.status, command.started_at, command.consumed, command.suspends);
}

}  // namespace nandtlm
