#include "model/observe/backlog_order.h"

#include <fmt/format.h>

#include "config/device.h"
#include "config/scalars.h"
#include "tlm/record_at.h"

namespace nandtlm {

void BacklogOrder::arrived(std::uint32_t slot, Uid uid, Family family, std::uint32_t die) {
  Queue& queue = queue_of(renew(slot, uid, family, die));
  insert(slot, kNone);
  if (queue.unplanned == kNone) queue.unplanned = slot;
}

void BacklogOrder::revoked(std::uint32_t slot, Uid uid, Family family, std::uint32_t die, Time planned_start, Time at) {
  Entry& entry = renew(slot, uid, family, die);
  entry.revoked_at = at;
  entry.revoked_start = planned_start;
  Queue& queue = queue_of(entry);
  // Those revoked together may be told in any order.
  std::uint32_t after = queue.unplanned;
  while (after != kNone && entries_[after].revoked_at == at && entries_[after].revoked_start <= planned_start) {
    after = entries_[after].after;
  }
  insert(slot, after);
  if (after == queue.unplanned) queue.unplanned = slot;
}

void BacklogOrder::planned(std::uint32_t slot, Time start) {
  Entry& entry = entries_[slot];
  entry.start = start;
  Queue& queue = queue_of(entry);
  if (queue.unplanned == slot) queue.unplanned = entry.after;
}

void BacklogOrder::started(std::uint32_t slot, Time at) {
  ++started_;
  const Entry& entry = entries_[slot];
  std::uint32_t ahead = entry.before;
  while (ahead != kNone && entries_[ahead].start == at) ahead = entries_[ahead].before;
  if (ahead != kNone) {
    faults_.add([&] {
      return fmt::format("uid {} started at {} us before uid {}, which is ahead of it in the {} backlog of die {}",
                         entry.uid, us_text(at), entries_[ahead].uid, name(entry.family), entry.die);
    });
  }
  remove(slot);
}

void BacklogOrder::left(std::uint32_t slot) {
  remove(slot);
}

CheckLine BacklogOrder::line() const {
  return faults_.line(fmt::format("{} starts from a backlog", started_));
}

/// The op as one that stands in no queue.
BacklogOrder::Entry& BacklogOrder::renew(std::uint32_t slot, Uid uid, Family family, std::uint32_t die) {
  Entry& entry = record_at(entries_, slot);
  if (entry.uid != 0) remove(slot);
  entry = Entry();
  entry.uid = uid;
  entry.family = family;
  entry.die = die;
  return entry;
}

/// Links `slot` in before `after`, kNone: as the last.
void BacklogOrder::insert(std::uint32_t slot, std::uint32_t after) {
  Entry& entry = entries_[slot];
  Queue& queue = queue_of(entry);
  entry.after = after;
  entry.before = after == kNone ? queue.last : entries_[after].before;
  if (entry.before != kNone) entries_[entry.before].after = slot;
  (after == kNone ? queue.last : entries_[after].before) = slot;
}

void BacklogOrder::remove(std::uint32_t slot) {
  Entry& entry = entries_[slot];
  Queue& queue = queue_of(entry);
  if (queue.unplanned == slot) queue.unplanned = entry.after;
  if (entry.before != kNone) entries_[entry.before].after = entry.after;
  (entry.after == kNone ? queue.last : entries_[entry.after].before) = entry.before;
  entry.uid = 0;
}

}  // namespace nandtlm
