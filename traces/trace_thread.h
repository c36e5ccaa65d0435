// All work for the traces of a run in a thread of its own: the simulation goes on meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "traces/block_worker.h"
#include "traces/call_player.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Passes every call on to the attached sinks, in the same order and with the same content, but later and in another
/// thread; where it is far behind, a call waits for it. An op may be known to the caller before this is attached.
/// Between drain() and the next call, and after finish(), the sinks are the caller's.
class TraceThread final : public TraceSink {
 public:
  /// `on_error` is called in the thread of the sinks when a sink throws: a run can ask its kernel to stop. Must not
  /// throw.
  explicit TraceThread(std::function<void()> on_error = {});
  /// Passes on what is left; what the sinks throw is not reported.
  ~TraceThread() override;
  TraceThread(const TraceThread&) = delete;
  TraceThread& operator=(const TraceThread&) = delete;

  /// Before this is attached anywhere. `sink` outlives this.
  void attach(TraceSink& sink) {
    player_.attach(sink);
    follows_ |= sink.follows();
  }
  /// Waits until the sinks have had all calls. Throws what a sink threw: from then on they get none.
  void drain();

  unsigned follows() const override { return follows_; }
  void op_accepted(const OpInfo& op, Time at, Time start) override {
    introduce(op);
    send<&TraceSink::op_accepted>(op, at, start);
  }
  void op_backlogged(const OpInfo& op, Time at) override { tell<&TraceSink::op_backlogged>(op, at); }
  void op_planned(const OpInfo& op, Time at, Time start) override { tell<&TraceSink::op_planned>(op, at, start); }
  void request_refused(const RefusedRequest& request, Time at) override {
    send<&TraceSink::request_refused>(request, at);
  }
  void op_started(const OpInfo& op, Time at) override {
    if (!knows(op) || known_[op.slot].planes != op.planes || known_[op.slot].expected_status != op.expected_status) {
      introduce(op);  // what may have been missing until now
    }
    send<&TraceSink::op_started>(op, at);
  }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    tell<&TraceSink::op_suspended>(op, at, consumed, remaining);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override {
    tell<&TraceSink::op_resumed>(op, at, remaining);
  }
  void op_ended(const OpInfo& op, Time at) override { tell<&TraceSink::op_ended>(op, at); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    tell<&TraceSink::op_aborted>(op, at, consumed, why);
  }
  void state_entered(const OpInfo& op, State state, Time at) override {
    tell<&TraceSink::state_entered>(op, state, at);
  }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override {
    get_to_know(op);
    send<&TraceSink::bus_taken>(channel, op, at);
  }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override {
    send<&TraceSink::bus_released>(channel, uid, at);
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    send<&TraceSink::suspend_state>(die, family, suspended, depth, at);
  }
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    send<&TraceSink::backlog_size>(die, family, size, at);
  }
  void refill_started(std::uint32_t die, Family family, Time at) override {
    send<&TraceSink::refill_started>(die, family, at);
  }
  void backlog_retried(std::uint32_t die, Family family, Uid head, Time at) override {
    send<&TraceSink::backlog_retried>(die, family, head, at);
  }
  void resume_failed(const ResumeError& error, Time at) override { send<&TraceSink::resume_failed>(error, at); }
  void resume_mismatch(const OpInfo& op, Time at) override { tell<&TraceSink::resume_mismatch>(op, at); }
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override {
    tell<&TraceSink::page_programmed>(op, target, was_resumed, at);
  }
  /// Drains, then finishes all sinks in the caller's thread. Throws what drain() throws, else the first that a sink
  /// throws.
  void finish(Time at) override;

 private:
  /// Some hundred operations: waking the other thread costs as much as some of them.
  static constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;

  /// Of an op, what is said of it.
  template <auto Method, typename... Args>
  void tell(const OpInfo& op, const Args&... args) {
    get_to_know(op);
    send<Method>(op, args...);
  }
  template <auto Method, typename... Args>
  void send(const Args&... args) {
    out_ = CallPlayer::put_call<Method>(room(), args...);
  }
  bool knows(const OpInfo& op) const { return op.slot < known_.size() && known_[op.slot].uid == op.uid; }
  void get_to_know(const OpInfo& op) {
    if (!knows(op)) introduce(op);
  }
  void introduce(const OpInfo& op) {
    record_at(known_, op.slot) = Known{op.uid, op.planes, op.expected_status};
    out_ = CallPlayer::put_op(room(), op);
  }
  /// For one call.
  char* room() {
    if (out_ > last_) hand_over();
    return out_;
  }
  void hand_over();
  void begin_block();

  CallPlayer player_;
  BlockWorker worker_;
  char* out_ = nullptr;   ///< where the next call goes
  char* last_ = nullptr;  ///< the last place in the block where any call fits
  /// What the player knows of an op, as far as that may change.
  struct Known {
    Uid uid = 0;
    PlaneMask planes = 0;
    std::int8_t expected_status = -1;
  };
  std::vector<Known> known_;     ///< by slot
  unsigned follows_ = kNoCalls;  ///< what any of the sinks does
};

}  // namespace nandtlm
