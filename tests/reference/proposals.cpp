// Batches: all or none, one request after the other.
#include <algorithm>

#include "tests/reference/address.h"
#include "tests/reference/machine.h"

namespace nandtlm::reference {

Operation Machine::operation(const Request& request, std::uint32_t die) const {
  Operation op;
  op.uid = plan_.next_uid;
  op.op = request.op;
  op.die = die;
  op.targets = request.targets;
  derive_planes(plan_.device->topology, op.targets);
  op.nominal = plan_.device->op(request.op).nominal;
  return op;
}

const Decision& Machine::propose(const std::vector<Request>& requests) {
  ++changes_;
  const Plan plan_before = plan_;
  const Backlogs backlogs_before = backlogs_;
  Story told;
  Decision decision;
  decision.accepted = true;
  std::map<std::uint32_t, Time> last_start;
  std::uint32_t die = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].die != kAnyDie) die = requests[i].die;
    const Time not_before = std::max({now_, requests[i].not_before, last_start[die]});
    const Reason reason = place(requests[i], die, not_before, decision, told);
    if (reason != Reason::None) {
      plan_ = plan_before;
      backlogs_ = backlogs_before;
      note_failed_resume(requests[i], die);
      return refuse(i, reason);
    }
    if (decision.starts.back() != kNever) last_start[die] = decision.starts.back();
  }
  story_.events.insert(story_.events.end(), told.events.begin(), told.events.end());
  story_.decisions.push_back(decision);
  return story_.decisions.back();
}

const Decision& Machine::refuse(std::size_t i, Reason reason) {
  Decision decision;
  decision.refused_index = i;
  decision.reason = reason;
  story_.decisions.push_back(decision);
  return story_.decisions.back();
}

// SUS-10, MET-01: what the RESUME would have popped at its wanted start.
void Machine::note_failed_resume(const Request& request, std::uint32_t die) {
  const Effects& effects = plan_.device->base_of(request.op).effects;
  if (effects.action != Action::Resume) return;
  for (const Suspension& entry : plan_.suspensions) {
    if (entry.die != die || entry.family != effects.controls || entry.until != kNever) continue;
    if (entry.at > std::max(now_, request.not_before)) continue;
    const Operation& held = plan_.find(entry.op);
    story_.add(now_, held.uid, "resume failed", held.nominal - held.pieces.back().to);
    return;
  }
  story_.add(now_, 0, "resume failed");
}

bool Machine::must_queue(const Operation& op, Time not_before) const {
  const Family family = plan_.base(op).family;
  if (family == Family::None) return false;
  if (plan_.suspended(op.die, family, now_) != nullptr || plan_.suspended(op.die, family, not_before) != nullptr)
    return true;
  const auto waiting = backlogs_.find({op.die, family});
  return waiting != backlogs_.end() && (!waiting->second.entries.empty() || waiting->second.reserved != 0);
}

Reason Machine::place(const Request& request, std::uint32_t die, Time not_before, Decision& decision, Story& told) {
  Operation op = operation(request, die);
  if (request.exact && request.not_before < not_before) return Reason::Malformed;  // its exact start is over
  if (!request.exact && must_queue(op, not_before)) return queue(op, request, decision, told);
  Answer answer = request.exact ? judge_at(plan_, op, not_before) : first_start(plan_, op, not_before);
  const Family family = plan_.base(op).family;
  const bool meets_suspension = answer.reason == Reason::StateForbidSuspend && family != Family::None &&
                                plan_.suspended(op.die, family, kNever - 1) != nullptr;
  if (meets_suspension && !request.exact) return queue(op, request, decision, told);
  if (!answer.ok()) return answer.reason;
  adopt(answer, told);
  plan_.next_uid = op.uid + 1;
  decision.uids.push_back(op.uid);
  decision.starts.push_back(answer.start);
  told.add(now_, op.uid, "accept", answer.start);
  return Reason::None;
}

Reason Machine::queue(Operation op, const Request& request, Decision& decision, Story& told) {
  const Reason reason = arrival_reason(plan_, op);
  if (reason != Reason::None) return reason;
  op.life = Life::Backlogged;
  op.wanted = std::max(now_, request.not_before);
  plan_.ops.push_back(op);
  plan_.next_uid = op.uid + 1;
  backlog_of(op).entries.push_back(op.uid);
  decision.uids.push_back(op.uid);
  decision.starts.push_back(kNever);
  told.add(now_, op.uid, "accept", kNever);
  told.add(now_, op.uid, "backlog");
  return Reason::None;
}

void Machine::adopt(Answer& answer, Story& told) {
  plan_ = answer.after;
  put_back(answer.revoked, told);
}

}  // namespace nandtlm::reference
