// Every call of a TraceSink as a line of text, with all that it tells.
#pragma once

#include <sstream>
#include <string>

#include "traces/trace_sink.h"

namespace nandtlm::test {

class CallText final : public TraceSink {
 public:
  std::string text() const { return out_.str(); }

  void op_accepted(const OpInfo& op, Time at, Time start) override { line("accepted", op, at, start); }
  void op_backlogged(const OpInfo& op, Time at) override { line("backlogged", op, at); }
  void op_planned(const OpInfo& op, Time at, Time start) override { line("planned", op, at, start); }
  void request_refused(const RefusedRequest& request, Time at) override {
    const auto& [op, die, targets, uid, wanted_start, refusal] = request;
    line("refused", op, die, targets, uid, wanted_start, refusal, at);
  }
  void op_started(const OpInfo& op, Time at) override { line("started", op, at); }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    line("suspended", op, at, consumed, remaining);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { line("resumed", op, at, remaining); }
  void op_ended(const OpInfo& op, Time at) override { line("ended", op, at); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    line("aborted", op, at, consumed, why);
  }
  void state_entered(const OpInfo& op, State state, Time at) override { line("state", op, state, at); }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override { line("bus", channel, op, at); }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override { line("bus free", channel, uid, at); }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    line("suspend state", die, family, suspended, depth, at);
  }
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    line("backlog", die, family, size, at);
  }
  void refill_started(std::uint32_t die, Family family, Time at) override { line("refill", die, family, at); }
  void backlog_retried(std::uint32_t die, Family family, Uid head, Time at) override {
    line("retried", die, family, head, at);
  }
  void resume_failed(const ResumeError& error, Time at) override {
    const auto& [family, die, uid, refusal, wanted_start, remaining] = error;
    line("resume failed", family, die, uid, refusal, wanted_start, remaining, at);
  }
  void resume_mismatch(const OpInfo& op, Time at) override { line("mismatch", op, at); }
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override {
    line("page", op, target, was_resumed, at);
  }
  void finish(Time at) override { line("finish", at); }

 private:
  template <typename... Values>
  void line(const char* what, const Values&... values) {
    out_ << what;
    (put(values), ...);
    out_ << '\n';
  }
  template <typename Value>
  void put(const Value& value) {
    if constexpr (std::is_enum_v<Value>) {
      out_ << ' ' << static_cast<std::uint64_t>(value);
    } else {
      out_ << ' ' << +value;  // never a character
    }
  }
  void put(const OpInfo& info) {
    const auto& [uid, op, die, slot, targets, planes, source, phase_used, phase_virtual, expected_status] = info;
    out_ << " op(";
    put(uid), put(op), put(die), put(slot), put(targets), put(planes), put(source);
    put(phase_used), put(phase_virtual), put(expected_status);
    out_ << ')';
  }
  void put(const PhaseKey& phase) { put(phase.base), put(phase.state); }
  void put(const Target& target) { put(target.plane), put(target.block), put(target.page); }
  void put(const TargetList& targets) {
    put(targets.size());
    for (const Target& target : targets) put(target);
  }
  void put(const Refusal& refusal) {
    put(refusal.reason), put(refusal.blocker), put(refusal.from), put(refusal.to);
    out_ << ' ' << refusal.rule;
  }

  std::ostringstream out_;
};

}  // namespace nandtlm::test
