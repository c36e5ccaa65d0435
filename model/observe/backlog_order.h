// The order of the backlogs, kept from events alone (SUS-04, BKL-02).
#pragma once

#include <cstdint>
#include <vector>

#include "model/observe/fault_list.h"
#include "model/observe/tables.h"
#include "tlm/types.h"

namespace nandtlm {

/// Ops that were in the backlog of a (family, die) and have not started, as they must start: arrivals at the tail,
/// revoked followers ahead of those in the backlog, in the order of the starts that were taken from them.
/// Lists are linked through the slots of the ops: every call takes constant time for a scheduler that keeps the order.
class BacklogOrder {
 public:
  explicit BacklogOrder(std::uint32_t dies) : queues_(dies) {}

  /// An op goes to the tail (BKL-01).
  void arrived(std::uint32_t slot, Uid uid, Family family, std::uint32_t die);
  /// At `at`, an op lost a reservation that would have started at `planned_start` (SUS-04).
  void revoked(std::uint32_t slot, Uid uid, Family family, std::uint32_t die, Time planned_start, Time at);
  /// An op got a reservation that starts at `start`.
  void planned(std::uint32_t slot, Time start);
  /// An op starts: none may be ahead of it, other than one that starts at this instant too.
  void started(std::uint32_t slot, Time at);
  /// An op leaves without a start.
  void left(std::uint32_t slot);

  CheckLine line() const;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(entries_, queues_, started_, faults_);
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Queue {
    std::uint32_t last = kNone;
    std::uint32_t unplanned = kNone;  ///< the head of the backlog itself: those before it have a reservation

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(last, unplanned);
    }
  };
  struct Entry {
    Uid uid = 0;  ///< 0: not in a queue
    Family family = Family::None;
    std::uint32_t die = 0;
    std::uint32_t before = kNone;
    std::uint32_t after = kNone;
    Time start = kNever;       ///< of its reservation, kNever: none
    Time revoked_at = kNever;  ///< kNever: it arrived
    Time revoked_start = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, family, die, before, after, start, revoked_at, revoked_start);
    }
  };

  Queue& queue_of(const Entry& entry) { return queues_.at(entry.family, entry.die); }
  Entry& renew(std::uint32_t slot, Uid uid, Family family, std::uint32_t die);
  void insert(std::uint32_t slot, std::uint32_t after);
  void remove(std::uint32_t slot);

  std::vector<Entry> entries_;  // by slot
  PerFamilyDie<Queue> queues_;
  std::uint64_t started_ = 0;
  FaultList faults_{"backlog_order"};
};

}  // namespace nandtlm
