// One sink that tells several.
#pragma once

#include <exception>
#include <utility>
#include <vector>

#include "traces/trace_sink.h"

namespace nandtlm {

/// Forwards every call to its sinks in the order in which they were added. Does not own them.
class FanOut final : public TraceSink {
 public:
  FanOut() = default;
  explicit FanOut(std::vector<TraceSink*> sinks) : sinks_(std::move(sinks)) {}
  /// `sink` outlives the last call.
  void add(TraceSink& sink) { sinks_.push_back(&sink); }

  void op_accepted(const OpInfo& op, Time at, Time start) override {
    each([&](TraceSink& sink) { sink.op_accepted(op, at, start); });
  }
  void op_backlogged(const OpInfo& op, Time at) override {
    each([&](TraceSink& sink) { sink.op_backlogged(op, at); });
  }
  void op_planned(const OpInfo& op, Time at, Time start) override {
    each([&](TraceSink& sink) { sink.op_planned(op, at, start); });
  }
  void request_refused(const RefusedRequest& request, Time at) override {
    each([&](TraceSink& sink) { sink.request_refused(request, at); });
  }
  void op_started(const OpInfo& op, Time at) override {
    each([&](TraceSink& sink) { sink.op_started(op, at); });
  }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    each([&](TraceSink& sink) { sink.op_suspended(op, at, consumed, remaining); });
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override {
    each([&](TraceSink& sink) { sink.op_resumed(op, at, remaining); });
  }
  void op_ended(const OpInfo& op, Time at) override {
    each([&](TraceSink& sink) { sink.op_ended(op, at); });
  }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    each([&](TraceSink& sink) { sink.op_aborted(op, at, consumed, why); });
  }
  void state_entered(const OpInfo& op, State state, Time at) override {
    each([&](TraceSink& sink) { sink.state_entered(op, state, at); });
  }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override {
    each([&](TraceSink& sink) { sink.bus_taken(channel, op, at); });
  }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override {
    each([&](TraceSink& sink) { sink.bus_released(channel, uid, at); });
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    each([&](TraceSink& sink) { sink.suspend_state(die, family, suspended, depth, at); });
  }
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    each([&](TraceSink& sink) { sink.backlog_size(die, family, size, at); });
  }
  void resume_failed(const ResumeError& error, Time at) override {
    each([&](TraceSink& sink) { sink.resume_failed(error, at); });
  }
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override {
    each([&](TraceSink& sink) { sink.page_programmed(op, target, was_resumed, at); });
  }
  /// Every sink is finished, also where one before it throws; the first exception goes on.
  void finish(Time at) override {
    std::exception_ptr first;
    for (TraceSink* sink : sinks_) {
      try {
        sink->finish(at);
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    }
    if (first) std::rethrow_exception(first);
  }

 private:
  template <typename Call>
  void each(Call&& call) {
    for (TraceSink* sink : sinks_) call(*sink);
  }

  std::vector<TraceSink*> sinks_;
};

}  // namespace nandtlm
