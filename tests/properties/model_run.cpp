#include "tests/properties/model_run.h"

#include <map>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "tests/properties/run_faults.h"
#include "tests/properties/story_teller.h"
#include "tests/support/systemc_fixture.h"

namespace nandtlm::test {
namespace {

using reference::Proposal;
using reference::Story;

/// Proposes every batch at its time, in the turn that proposals have in it (EVT-01).
class Proposer : public SchedulerClient, private AgendaClient {
 public:
  Proposer(Agenda& agenda, Scheduler& scheduler, const std::vector<Proposal>& proposals, Story& story)
      : scheduler_(scheduler), proposals_(proposals), story_(story) {
    for (std::size_t i = 0; i < proposals.size(); ++i)
      agenda.at(0, proposals[i].at, Turn::Proposal, *this, nullptr, static_cast<std::uint32_t>(i));
  }

  void batch_decided(const BatchDecision& told) override { story_.decisions.push_back(decision_told(told)); }
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
  run.faults = faults_of(package, checkers);
  for (reference::Happening& event : run.story.events) {
    if (event.what == "end" && proposer.found_nothing(event.uid)) event.what = "end, nothing to suspend";
  }
  return run;
}

}  // namespace nandtlm::test
