// What every package has: its counters and its self-check, and a place where writers of traces can listen.
#pragma once

#include <algorithm>
#include <vector>

#include "model/observe/metrics.h"
#include "model/observe/self_check.h"
#include "traces/trace_sink.h"

namespace nandtlm {

class StateArchive;

/// Forwards every event to the metrics, the self-check, then to the attached sinks in the order in which they came.
class ObserverHub final : public TraceSink {
 public:
  /// The device outlives this.
  explicit ObserverHub(const Device& device) : metrics_(device), self_check_(device) {}

  /// `sink` outlives the last event. What it throws passes through; sinks after it miss that event.
  void attach(TraceSink& sink) {
    attached_.push_back(&sink);
    const unsigned follows = sink.follows();
    if ((follows & kStateCalls) != 0) of_states_.push_back(&sink);
    if ((follows & kBusCalls) != 0) of_buses_.push_back(&sink);
    if ((follows & kQueueCalls) != 0) of_queues_.push_back(&sink);
  }
  void detach(TraceSink& sink) {
    for (std::vector<TraceSink*>* const sinks : {&attached_, &of_states_, &of_buses_, &of_queues_}) {
      sinks->erase(std::remove(sinks->begin(), sinks->end(), &sink), sinks->end());
    }
  }
  /// Metrics and self-check as of a new package. Precondition: no op is live, nothing is suspended.
  void begin_anew(const Device& device);

  void transfer(StateArchive& archive);

  const Metrics& metrics() const { return metrics_; }
  SelfCheck& self_check() { return self_check_; }
  const SelfCheck& self_check() const { return self_check_; }

  void op_accepted(const OpInfo& op, Time at, Time start) override {
    tell(attached_, [&](auto& sink) { sink.op_accepted(op, at, start); });
  }
  void op_backlogged(const OpInfo& op, Time at) override {
    tell(of_queues_, [&](auto& sink) { sink.op_backlogged(op, at); });
  }
  void op_planned(const OpInfo& op, Time at, Time start) override {
    tell(of_queues_, [&](auto& sink) { sink.op_planned(op, at, start); });
  }
  void request_refused(const RefusedRequest& request, Time at) override {
    tell(attached_, [&](auto& sink) { sink.request_refused(request, at); });
  }
  void op_started(const OpInfo& op, Time at) override {
    tell(attached_, [&](auto& sink) { sink.op_started(op, at); });
  }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    tell(attached_, [&](auto& sink) { sink.op_suspended(op, at, consumed, remaining); });
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override {
    tell(attached_, [&](auto& sink) { sink.op_resumed(op, at, remaining); });
  }
  void op_ended(const OpInfo& op, Time at) override {
    tell(attached_, [&](auto& sink) { sink.op_ended(op, at); });
  }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    tell(attached_, [&](auto& sink) { sink.op_aborted(op, at, consumed, why); });
  }
  void state_entered(const OpInfo& op, State state, Time at) override {
    tell(of_states_, [&](auto& sink) { sink.state_entered(op, state, at); });
  }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override {
    tell(of_buses_, [&](auto& sink) { sink.bus_taken(channel, op, at); });
  }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override {
    tell(of_buses_, [&](auto& sink) { sink.bus_released(channel, uid, at); });
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    tell(of_queues_, [&](auto& sink) { sink.suspend_state(die, family, suspended, depth, at); });
  }
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    tell(of_queues_, [&](auto& sink) { sink.backlog_size(die, family, size, at); });
  }
  void refill_started(std::uint32_t die, Family family, Time at) override {
    tell(of_queues_, [&](auto& sink) { sink.refill_started(die, family, at); });
  }
  void backlog_retried(std::uint32_t die, Family family, Uid head, Time at) override {
    tell(of_queues_, [&](auto& sink) { sink.backlog_retried(die, family, head, at); });
  }
  void resume_failed(const ResumeError& error, Time at) override {
    tell(attached_, [&](auto& sink) { sink.resume_failed(error, at); });
  }
  void resume_mismatch(const OpInfo& op, Time at) override {
    tell(attached_, [&](auto& sink) { sink.resume_mismatch(op, at); });
  }
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override {
    tell(attached_, [&](auto& sink) { sink.page_programmed(op, target, was_resumed, at); });
  }
  void finish(Time at) override {
    tell(attached_, [&](auto& sink) { sink.finish(at); });
  }

 private:
  /// The two of its own are final classes: their calls are direct.
  template <typename Call>
  void tell(const std::vector<TraceSink*>& sinks, Call&& call) {
    call(metrics_);
    call(self_check_);
    for (TraceSink* const sink : sinks) call(*sink);
  }

  Metrics metrics_;
  SelfCheck self_check_;
  std::vector<TraceSink*> attached_;
  // Of them, those that follow a group of calls.
  std::vector<TraceSink*> of_states_;
  std::vector<TraceSink*> of_buses_;
  std::vector<TraceSink*> of_queues_;
};

}  // namespace nandtlm
