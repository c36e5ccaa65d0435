#include "tests/reference/judge.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "tests/reference/address.h"
#include "tests/reference/die_rules.h"

namespace nandtlm::reference {
namespace {

void put(Plan& plan, const Operation& op) {
  for (Operation& known : plan.ops) {
    if (known.uid != op.uid) continue;
    known = op;
    return;
  }
  plan.ops.push_back(op);
}

/// One question being asked: stops at the first rule that fails (RES-01).
class Question {
 public:
  explicit Question(Answer& answer) : answer_(answer) {}
  template <typename F>
  void ask(Reason reason, F&& fails) {
    if (open() && fails()) answer_.reason = reason;
  }
  /// Of the kind that answers with its reason.
  template <typename F>
  void ask(F&& reason) {
    if (open()) answer_.reason = reason();
  }
  bool open() const { return answer_.ok(); }

 private:
  Answer& answer_;
};

void ask_space(Question& question, const Plan& plan, const Operation& op) {
  question.ask(Reason::Bus, [&] { return bus_taken_until(plan, op) != kNever; });
  question.ask(Reason::PlaneScope, [&] { return planes_taken_until(plan, op) != kNever; });
  question.ask(Reason::ExclusionMulti, [&] { return multi_is_excluded(plan, op); });
}

bool is_address_reason(Reason reason) {
  return reason >= Reason::EprAddressRange && reason <= Reason::EprOneshotOrder;
}

// An op that is planned for later would turn illegal: `exclusion`.
void ask_later(Question& question, Reason spoiled) {
  question.ask(Reason::Exclusion, [&] { return spoiled != Reason::None && !is_address_reason(spoiled); });
}

void ask_tables(Question& question, const Plan& plan, const Operation& op, Time t) {
  question.ask([&] {
    const std::vector<Reason> reasons = table_reasons(plan, op, t);
    return reasons.empty() ? Reason::None : reasons.front();
  });
}

// All rules in their order for an op with one piece, that is in `after` and not in `before`.
void ask_all(Question& question, const Plan& before, const Plan& after, const Operation& op) {
  const Time t = op.start();
  ask_space(question, after, op);
  const Reason spoiled = question.open() ? later_op_spoiled(before, after, t, op.uid) : Reason::None;
  ask_later(question, spoiled);
  ask_tables(question, after, op, t);
  question.ask([&] { return suspended_target_reason(before, op, t); });
  question.ask([&] { return address_reason(before, op, t); });
  question.ask([&] { return later_change_spoiled(before, op); });
  question.ask(Reason::SuspendedTarget, [&] { return must_wait(before, op); });
  question.ask([&] { return spoiled; });  // the address of another
}

// What judge_plain() would find first, without a copy of the plan.
bool has_no_space(const Plan& plan, Operation op, Time t) {
  if (plan.effects(op).is_suspend_or_resume()) return false;  // they make space
  op.pieces = {{t, 0, op.nominal}};
  op.life = Life::Reserved;
  return bus_taken_until(plan, op) != kNever || planes_taken_until(plan, op) != kNever;
}

Answer judge_plain(const Plan& plan, Operation op, Time t) {
  Answer answer;
  answer.start = t;
  op.pieces = {{t, 0, op.nominal}};
  op.life = Life::Reserved;
  answer.after = plan;
  put(answer.after, op);
  Question question(answer);
  ask_all(question, plan, answer.after, op);
  return answer;
}

const Piece& piece_at(const Operation& op, Time t) {
  return *std::find_if(op.pieces.begin(), op.pieces.end(), [t](const Piece& piece) { return piece.covers(t); });
}

// SUS-03: what runs at t ends there; SUS-04: what has not started by then is taken back.
void cut(Plan& plan, Uid target, Time t) {
  Operation& op = plan.find(target);
  while (op.pieces.back().start > t) op.pieces.pop_back();
  Piece& last = op.pieces.back();
  last.to = last.from + (t - last.start);
}

void take_back(Operation& op, std::vector<Revoked>& revoked) {
  revoked.push_back({op.uid, op.start()});
  op.lost_end = op.end();
  op.life = Life::Backlogged;
  op.pieces.clear();
}

std::vector<Uid> planned_from(const Plan& plan, std::uint32_t die, Time t) {
  std::vector<std::pair<Time, Uid>> starts;
  for (const Operation& op : plan.ops) {
    if (op.die == die && op.is_planned() && !op.pieces.empty() && op.start() >= t)
      starts.emplace_back(op.start(), op.uid);
  }
  std::sort(starts.begin(), starts.end());
  std::vector<Uid> uids;
  uids.reserve(starts.size());
  for (const auto& start : starts) uids.push_back(start.second);
  return uids;
}

void take_back_followers(Plan& plan, std::uint32_t die, Family family, Time t, std::vector<Revoked>& revoked) {
  for (const Uid uid : planned_from(plan, die, t)) {
    Operation& op = plan.find(uid);
    if (plan.base(op).family == family) take_back(op, revoked);
  }
}

// A planned read that was accepted for what `missing` would have left by then: it would read something else.
bool builds_on(const Plan& before, const Operation& read, const Operation& missing) {
  const Effects& effects = before.effects(read);
  if (!before.device->rules.address || effects.action != Action::Read || effects.reads_suspended) return false;
  if (missing.end() == kNever || missing.end() > read.start()) return false;
  const Effects& lost = before.effects(missing);
  const auto guard = static_cast<std::int32_t>(before.device->rules.offset_guard);
  for (const Target& wanted : read.targets) {
    for (const Target& gone : missing.targets) {
      if (wanted.block != gone.block) continue;
      if (lost.action == Action::Erase || lost.whole_block || wanted.page >= gone.page - guard) return true;
    }
  }
  return false;
}

bool builds_on_missing(const Plan& before, const Plan& after, const Operation& later) {
  for (const Operation& op : after.ops) {
    const bool missing = op.end() == kNever && op.uid < before.next_uid && before.find(op.uid).end() != kNever;
    if (!missing) continue;
    const Operation& gone = before.find(op.uid);
    if (builds_on(before, later, gone)) return true;
    if (gone.end() <= later.end() && must_wait_for(before, later, gone)) return true;
  }
  return false;
}

// What the suspended state makes illegal: an op of the other family waits in its backlog, any other refuses the
// SUSPEND: its start; kNever: there is none.
Time spoiled_start(const Plan& before, Plan& after, const Operation& suspend, std::vector<Revoked>& revoked) {
  Family waiting = Family::None;
  for (const Uid uid : planned_from(after, suspend.die, suspend.start())) {
    Operation& op = after.find(uid);
    if (uid == suspend.uid) continue;
    const Family family = after.base(op).family;
    const bool behind_another = family != Family::None && family == waiting;  // the order of a family is kept
    if (!behind_another) {
      if (new_reason(before, after, uid) == Reason::None && !builds_on_missing(before, after, op)) continue;
      if (family == Family::None) return op.start();
      waiting = family;
    }
    take_back(op, revoked);
  }
  return kNever;
}

// No SUSPEND before one that is planned.
bool cut_later(const Plan& plan, std::uint32_t die, Family family, Time t) {
  return std::any_of(plan.suspensions.begin(), plan.suspensions.end(), [&](const Suspension& entry) {
    return entry.die == die && entry.family == family && entry.at > t;
  });
}

Reason suspend_limit(const Plan& plan, const Operation& target, Time t) {
  const Policies& policies = plan.device->policies;
  if (t - piece_at(target, t).start < policies.min_progress) return Reason::SuspendTooSoon;
  std::uint32_t cuts = 0;
  for (const Suspension& entry : plan.suspensions) cuts += entry.op == target.uid ? 1U : 0U;
  return policies.max_suspends_per_op != 0 && cuts >= policies.max_suspends_per_op ? Reason::SuspendLimit
                                                                                   : Reason::None;
}

// Before everything else: an earlier SUSPEND than a planned one, a target in ISSUE (SUS-02).
Reason refused_at_once(const Plan& plan, const Operation& suspend, const Operation* target) {
  const Time t = suspend.start();
  if (cut_later(plan, suspend.die, plan.effects(suspend).controls, t)) return Reason::StateForbidSuspend;
  if (target == nullptr) return Reason::None;
  const Piece& piece = piece_at(*target, t);
  const State state = state_at_offset(plan.spec(*target), piece.from + (t - piece.start));
  return state == State::Issue ? Reason::StateForbid : Reason::None;
}

// What would turn illegal, and then how long the SUSPEND waits: behind that, as long as there is something to cut.
void ask_followers(Question& question, const Plan& plan, const Operation& suspend, const Operation& target,
                   Answer& answer) {
  const Time t = suspend.start();
  answer.after.suspensions.push_back(
      {suspend.die, plan.effects(suspend).controls, target.uid, suspend.uid, t, suspend.last_end(), kNever});
  const Time spoiled = spoiled_start(plan, answer.after, suspend, answer.revoked);
  question.ask(Reason::Exclusion, [&] { return spoiled != kNever; });
  if (answer.reason != Reason::Exclusion) return;
  answer.ask_again = spoiled + 1;
  answer.is_final = answer.ask_again >= piece_at(target, t).end();
}

void ask_space_of_suspend(Question& question, const Operation& suspend, Answer& answer) {
  ask_space(question, answer.after, suspend);
  if (answer.reason == Reason::Bus) answer.ask_again = bus_taken_until(answer.after, suspend);
  if (answer.reason == Reason::PlaneScope) answer.ask_again = planes_taken_until(answer.after, suspend);
}

Answer judge_suspend(const Plan& plan, Operation op, Time t) {
  Answer answer;
  answer.start = t;
  const Family family = plan.effects(op).controls;
  const Operation* target = running_at(plan, op.die, family, t);
  op.nominal = target != nullptr ? plan.spec(op).nominal : plan.spec(op).issue_time();
  op.acts_on = answer.acts_on = target != nullptr ? target->uid : 0;
  op.pieces = {{t, 0, op.nominal}};
  if (const Reason reason = refused_at_once(plan, op, target); reason != Reason::None) {
    answer.reason = reason;
    answer.is_final = true;
    return answer;
  }
  answer.after = plan;
  if (target != nullptr) {
    cut(answer.after, target->uid, t);
    take_back_followers(answer.after, op.die, family, t, answer.revoked);
  }
  Question question(answer);
  ask_space_of_suspend(question, op, answer);
  put(answer.after, op);
  if (target != nullptr) ask_followers(question, plan, op, *target, answer);
  if (target == nullptr && question.open()) ask_later(question, later_op_spoiled(plan, answer.after, t, op.uid));
  if (!question.open()) return answer;
  ask_tables(question, plan, op, t);
  if (target != nullptr) question.ask([&] { return suspend_limit(plan, *target, t); });
  answer.is_final = !answer.ok();  // what it finds at its start is the answer
  return answer;
}

// SUS-09, SUS-10: the kept states go exactly behind the RESUME.
void place_kept_states(const Plan& plan, const Operation& resume, Answer& answer) {
  const Time until = resume.last_end();
  Operation& kept = answer.after.find(resume.acts_on);
  const Time consumed = kept.pieces.back().to;
  kept.pieces.push_back({until, consumed, kept.nominal});
  for (Suspension& entry : answer.after.suspensions) {
    if (entry.op == kept.uid && entry.until == kNever) entry.until = until;
  }
  Operation only_new = kept;
  only_new.pieces = {kept.pieces.back()};
  Question question(answer);
  ask_all(question, plan, answer.after, only_new);
  answer.is_final = !answer.ok();  // there is no fallback to another start
}

// The one that waits for its RESUME, planned ones included; nullptr: none.
const Suspension* open_suspension(const Plan& plan, const Operation& resume) {
  for (const Suspension& entry : plan.suspensions) {
    if (entry.die == resume.die && entry.family == plan.effects(resume).controls && entry.until == kNever)
      return &entry;
  }
  return nullptr;
}

Answer judge_resume(const Plan& plan, Operation op, Time t) {
  const Suspension* entry = open_suspension(plan, op);
  if (entry == nullptr || t < entry->at) {
    Answer answer;
    answer.start = t;
    answer.reason = Reason::NothingToResume;
    answer.is_final = true;
    return answer;
  }
  op.acts_on = entry->op;
  Answer answer = judge_plain(plan, op, t);
  answer.acts_on = op.acts_on;
  op.pieces = {{t, 0, op.nominal}};
  if (answer.ok()) place_kept_states(plan, op, answer);
  return answer;
}

std::vector<Time> instants_of(const Plan& plan) {
  std::set<Time> instants;
  for (const Operation& op : plan.ops) {
    for (const Piece& piece : op.pieces) {
      for_each_stretch(plan.spec(op), piece, [&](State, Time start, Time end, bool) {
        instants.insert(start);
        instants.insert(end);
      });
    }
  }
  for (const Suspension& entry : plan.suspensions) {
    instants.insert(entry.at);
    if (entry.until != kNever) instants.insert(entry.until);
  }
  return {instants.begin(), instants.end()};
}

std::set<Time> starts_to_try(const Plan& plan, const Operation& op, Time not_before) {
  std::set<Time> starts = {not_before};
  std::vector<Time> offsets = {0};
  for (const Step& step : plan.spec(op).steps) offsets.push_back(offsets.back() + step.duration);
  for (const Time instant : instants_of(plan)) {
    for (const Time offset : offsets) {
      for (const Time start : {instant - offset, instant - offset + 1}) {
        if (start > not_before) starts.insert(start);
      }
    }
  }
  return starts;
}

}  // namespace

Answer judge_at(const Plan& plan, const Operation& op, Time t) {
  const Action action = plan.effects(op).action;
  if (action == Action::Suspend) return judge_suspend(plan, op, t);
  if (action == Action::Resume) return judge_resume(plan, op, t);
  return judge_plain(plan, op, t);
}

Answer first_start(const Plan& plan, const Operation& op, Time not_before) {
  if (plan.effects(op).action == Action::Resume) {
    const Suspension* entry = open_suspension(plan, op);
    if (entry != nullptr) not_before = std::max(not_before, entry->at);  // its SUSPEND may be planned for later
  }
  const std::set<Time> starts = starts_to_try(plan, op, not_before);
  Time ask_again = 0;
  for (const Time start : starts) {
    if (start < ask_again || has_no_space(plan, op, start)) continue;
    Answer answer = judge_at(plan, op, start);
    if (answer.ok() || answer.is_final) return answer;
    if (answer.ask_again != kNever) ask_again = answer.ask_again;
  }
  // RES-02: why there is none is what stands in the way when everything planned is over.
  Answer answer = judge_at(plan, op, kNever / 2);
  if (answer.ok()) throw std::logic_error("reference: a start that was not tried");
  answer.start = not_before;
  return answer;
}

}  // namespace nandtlm::reference
