// The backlogs (section 5).
#include <algorithm>

#include "tests/reference/address.h"
#include "tests/reference/machine.h"

namespace nandtlm::reference {

// SUS-04: ahead of what waits already, in their order.
void Machine::put_back(const std::vector<Revoked>& revoked, Story& told) {
  for (auto entry = revoked.rbegin(); entry != revoked.rend(); ++entry) {
    Operation& op = plan_.find(entry->uid);
    op.wanted = entry->planned_start;
    Backlog& backlog = backlog_of(op);
    for (const Uid behind : backlog.entries) {  // it changes a block before who waits behind it
      const Operation& other = plan_.find(behind);
      if (other.lost_end != kNever && must_wait_for(plan_, op, other))
        op.lost_end = std::min(op.lost_end, other.lost_end - 1);
    }
    backlog.entries.push_front(op.uid);
    if (backlog.reserved == op.uid) backlog.reserved = 0;
    if (backlog.retry_at == kNever && plan_.suspended(op.die, plan_.base(op).family, kNever - 1) == nullptr)
      backlog.retry_at = now_ + plan_.device->policies.backlog_retry_delay;
    told.add(now_, op.uid, "backlog");
  }
}

void Machine::refill(const Key& key) {
  Backlog& backlog = backlogs_[key];
  backlog.refill = false;
  backlog.retry_at = kNever;
  if (plan_.suspended(key.first, key.second, now_) != nullptr || backlog.reserved != 0) return;
  if (backlog.entries.empty()) return;
  if (backlog.refused_at != changes_) reserve_head(key);
  // A plan that had no start for it has none later on.
  if (backlog.refused_at == changes_) backlog.retry_at = now_ + plan_.device->policies.backlog_retry_delay;
}

void Machine::reserve_head(const Key& key) {
  Backlog& backlog = backlogs_[key];
  const Uid uid = backlog.entries.front();
  const Operation head = plan_.find(uid);
  Answer answer = first_start(plan_, head, std::max(now_, head.wanted));
  if (answer.ok() && suspended_before(key, answer.start)) return;  // its RESUME starts a refill of its own
  if (answer.ok()) {
    plan_ = answer.after;
    backlog.entries.pop_front();
    backlog.reserved = uid;
    story_.add(now_, uid, "plan", answer.start);
    ++changes_;
    return;
  }
  backlog.refused_at = changes_;
}

bool Machine::suspended_before(const Key& key, Time start) const {
  for (const Suspension& entry : plan_.suspensions) {
    if (entry.die == key.first && entry.family == key.second && entry.until > now_ && entry.at <= start) return true;
  }
  return false;
}

}  // namespace nandtlm::reference
