// What a package tells, retold to a self-check of its own as a model with one defect would have told it.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "model/observe/self_check.h"

namespace nandtlm::faults {

/// Attached to the observers of a right model; tells everything on as it is. A defect overrides what it would tell
/// otherwise, and tells with later() what the right model never would.
class DefectStream : public TraceSink {
 public:
  DefectStream(const Device& device, SelfCheck::BacklogProbe probe) : check_(device) {
    check_.set_backlog_probe(std::move(probe));
  }

  const SelfCheck& check() const { return check_; }

  void op_accepted(const OpInfo& op, Time at, Time start) override { told(at).op_accepted(op, at, start); }
  void op_backlogged(const OpInfo& op, Time at) override { told(at).op_backlogged(op, at); }
  void op_planned(const OpInfo& op, Time at, Time start) override { told(at).op_planned(op, at, start); }
  void op_started(const OpInfo& op, Time at) override { told(at).op_started(op, at); }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    told(at).op_suspended(op, at, consumed, remaining);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { told(at).op_resumed(op, at, remaining); }
  void op_ended(const OpInfo& op, Time at) override { told(at).op_ended(op, at); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    told(at).op_aborted(op, at, consumed, why);
  }
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override { told(at).bus_taken(channel, op, at); }
  void bus_released(std::uint32_t channel, Uid uid, Time at) override { told(at).bus_released(channel, uid, at); }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    told(at).suspend_state(die, family, suspended, depth, at);
  }
  void resume_mismatch(const OpInfo& op, Time at) override { told(at).resume_mismatch(op, at); }
  void finish(Time at) override { told(at).finish(at); }

 protected:
  /// The self-check, brought up to `at`: what a defect tells of its own by then has been told.
  SelfCheck& told(Time at) {
    while (!later_.empty() && later_.begin()->first <= at) {
      const auto [time, tell] = *later_.begin();
      later_.erase(later_.begin());
      tell(time);
    }
    return check_;
  }
  /// `tell` is called with `at` before anything of that instant is told on.
  void later(Time at, std::function<void(Time)> tell) { later_.emplace(at, std::move(tell)); }

 private:
  SelfCheck check_;
  std::multimap<Time, std::function<void(Time)>> later_;
};

}  // namespace nandtlm::faults
