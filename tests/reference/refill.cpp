// The backlogs (section 5).
#include <algorithm>

#include "tests/reference/machine.h"

namespace nandtlm::reference {

// SUS-04: ahead of what waits already, in their order.
void Machine::put_back(const std::vector<Revoked>& revoked, Story& told) {
  for (auto entry = revoked.rbegin(); entry != revoked.rend(); ++entry) {
    Operation& op = plan_.find(entry->uid);
    op.wanted = entry->planned_start;
    Backlog& backlog = backlog_of(op);
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
  while (!backlog.entries.empty() && reserve_head(key)) {
  }
}

/// True where the head is gone for good and the next one may be tried at once.
bool Machine::reserve_head(const Key& key) {
  Backlog& backlog = backlogs_[key];
  const Uid uid = backlog.entries.front();
  const Operation head = plan_.find(uid);
  Answer answer = first_start(plan_, head, std::max(now_, head.wanted));
  if (answer.ok() && suspended_before(key, answer.start)) return false;  // its RESUME starts a refill of its own
  if (answer.ok()) {
    plan_ = answer.after;
    backlog.entries.pop_front();
    backlog.reserved = uid;
    story_.add(now_, uid, "plan", answer.start);
    return false;
  }
  const bool by_address = answer.reason() >= Reason::EprAddressRange && answer.reason() <= Reason::EprOneshotOrder;
  if (by_address && !may_become_legal(head)) {
    backlog.entries.pop_front();
    Operation& dropped = plan_.find(uid);
    dropped.life = Life::Aborted;
    dropped.aborted_at = now_;
    story_.add(now_, uid, std::string("drop ") + name(answer.reason()));
    return true;
  }
  backlog.retry_at = now_ + plan_.device->policies.backlog_retry_delay;
  return false;
}

bool Machine::suspended_before(const Key& key, Time start) const {
  for (const Suspension& entry : plan_.suspensions) {
    if (entry.die == key.first && entry.family == key.second && entry.until > now_ && entry.at <= start) return true;
  }
  return false;
}

// Somebody else who is not behind it may still change one of its blocks.
bool Machine::may_become_legal(const Operation& op) const {
  const Family family = plan_.base(op).family;
  for (const Operation& other : plan_.ops) {
    const bool live = other.life != Life::Completed && other.life != Life::Aborted;
    const Action action = plan_.effects(other).action;
    if (other.uid == op.uid || other.die != op.die || !live) continue;
    if (action != Action::Program && action != Action::Erase) continue;
    if (other.life == Life::Backlogged && plan_.base(other).family == family) continue;
    for (const Target& a : op.targets) {
      for (const Target& b : other.targets) {
        if (a.block == b.block) return true;
      }
    }
  }
  return false;
}

}  // namespace nandtlm::reference
