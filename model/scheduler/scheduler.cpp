// The instant and its order (EVT-01). Proposals, dispatch and refill have files of their own.
#include "model/scheduler/scheduler.h"

#include <string>

namespace nandtlm {

Scheduler::Scheduler(sc_core::sc_module_name name, Package& package)
    : sc_core::sc_module(name),
      package_(package),
      device_(package.device()),
      backlogs_(package.device().topology.dies * kFamilies) {
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    const std::string socket_name = "channel_socket_" + std::to_string(channel);
    sockets_.push_back(std::make_unique<tlm_utils::simple_initiator_socket<Scheduler>>(socket_name.c_str()));
    sockets_.back()->register_nb_transport_bw(this, &Scheduler::nb_transport_bw);
  }
  package.observers().self_check().set_backlog_probe(
      [this](std::uint32_t die, Family family) { return refill_pending(die, family); });
  SC_HAS_PROCESS(Scheduler);
  SC_METHOD(wake);
  sensitive << wake_event_;
  dont_initialize();
}

void Scheduler::bind_all() {
  for (std::size_t channel = 0; channel < sockets_.size(); ++channel) {
    sockets_[channel]->bind(package_.channel_socket(channel));
  }
}

std::uint64_t Scheduler::submit(const Request* requests, std::size_t count, SchedulerClient& client) {
  Proposal proposal;
  if (!idle_request_lists_.empty()) {
    proposal.requests = std::move(idle_request_lists_.back());
    idle_request_lists_.pop_back();
  }
  proposal.requests.assign(requests, requests + count);
  proposal.client = &client;
  proposal.ticket = next_batch_++;
  proposals_.push_back(std::move(proposal));
  wake_now();
  return next_batch_ - 1;
}

void Scheduler::wake_now() {
  if (delta_pending_) return;
  delta_pending_ = true;
  wake_event_.notify(sc_core::SC_ZERO_TIME);
}

void Scheduler::sleep_until_next() {
  if (delta_pending_) return;  // the notification is under way
  const Time next = std::min(starts_.next_time(), retries_.next_time());
  if (next == sleeping_until_) return;
  sleeping_until_ = next;
  wake_event_.cancel();
  if (next != kNever) wake_event_.notify(time_.to_kernel(next - time_.now()));
}

void Scheduler::wake() {
  if (sleeping_until_ <= time_.now()) {
    // Woken by time, together with the dies: what ends at this instant comes first.
    sleeping_until_ = kNever;
    next_trigger(sc_core::SC_ZERO_TIME);
    return;
  }
  delta_pending_ = false;
  sleeping_until_ = kNever;
  work();
  sleep_until_next();
}

void Scheduler::work() {
  const Time now = time_.now();
  do {
    run_refills();
    run_retries(now);
    run_proposals();
    run_starts(now);
  } while (!refills_due_.empty() || !proposals_.empty() || starts_.next_time() <= now || retries_.next_time() <= now);
}

void Scheduler::run_refills() {
  for (std::size_t i = 0; i < refills_due_.size(); ++i) {
    const Retry due = refills_due_[i];
    backlog(due.die, due.family).refill_due = false;
    refill(due.die, due.family);
  }
  refills_due_.clear();
}

void Scheduler::run_retries(Time now) {
  while (retries_.next_time() <= now) {
    const Retry due = retries_.pop();
    Backlog& waiting = backlog(due.die, due.family);
    waiting.retry_pending = false;
    if (!waiting.empty()) package_.observers().backlog_retried(due.die, due.family, waiting.head().op->info.uid, now);
    refill(due.die, due.family);
  }
}

void Scheduler::run_starts(Time now) {
  while (starts_.next_time() <= now) {
    Op& op = *starts_.pop();
    ticket(op).start = Calendar<Op*>::kNone;
    const std::uint32_t die = op.info.die;
    const Family family = op.family();
    start(op);
    if (family == Family::None || backlog(die, family).reserved != &op) continue;
    backlog(die, family).reserved = nullptr;
    refill(die, family);
  }
}

}  // namespace nandtlm
