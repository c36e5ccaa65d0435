// What a client asks for: requests, batches and the verdicts on them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "config/device.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Page data of one request: one page per target.
using PageData = std::shared_ptr<std::vector<std::uint8_t>>;

/// A die that the request does not name: the die of the request before it in the batch, else die 0 (SUS-05).
inline constexpr std::uint32_t kAnyDie = 0xFFFFFFFF;

/// One operation wanted. Times in ps.
struct Request {
  OpId op{};
  std::uint32_t die = kAnyDie;
  TargetList targets;
  Time not_before = 0;  ///< earliest start; the past means "now"
  bool exact = false;   ///< start at `not_before` or be refused
  Uid uid = 0;          ///< keep this uid (replay); 0: the next one
  Source source = Source::Script;
  PageData data;  ///< to program, or room for what is read; may be empty
};

/// A plane follows from its block where only the block is given.
inline void derive_planes(const Topology& topology, TargetList& targets) {
  for (Target& target : targets) {
    if (target.plane != -1 || target.block < 0) continue;
    target.plane = static_cast<std::int32_t>(topology.plane_of(static_cast<std::uint32_t>(target.block)));
  }
}

/// What became of an accepted op.
struct OpResult {
  Uid uid = 0;
  std::uint64_t ticket = 0;  ///< of its batch
  std::size_t index = 0;     ///< in its batch
  OpId op{};
  std::uint32_t die = 0;
  Time started_at = 0;
  Time ended_at = 0;
  std::uint32_t suspends = 0;
  Reason outcome = Reason::None;  ///< None: completed; NothingToSuspend; AbortedByReset
  std::uint8_t status = 0;        ///< of a status read
  std::int8_t ready_state = -1;   ///< of a status read: 0 busy, 1 extrdy, 2 ready
};

/// The answer to a batch: all requests accepted, or none (section 1).
struct BatchDecision {
  std::uint64_t ticket = 0;
  bool accepted = false;
  std::vector<Uid> uids;          ///< one per request where accepted
  std::vector<Time> starts;       ///< planned starts, kNever where the op went to the backlog
  std::size_t refused_index = 0;  ///< the request that was refused
  Refusal refusal;
};

/// A client of the scheduler. Calls come in the scheduler's context; submit() may be called from within.
class SchedulerClient {
 public:
  virtual ~SchedulerClient() = default;
  virtual void batch_decided(const BatchDecision& /*decision*/) {}
  virtual void op_finished(const OpResult& /*result*/) {}
};

/// Hears what was proposed and what became of it, batch by batch in the order of the decisions: for who records or
/// judges a run whose batches others make. Must not submit.
class BatchListener {
 public:
  virtual ~BatchListener() = default;
  /// The dies and planes of the requests are resolved; they are valid during the call only.
  virtual void batch_decided(const Request* requests, std::size_t count, const BatchDecision& decision) = 0;
};

}  // namespace nandtlm
