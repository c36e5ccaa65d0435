#include "tests/properties/shrink.h"

#include <algorithm>
#include <chrono>

#include "tests/properties/compare.h"
#include "tests/reference/machine.h"

namespace nandtlm::test {
namespace {

using reference::Proposal;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience(20);

Sequence told_by_reference(const std::shared_ptr<const Device>& device, const std::vector<Proposal>& proposals) {
  Sequence sequence;
  sequence.device = device;
  sequence.proposals = proposals;
  const Time last = proposals.empty() ? 0 : proposals.back().at;
  sequence.story = reference::run(*device, proposals, 2 * last + 100'000 * kPsPerUs, sequence.horizon);
  return sequence;
}

bool is_wrong(const std::shared_ptr<const Device>& device, const std::vector<Proposal>& proposals) {
  Sequence sequence = told_by_reference(device, proposals);
  ModelRun run;
  return !judge_model(sequence, run).empty();
}

/// Everything behind the first that is needed: by bisection.
void cut_tail(const std::shared_ptr<const Device>& device, std::vector<Proposal>& proposals) {
  std::size_t right = 0;
  std::size_t wrong = proposals.size();
  while (right + 1 < wrong) {
    const std::size_t middle = (right + wrong) / 2;
    (is_wrong(device, {proposals.begin(), proposals.begin() + static_cast<std::ptrdiff_t>(middle)}) ? wrong : right) =
        middle;
  }
  proposals.resize(wrong);
}

}  // namespace

std::string judge_model(Sequence& sequence, ModelRun& run) {
  run = play_in_model(sequence.device, sequence.proposals, sequence.horizon);
  std::string wrong = first_difference(sequence.proposals, sequence.story, run.story);
  for (const std::string& fault : run.faults) wrong += fault + "\n";
  return wrong;
}

Sequence shrink(const std::shared_ptr<const Device>& device, std::vector<Proposal> proposals) {
  const Clock::time_point until = Clock::now() + kPatience;
  if (is_wrong(device, proposals)) {
    cut_tail(device, proposals);
    for (std::size_t chunk = proposals.size() / 2; chunk > 0; chunk /= 2) {
      for (std::size_t at = 0; at < proposals.size() && Clock::now() < until;) {
        std::vector<Proposal> fewer = proposals;
        const auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
        fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(chunk, fewer.size() - at)));
        if (is_wrong(device, fewer)) {
          proposals = fewer;
        } else {
          at += chunk;
        }
      }
    }
  }
  return told_by_reference(device, proposals);
}

}  // namespace nandtlm::test
