// The one header of traces/ that the model includes: what the model tells, as it happens.
#pragma once

#include <cstdint>

#include "tlm/reason.h"
#include "tlm/types.h"

namespace nandtlm {

/// Where an operation came from (column `source` of operation_timeline.csv).
enum class Source : std::uint8_t { Script, Replay, Generator, Client };

/// What an operation stood in when it was proposed: a base and a state, or nothing before the first op.
/// `state == kEnd` is the virtual `<BASE>.END` (OUT-01).
struct PhaseKey {
  static constexpr std::uint8_t kEnd = 4;
  static constexpr std::uint16_t kNoBase = 0xFFFF;
  std::uint16_t base = kNoBase;
  std::uint8_t state = kEnd;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(base, state);
  }
};

/// An accepted operation as sinks see it: the same in every call from op_started() on; before, `planes` and
/// `expected_status` may still be missing. The reference is valid during the call only.
struct OpInfo {
  Uid uid = 0;
  OpId op{};
  std::uint32_t die = 0;
  /// Dense index of a live operation in its package: unique among live ops, reused after OP_END or OP_ABORT.
  std::uint32_t slot = 0;
  TargetList targets;
  PlaneMask planes = 0;  ///< planes that it occupies; 0 where its scope is NONE
  Source source = Source::Script;
  PhaseKey phase_used;               ///< op state of the first target plane at the proposal
  PhaseKey phase_virtual;            ///< `<BASE>.END` of the last op there
  std::int8_t expected_status = -1;  ///< of a status read: 0 busy, 1 extrdy, 2 ready; -1 none

  template <typename Archive>
  void transfer(Archive& archive) {
    for_each_field(*this, archive);
  }
  /// Calls `visit(field)` for every field of `info`. One that is forgotten here does not compile.
  template <typename Info, typename Visit>
  static void for_each_field(Info& info, Visit&& visit) {
    auto& [uid, op, die, slot, targets, planes, source, phase_used, phase_virtual, expected_status] = info;
    visit(uid), visit(op), visit(die), visit(slot), visit(targets), visit(planes), visit(source);
    visit(phase_used), visit(phase_virtual), visit(expected_status);
  }
};

/// A request that was not accepted, or an entry of a backlog that a reset dropped (BKL-03).
struct RefusedRequest {
  OpId op{};
  std::uint32_t die = 0;
  TargetList targets;
  Uid uid = 0;  ///< 0 where it never had one
  Time wanted_start = 0;
  Refusal refusal;
};

/// SUS-10, MET-01, resume_errors.csv.
struct ResumeError {
  Family family = Family::None;
  std::uint32_t die = 0;
  Uid uid = 0;  ///< the suspended op, 0 with an empty stack
  Refusal refusal;
  Time wanted_start = 0;
  Time remaining = 0;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(family, die, uid, refusal, wanted_start, remaining);
  }
};

/// Calls come in the order of time `at` (a call never tells of the past). All times in ps.
/// Every call has an empty default: a sink takes what it needs. A sink never alters the model.
class TraceSink {
 public:
  virtual ~TraceSink() = default;

  /// Calls that come often and that not all have a use for. The others are for every sink.
  enum Group : unsigned { kNoCalls = 0, kStateCalls = 1, kBusCalls = 2, kQueueCalls = 4, kAllCalls = 7 };
  /// The groups that it has a use for: who tells may leave out the calls of the others. Asked where it is attached.
  virtual unsigned follows() const { return kAllCalls; }

  /// The op has its uid and a reservation (planned start `start`) or a place in the backlog (`start == kNever`).
  virtual void op_accepted(const OpInfo& /*op*/, Time /*at*/, Time /*start*/) {}
  /// [kQueueCalls] An accepted op goes to the backlog of its family and die: an op that was revoked (SUS-04, BKL-04)
  /// returns to the head, one that arrives (BKL-01) goes to the tail.
  virtual void op_backlogged(const OpInfo& /*op*/, Time /*at*/) {}
  /// [kQueueCalls] An entry of the backlog got a reservation that starts at `start` (BKL-02).
  virtual void op_planned(const OpInfo& /*op*/, Time /*at*/, Time /*start*/) {}
  virtual void request_refused(const RefusedRequest& /*request*/, Time /*at*/) {}

  /// OP_START: the ISSUE begins. Once per uid.
  virtual void op_started(const OpInfo& /*op*/, Time /*at*/) {}
  /// OP_SUSPEND: cut at `at`; `consumed + remaining` is its nominal time (SUS-03).
  virtual void op_suspended(const OpInfo& /*op*/, Time /*at*/, Time /*consumed*/, Time /*remaining*/) {}
  /// OP_RESUME: the op's own time goes on. `remaining` as at the cut.
  virtual void op_resumed(const OpInfo& /*op*/, Time /*at*/, Time /*remaining*/) {}
  /// OP_END. Once per uid; the array effect has happened.
  virtual void op_ended(const OpInfo& /*op*/, Time /*at*/) {}
  /// OP_ABORT by reset; `consumed` time it had run, 0 where it never started (RES-06).
  virtual void op_aborted(const OpInfo& /*op*/, Time /*at*/, Time /*consumed*/, Reason /*why*/) {}

  /// [kStateCalls] The op enters `state` at `at`, at its start, at every boundary and where a resumed piece begins. The
  /// state lasts until the next state_entered, op_suspended, op_ended or op_aborted of the same uid.
  virtual void state_entered(const OpInfo& /*op*/, State /*state*/, Time /*at*/) {}

  /// [kBusCalls] The channel is taken by an op, or released.
  virtual void bus_taken(std::uint32_t /*channel*/, const OpInfo& /*op*/, Time /*at*/) {}
  virtual void bus_released(std::uint32_t /*channel*/, Uid /*uid*/, Time /*at*/) {}

  /// [kQueueCalls] The die's suspended state of a family: from the SUSPEND's start to the end of the RESUME (SUS-06).
  virtual void suspend_state(std::uint32_t /*die*/, Family /*family*/, bool /*suspended*/, std::uint32_t /*depth*/,
                             Time /*at*/) {}
  /// [kQueueCalls]
  virtual void backlog_size(std::uint32_t /*die*/, Family /*family*/, std::size_t /*size*/, Time /*at*/) {}
  /// [kQueueCalls] A refill of the backlog begins (BKL-02), or its head is tried again after a refusal (BKL-03).
  virtual void refill_started(std::uint32_t /*die*/, Family /*family*/, Time /*at*/) {}
  virtual void backlog_retried(std::uint32_t /*die*/, Family /*family*/, Uid /*head*/, Time /*at*/) {}
  virtual void resume_failed(const ResumeError& /*error*/, Time /*at*/) {}

  /// A resumed op ended on other targets than it was suspended with (SUS-12). Never happens in a correct model.
  virtual void resume_mismatch(const OpInfo& /*op*/, Time /*at*/) {}

  /// A page became programmed (apply_pgm_log.csv): at the end of the op, once per target.
  virtual void page_programmed(const OpInfo& /*op*/, const Target& /*target*/, bool /*was_resumed*/, Time /*at*/) {}
  /// The end of the run at `at`: write what is still held back, close files.
  virtual void finish(Time /*at*/) {}
};

}  // namespace nandtlm
