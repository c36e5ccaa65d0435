// The ResourceManager of one die: who may use it, when, and what a suspend does to the plan. No kernel, no sockets.
#pragma once

#include <array>
#include <vector>

#include "model/channel/bus_timeline.h"
#include "model/die/address_rules.h"
#include "model/die/die_state.h"
#include "model/die/die_timeline.h"
#include "model/die/journal.h"
#include "model/die/odt_timeline.h"
#include "model/die/suspend_stack.h"
#include "model/die/verdict.h"
#include "model/op.h"
#include "model/request.h"

namespace nandtlm {

/// What an operation would occupy; made from a request or from an op that is known already.
struct Candidate {
  const OpSpec* spec = nullptr;
  const OpBase* base = nullptr;
  const TargetList* targets = nullptr;
  PlaneMask planes = 0;   ///< occupied
  PlaneMask touches = 0;  ///< looked at by the rules
  Uid self = 0;           ///< an op that is known already, 0: new
  Time from = 0;          ///< nominal offsets that it wants to run
  Time to = 0;

  Piece piece_at(Time start) const { return Piece{start, from, to}; }
  Time length() const { return to - from; }
};

class ResourceManager;

/// What the dies of one package share.
struct PackageState {
  OpTable ops;
  OdtTimeline odt;
  std::vector<ResourceManager*> dies;
};

/// Plans ahead and follows the execution. All times in ps and absolute.
/// Planning edits the timelines at once, as of the op's own times: a SUSPEND cuts the plan at its start, a RESUME puts
/// the kept states behind its end. Execution then carries out what is planned.
class ResourceManager {
 public:
  ResourceManager(const Device& device, std::uint32_t die, BusTimeline& bus, PackageState& package);

  // -- Planning ------------------------------------------------------------------------------------------------------

  /// Time has come to `now`; call before planning.
  void advance(Time now);
  /// May it start exactly at `start` (RES-01)? No side effects.
  Verdict judge_at(const Request& request, Time start);
  /// The earliest start from `not_before` on (RES-02), or why there is none. No side effects. For who has no use for
  /// one behind `latest`: a start that is told there is a bound only, not all rules were asked.
  Verdict feasible_at(const Request& request, Time not_before, Time latest = kNever);
  /// Accepts: gives a uid and reserves. Precondition: `verdict` is ok and nothing was planned since.
  /// Every change goes into `journal`; a client that plans one request commits at once.
  Op& reserve(const Request& request, const Verdict& verdict, PlanOwner* owner, Journal& journal);
  /// EPR-03 for what goes to a backlog: legal behind everything that is accepted and changes its blocks.
  Refusal judge_arrival(const Request& request) const;
  /// Accepts without a reservation, after judge_arrival(): for the backlog (BKL-01).
  Op& accept_unplanned(const Request& request, PlanOwner* owner, Journal& journal);
  /// The same for an op of the backlog (BKL-02: it passes every rule again).
  Verdict feasible_again(const Op& op, Time not_before);
  void reserve_again(Op& op, Time start);

  /// True where the family is suspended at `time`, as planned (SUS-06).
  bool suspended_at(Family family, Time time) const { return stack(family).holding_at(time) != nullptr; }

  /// The reserved op `uid` that is to start at `start`; nullptr: there is none.
  Op* planned_start(Uid uid, Time start) const;

  // -- Execution -----------------------------------------------------------------------------------------------------

  void started(Op& op) { op.life = Life::Running; }
  /// A SUSPEND starts: takes the op that it cuts off the die and returns it; nullptr: nothing to suspend.
  Op* cut(const Op& suspend);
  /// A RESUME ends: the op that goes on now.
  Op& resume(const Op& resume);
  /// The op ended: its reservation is over and the array changes.
  void ended(Op& op);
  /// A reset starts (RES-06): nothing is left but the reset itself, which takes the die for its time.
  void reset(Op& reset_op, Time now);
  void reset_ended(const Op& reset_op);
  /// An op was cut for good by a reset that came through.
  void spoil(const Op& op) { address_.spoil(op); }
  /// An op that a reset aborted before its start will not change the array.
  void drop_planned_change(const Op& op) { address_.forget(op); }

  void transfer(StateArchive& archive);

  // -- Answers -------------------------------------------------------------------------------------------------------

  std::size_t stack_depth(Family family) const { return stack(family).depth(); }
  const SuspendStack& stack(Family family) const { return stacks_[static_cast<std::size_t>(family)]; }
  const AddressRules& address() const { return address_; }
  DieFlags flags_at(Time time) const { return flags_.at(time); }
  const DieTimeline& timeline() const { return timeline_; }
  const BusTimeline& bus() const { return bus_; }
  PlaneMask all_planes() const { return all_planes_; }
  /// The suspended op whose latches hold the page of `target`, nullptr: none (RECOVERY_RD, SUS-07).
  const Op* suspended_program_at(const Target& target) const;

 private:
  Candidate candidate(const Request& request) const;
  Candidate candidate(const Op& op, Time from, Time to) const;
  PlaneMask occupied_planes(const OpBase& base, const TargetList& targets) const;
  PlaneMask touched_planes(const TargetList& targets) const;

  // rules.cpp: one question each, in the order of RES-01.
  Blocker check(const Candidate& c, Time start) const;
  Blocker check_rules(const Candidate& c, Time start) const;
  Blocker check_bus(const Candidate& c, Time start) const;
  Blocker check_planes(const Candidate& c, Time start) const;
  Blocker check_exclusion(const Candidate& c, Time start) const;
  Blocker check_later_in_window(const Candidate& c, const Piece& piece, const Reservation& later) const;
  Blocker check_later_flags(const FlagChange& change, Time start, const Reservation& later) const;
  Blocker check_later_with(const FlagChange& change, const Reservation& later) const;
  Blocker check_later_odt(const Candidate& c, Time start) const;
  Blocker check_latch(const Candidate& c, Time start, const DieFlags& flags) const;
  Blocker check_op_state(const Candidate& c, Time start) const;
  bool anything_suspended() const;
  Blocker check_suspend_state(const Candidate& c, Time start) const;
  Blocker check_odt(const Candidate& c, Time start) const;
  Blocker check_cache(const Candidate& c, Time start, const DieFlags& flags) const;
  Blocker check_suspended_target(const Candidate& c, Time start) const;
  Blocker check_address(const Candidate& c, Time start) const;
  Blocker check_later_reads(const Candidate& c, Time start) const;
  DieFlags active_flags_at(Time time) const;
  void park_program_flags(Time time, DieFlags& flags) const;
  Time next_flags_change_after(Time time) const;
  int latch_in_the_way(std::size_t base, PlaneMask touches, const DieFlags& flags) const;
  int cache_in_the_way(std::size_t base, PlaneMask touches, const DieFlags& flags) const;
  Reason plane_conflict(const Candidate& c, const Op& other) const;
  BaseSet forbidden_by_flags(const FlagChange& change) const;
  Time first_gap(const Candidate& c, Time start);
  Time first_plane_gap(const Candidate& c, Time start);
  Verdict search(const Candidate& c, Time not_before, Time latest = kNever);
  Refusal lasting(const Candidate& c, const Refusal& found) const;

  // suspend.cpp
  Verdict judge_suspend(const Candidate& c, Time start) const;
  Verdict search_suspend(const Candidate& c, Time not_before);
  Blocker check_suspend(const Candidate& c, Time start, const Reservation* target) const;
  Blocker check_suspend_limits(const Op& target, Time start) const;
  Blocker check_later_without(const Candidate& c, Time start, const Op& target) const;
  const char* why_not_suspended(const Candidate& c, Time start, const Reservation& later, const Op& target,
                                const std::vector<Op*>& followers) const;
  /// SUS-07: what reads the latches of a suspended program, what resumes it, what only asks the die, and a data-out: it
  /// names an address, but takes what stands in the page register.
  static bool may_address_suspended(const Effects& effects) {
    return effects.reads_suspended || effects.is_suspend_or_resume() || effects.is_reset() ||
           effects.action == Action::Status || effects.action == Action::DataOut;
  }
  bool is_forbidden_without(const std::vector<Op*>& gone, const Reservation& later) const;
  BaseSet forbidden_by_what_it_ends(const Op& op) const;
  bool reads_what_is_missing(const Op& read, const Op& missing) const;
  const std::vector<Op*>& followers_of(const Op& target, Time at) const;
  Verdict judge_resume(const Candidate& c, Time start);
  Verdict search_resume(const Candidate& c, Time not_before);
  Blocker check_later_unparked(const Candidate& kept, Time resume_end) const;
  Verdict place_kept_states(const Candidate& c, Time start);
  const Reservation* running_at(Family family, Time time) const;
  void plan_cut(Op& suspend, Journal& journal);
  void plan_resume(Op& resume, Journal& journal);
  void cut_target(Op& target, Time at, Journal& journal);
  void revoke(Op& op, Time suspend_end, Journal& journal);

  // planning.cpp
  Verdict judge_candidate(const Candidate& c, Time start);
  Verdict search_candidate(const Candidate& c, Time not_before, Time latest);
  Op& create(const Request& request, PlaneMask planes, PlaneMask touches, PlanOwner* owner, Journal& journal);
  void place(Op& op, const Piece& piece, Journal& journal);
  void unplace(Op& op, const Piece& piece);
  void take_bus(const Op& op, const Piece& piece);
  void leave_bus(const Op& op, const Piece& piece);

  SuspendStack& own_stack(Family family) { return stacks_[static_cast<std::size_t>(family)]; }

  const Device& device_;
  std::uint32_t die_;
  PlaneMask all_planes_;
  BusTimeline& bus_;
  PackageState& package_;
  DieTimeline timeline_;
  FlagTimeline flags_;
  std::array<SuspendStack, kFamilies> stacks_;
  AddressRules address_;
  Time advanced_to_ = -1;               ///< a hint: nothing is older than this
  mutable std::vector<Op*> followers_;  ///< what followers_of() found last
};

}  // namespace nandtlm
