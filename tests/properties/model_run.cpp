#include "tests/properties/model_run.h"

#include <map>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "tests/support/checked_binding.h"
#include "tests/support/systemc_fixture.h"

namespace nandtlm::test {
namespace {

using reference::Decision;
using reference::Proposal;
using reference::Story;

class StoryTeller : public TraceSink {
 public:
  explicit StoryTeller(Story& story) : story_(story) {}

  void op_accepted(const OpInfo& op, Time at, Time start) override { story_.add(at, op.uid, "accept", start); }
  void op_backlogged(const OpInfo& op, Time at) override { story_.add(at, op.uid, "backlog"); }
  void op_planned(const OpInfo& op, Time at, Time start) override { story_.add(at, op.uid, "plan", start); }
  void op_started(const OpInfo& op, Time at) override { story_.add(at, op.uid, "start"); }
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override {
    story_.add(at, op.uid, "cut", consumed, remaining);
  }
  void op_resumed(const OpInfo& op, Time at, Time remaining) override { story_.add(at, op.uid, "resume", remaining); }
  void op_ended(const OpInfo& op, Time at) override { story_.add(at, op.uid, "end"); }
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override {
    if (why == Reason::AbortedByReset) {
      story_.add(at, op.uid, "abort", consumed);
    } else {
      story_.add(at, op.uid, std::string("drop ") + name(why));
    }
  }
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override {
    story_.note(at, "stack", die, family, depth);
    story_.note(at, "suspended", die, family, suspended ? 1 : 0);
  }
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override {
    story_.note(at, "backlog", die, family, size);
  }
  void resume_failed(const ResumeError& error, Time at) override {
    story_.add(at, error.uid, "resume failed", error.remaining);
  }

 private:
  Story& story_;
};

/// Proposes every batch at its time, in the turn that proposals have in it (EVT-01).
class Proposer : public SchedulerClient, private AgendaClient {
 public:
  Proposer(Agenda& agenda, Scheduler& scheduler, const std::vector<Proposal>& proposals, Story& story)
      : scheduler_(scheduler), proposals_(proposals), story_(story) {
    for (std::size_t i = 0; i < proposals.size(); ++i)
      agenda.at(0, proposals[i].at, Turn::Proposal, *this, nullptr, static_cast<std::uint32_t>(i));
  }

  void batch_decided(const BatchDecision& told) override {
    Decision decision;
    decision.accepted = told.accepted;
    if (told.accepted) {
      decision.uids = told.uids;
      decision.starts = told.starts;
    } else {
      decision.refused_index = told.refused_index;
      decision.reasons = {told.refusal.reason};
    }
    story_.decisions.push_back(decision);
  }
  void op_finished(const OpResult& result) override {
    if (result.outcome == Reason::NothingToSuspend) found_nothing_[result.uid] = true;
  }
  bool found_nothing(Uid uid) const { return found_nothing_.count(uid) != 0; }

 private:
  void due(Turn, Op*, std::uint32_t i) override {
    scheduler_.submit(proposals_[i].requests.data(), proposals_[i].requests.size(), *this);
  }

  Scheduler& scheduler_;
  const std::vector<Proposal>& proposals_;
  Story& story_;
  std::map<Uid, bool> found_nothing_;
};

/// A kernel that lives as long as this.
class OwnKernel : public SystemCTest {
  void TestBody() override {}
};

void collect_faults(const Package& package, const CheckedBinding& checkers, std::vector<std::string>& faults) {
  for (const CheckLine& line : package.observers().self_check().report()) {
    if (!line.pass) faults.push_back("self-check " + line.name + ": " + line.detail);
  }
  for (const std::string& violation : checkers.violations()) faults.push_back("protocol: " + violation);
}

}  // namespace

ModelRun play_in_model(const std::shared_ptr<const Device>& device, const std::vector<Proposal>& proposals,
                       Time horizon) {
  const OwnKernel kernel;
  ModelRun run;
  StoryTeller teller(run.story);
  CheckedBinding checkers;
  Package package("package", device, checkers.inside());
  Scheduler scheduler("scheduler", package);
  checkers.bind(scheduler, package);
  package.observers().attach(teller);
  Proposer proposer(package.agenda(), scheduler, proposals, run.story);
  sc_core::sc_start(static_cast<double>(horizon + 1), sc_core::SC_PS);  // up to and with the horizon
  collect_faults(package, checkers, run.faults);
  for (reference::Happening& event : run.story.events) {
    if (event.what == "end" && proposer.found_nothing(event.uid)) event.what = "end, nothing to suspend";
  }
  return run;
}

}  // namespace nandtlm::test
