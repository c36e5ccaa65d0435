// A small device and a hand-made sequence of events for the tests of the writers: no model, no kernel.
#pragma once

#include <map>

#include "config/device.h"
#include "traces/trace_sink.h"

namespace nandtlm::test {

/// 1 channel, 2 dies of 2 planes; erase, program, read, status, suspend, resume and reset with typical times.
Device make_trace_device();

/// Tells a sink of operations as the model would.
class TraceDriver {
 public:
  TraceDriver(const Device& device, TraceSink& sink) : device_(device), sink_(sink) {}

  /// An op that is accepted at `at`, with a live slot of its own; it stood in `phase`.
  OpInfo& accept(Uid uid, const char* op_name, std::uint32_t die, const TargetList& targets, Time at, Time start,
                 PhaseKey phase = {}, Source source = Source::Script);
  /// OP_START with its ISSUE; the channel is taken until end_issue().
  void start(Uid uid, Time at);
  /// ISSUE gives way to CORE_BUSY, the channel is released.
  void end_issue(Uid uid, Time at);
  void suspend(Uid uid, Time at, Time consumed);
  void resume(Uid uid, Time at, Time remaining);
  void end(Uid uid, Time at);
  void abort(Uid uid, Time at, Time consumed);
  /// The whole life of an op of two states from `at` on, told without anything in between. Returns its end.
  Time run(Uid uid, const char* op_name, std::uint32_t die, const TargetList& targets, Time at);

  OpInfo& op(Uid uid) { return ops_.at(uid); }

 private:
  void release_slot(Uid uid);

  const Device& device_;
  TraceSink& sink_;
  std::map<Uid, OpInfo> ops_;
  std::map<std::uint32_t, bool> slots_;
};

/// A multi-plane program on die 0 that is cut at 100 us and resumed at 380.185 us, with a read in between, a program in
/// the backlog, a cancelled resume, and an erase on die 1 that a reset aborts; one op still runs at the end.
/// Returns the time of the finish.
Time play_suspend_scenario(const Device& device, TraceSink& sink);

}  // namespace nandtlm::test
