// What the model tells, in the reference's language.
#pragma once

#include "model/request.h"
#include "tests/reference/story.h"
#include "traces/trace_sink.h"

namespace nandtlm::test {

class StoryTeller : public TraceSink {
 public:
  explicit StoryTeller(reference::Story& story) : story_(story) {}

  void op_accepted(const OpInfo& op, Time at, Time start) override { story_.add(at, op.uid, "accept", start); }
  void op_backlogged(const OpInfo& op, Time at) override { story_.add(at, op.uid, "backlog"); }
  void op_planned(const OpInfo& op, Time at, Time start) override { story_.add(at, op.uid, "plan", start); }
  void op_started(const OpInfo& op, Time at) override { story_.add(at, op.uid, "start"); }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    story_.add(at, op.uid, "cut", consumed, remaining);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { story_.add(at, op.uid, "resume", remaining); }
  void op_ended(const OpInfo& op, Time at) override { story_.add(at, op.uid, "end"); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override;
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    story_.note(at, "backlog", die, family, size);
  }
  void resume_failed(const ResumeError& error, Time at) override {
    story_.add(at, error.uid, "resume failed", error.remaining);
  }

 private:
  reference::Story& story_;
};

reference::Decision decision_told(const BatchDecision& told);

}  // namespace nandtlm::test
