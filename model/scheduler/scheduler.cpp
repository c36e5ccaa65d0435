// The instant and its order (EVT-01). Proposals, dispatch and refill have files of their own.
#include "model/scheduler/scheduler.h"

#include <string>

namespace nandtlm {

Scheduler::Scheduler(sc_core::sc_module_name name, Package& package)
    : sc_core::sc_module(name),
      package_(package),
      device_(package.device()),
      agenda_(package.agenda()),
      backlogs_(package.device().topology.dies * kFamilies) {
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    const std::string socket_name = "channel_socket_" + std::to_string(channel);
    sockets_.push_back(std::make_unique<tlm::tlm_initiator_socket<>>(socket_name.c_str()));
    sockets_.back()->bind(*this);
  }
  agenda_.enroll(*this);
  // What waits for a SUSPEND that is only planned yet is refilled after its RESUME.
  package.observers().self_check().set_backlog_probe([this](std::uint32_t die, Family family) {
    return refill_pending(die, family) || !package_.die(die).resources().stack(family).empty();
  });
}

void Scheduler::bind_all() {
  for (std::size_t channel = 0; channel < sockets_.size(); ++channel) {
    sockets_[channel]->bind(package_.channel_socket(channel));
  }
}

std::uint64_t Scheduler::submit(const Request* requests, std::size_t count, SchedulerClient& client) {
  for (std::size_t i = 0; i < count; ++i) requests_.push_back(requests[i]);
  proposals_.push_back(Proposal{next_batch_++, &client, count, nullptr, nullptr});
  agenda_.now(Turn::Proposal, *this);
  return next_batch_ - 1;
}

void Scheduler::due(Turn turn, Op* op, std::uint32_t argument) {
  const std::uint32_t die = argument / static_cast<std::uint32_t>(kFamilies);
  const auto family = static_cast<Family>(argument % kFamilies);
  switch (turn) {
    case Turn::Step:
      break;
    case Turn::Refill:
      backlog(die, family).refill_due = false;
      refill(die, family);
      break;
    case Turn::Retry:
      retry(die, family);
      break;
    case Turn::Proposal:
      decide_next();
      break;
    case Turn::Start:
      run_start(*op);
      break;
  }
}

void Scheduler::retry(std::uint32_t die, Family family) {
  Backlog& waiting = backlog(die, family);
  waiting.retry = CalendarHandle();
  if (waiting.empty() || planner(die).suspended_at(family, agenda_.now())) return;  // then its RESUME starts a refill
  package_.observers().backlog_retried(die, family, waiting.head().op->info.uid, agenda_.now());
  refill(die, family);
}

void Scheduler::run_start(Op& op) {
  ticket(op).start = CalendarHandle();
  const std::uint32_t die = op.info.die;
  const Family family = op.family();
  const bool from_backlog = family != Family::None && backlog(die, family).reserved == &op;
  start(op);
  if (!from_backlog) return;
  backlog(die, family).reserved = nullptr;
  refill(die, family);
}

}  // namespace nandtlm
