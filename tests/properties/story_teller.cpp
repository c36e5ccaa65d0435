#include "tests/properties/story_teller.h"

namespace nandtlm::test {

void StoryTeller::op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) {
  if (why == Reason::AbortedByReset) {
    story_.add(at, op.uid, "abort", consumed);
  } else {
    story_.add(at, op.uid, std::string("drop ") + name(why));
  }
}

void StoryTeller::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) {
  story_.note(at, "stack", die, family, depth);
  story_.note(at, "suspended", die, family, suspended ? 1 : 0);
}

reference::Decision decision_told(const BatchDecision& told) {
  reference::Decision decision;
  decision.accepted = told.accepted;
  if (told.accepted) {
    decision.uids = told.uids;
    decision.starts = told.starts;
  } else {
    decision.refused_index = told.refused_index;
    decision.reason = told.refusal.reason;
  }
  return decision;
}

}  // namespace nandtlm::test
