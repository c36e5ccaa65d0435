#include "tests/properties/compare.h"

#include <algorithm>

namespace nandtlm::test {
namespace {

using reference::Decision;
using reference::Happening;
using reference::Story;

bool same(const Decision& expected, const Decision& seen) {
  if (expected.accepted != seen.accepted) return false;
  if (seen.accepted) return expected.uids == seen.uids && expected.starts == seen.starts;
  return expected.refused_index == seen.refused_index && expected.reason == seen.reason;
}

std::string event_text(const std::vector<Happening>& events, std::size_t i) {
  return i < events.size() ? events[i].text() : "nothing more";
}

std::string decision_difference(const std::vector<reference::Proposal>& proposals, const Story& expected,
                                const Story& seen) {
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const bool both = i < expected.decisions.size() && i < seen.decisions.size();
    if (both && same(expected.decisions[i], seen.decisions[i])) continue;
    const std::string model = i < seen.decisions.size() ? text(seen.decisions[i]) : "no decision";
    return std::to_string(proposals[i].at) + " ps: batch " + std::to_string(i) +
           "\n  reference: " + text(expected.decisions[i]) + "\n  model:     " + model + "\n";
  }
  return {};
}

std::string event_difference(const Story& expected, const Story& seen) {
  const std::size_t most = std::max(expected.events.size(), seen.events.size());
  for (std::size_t i = 0; i < most; ++i) {
    const bool both = i < expected.events.size() && i < seen.events.size();
    if (both && expected.events[i] == seen.events[i]) continue;
    std::string text;
    for (std::size_t k = i < 4 ? 0 : i - 4; k < i; ++k) text += "  both:      " + expected.events[k].text() + "\n";
    for (std::size_t k = i; k < i + 3; ++k) text += "  reference: " + event_text(expected.events, k) + "\n";
    for (std::size_t k = i; k < i + 3; ++k) text += "  model:     " + event_text(seen.events, k) + "\n";
    return text;
  }
  return {};
}

}  // namespace

std::string first_difference(const std::vector<reference::Proposal>& proposals, Story& expected, Story& seen) {
  expected.finish();
  seen.finish();
  const std::string decision = decision_difference(proposals, expected, seen);
  const std::string event = event_difference(expected, seen);
  return decision + event;
}

}  // namespace nandtlm::test
