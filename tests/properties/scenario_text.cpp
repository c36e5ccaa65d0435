#include "tests/properties/scenario_text.h"

#include <algorithm>

namespace nandtlm::test {
namespace {

using reference::Decision;
using reference::Happening;

std::string us(Time time) {
  std::string fraction = std::to_string(time % kPsPerUs + kPsPerUs).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(time / kPsPerUs) + (fraction.empty() ? "" : "." + fraction);
}

std::string address(const Request& request, const Target& target) {
  std::string text = "{die: " + std::to_string(request.die) + ", block: " + std::to_string(target.block);
  if (target.page >= 0) text += ", page: " + std::to_string(target.page);
  return text + "}";
}

std::string place(const Request& request) {
  if (request.targets.empty()) return ", die: " + std::to_string(request.die);
  if (request.targets.size() == 1) return ", target: " + address(request, request.targets[0]);
  std::string list;
  for (const Target& target : request.targets) list += (list.empty() ? "" : ", ") + address(request, target);
  return ", target: [" + list + "]";
}

std::string fate(const Sequence& sequence, Uid uid) {
  std::string start;
  std::string end = ", outcome: unfinished";
  for (const Happening& event : sequence.story.events) {
    if (event.uid != uid) continue;
    const std::string at = us(event.at);
    if (event.what == "start") start = "start: " + at;
    if (event.what == "end") end = ", end: " + at;
    if (event.what == "end, nothing to suspend") end = ", end: " + at + ", outcome: nothing_to_suspend";
    if (event.what == "abort") end = ", end: " + at + ", outcome: aborted_by_reset";
    if (event.what.rfind("drop ", 0) == 0) end = ", outcome: " + event.what.substr(5);
  }
  return start.empty() ? end.substr(2) : start + end;
}

std::string expectation(const Sequence& sequence, const Decision& decision, std::size_t i) {
  if (decision.accepted) return ", expect: {" + fate(sequence, decision.uids[i]) + "}";
  return std::string(", expect: {refused: ") + name(decision.reason) + "}";
}

std::string request_text(const Sequence& sequence, const Decision& decision, const Request& request, std::size_t i,
                         bool in_batch) {
  std::string text = "op: " + sequence.device->op(request.op).name + place(request);
  if (request.not_before != 0) text += ", not_before: " + us(request.not_before);
  if (request.exact) text += ", exact: true";
  if (decision.accepted || !in_batch) text += expectation(sequence, decision, i);
  return text;
}

}  // namespace

std::string scenario_text(const Sequence& sequence) {
  std::string text = "device: " + sequence.device->name + "\nsteps:\n";
  for (std::size_t b = 0; b < sequence.proposals.size(); ++b) {
    const reference::Proposal& proposal = sequence.proposals[b];
    const Decision& decision = sequence.story.decisions[b];
    const std::string at = "at: " + us(proposal.at);
    if (proposal.requests.size() == 1) {
      text += "  - {" + at + ", " + request_text(sequence, decision, proposal.requests[0], 0, false) + "}\n";
      continue;
    }
    text += "  - " + at + "\n    batch:\n";
    for (std::size_t i = 0; i < proposal.requests.size(); ++i)
      text += "      - {" + request_text(sequence, decision, proposal.requests[i], i, true) + "}\n";
    if (!decision.accepted) text += std::string("    expect: {refused: ") + name(decision.reason) + "}\n";
  }
  return text + "  - at: end\n    expect: {self_check: pass}\n";
}

}  // namespace nandtlm::test
