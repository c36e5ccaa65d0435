// Following the events. The verdicts are in self_check_report.cpp.
#include "model/observe/self_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/scalars.h"
#include "tlm/record_at.h"

namespace nandtlm {
namespace {

const char* text(Life life) {
  constexpr std::array<const char*, 5> kNames = {"not live", "in the backlog", "reserved", "running", "suspended"};
  return kNames[static_cast<std::size_t>(life)];
}

/// FNV-1a over the die and the targets: equal addresses give equal numbers.
std::uint64_t fingerprint(const OpInfo& op) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto mix = [&hash](std::uint32_t word) { hash = (hash ^ word) * 0x100000001B3U; };
  mix(op.die);
  for (const Target& target : op.targets) {
    for (const std::int32_t part : {target.plane, target.block, target.page}) mix(static_cast<std::uint32_t>(part));
  }
  return hash;
}

Time sum_of(const std::vector<Step>& steps) {
  Time sum = 0;
  for (const Step& step : steps) sum += step.duration;
  return sum;
}

}  // namespace

SelfCheck::SelfCheck(const Device& device)
    : device_(device),
      families_(device.topology.dies),
      last_reset_(device.topology.dies),
      planes_("plane_occupancy", static_cast<std::size_t>(device.topology.dies) * device.topology.planes,
              device.topology.planes),
      buses_("bus", device.topology.channels, 0),
      backlog_order_(device.topology.dies) {
  for (const OpSpec& op : device.ops) {
    const Effects& effects = device.base(op.base).effects;
    const Family suspends = effects.action == Action::Suspend ? effects.controls : Family::None;
    times_.push_back({sum_of(op.steps), op.issue_time(), suspends, effects.action});
  }
}

void SelfCheck::op_accepted(const OpInfo& op, Time at, Time start) {
  now(at);
  ++accepted_;
  Followed& followed = record_at(followed_, op.slot);
  if (followed.life != Life::Free) {
    lost_.add([&] {
      return fmt::format("uid {} was {} when uid {} took its place at {} us", followed.uid, text(followed.life), op.uid,
                         us_text(at));
    });
    forget(followed, op.slot, at);
  }
  followed = Followed();
  followed.uid = op.uid;
  followed.accepted = at;
  followed.die = op.die;
  followed.family = device_.base_of(op.op).family;
  followed.planned = start;
  followed.life = start == kNever ? Life::Backlogged : Life::Reserved;
  if (start != kNever || followed.family == Family::None) return;
  followed.waits_in_order = true;
  backlog_order_.arrived(op.slot, op.uid, followed.family, op.die);
}

void SelfCheck::op_backlogged(const OpInfo& op, Time at) {
  now(at);
  Followed* followed = find_live(op, at, "goes to the backlog", event_order_);
  if (followed == nullptr || followed->life == Life::Backlogged) return;
  if (followed->life != Life::Reserved || followed->family == Family::None) {  // SUS-15
    return wrong_life(*followed, "goes to the backlog", at);
  }
  followed->life = Life::Backlogged;
  followed->waits_in_order = true;
  backlog_order_.revoked(op.slot, op.uid, followed->family, op.die, followed->planned, at);
}

void SelfCheck::op_planned(const OpInfo& op, Time at, Time start) {
  now(at);
  Followed* followed = find_live(op, at, "gets a reservation", event_order_);
  if (followed == nullptr) return;
  if (followed->life != Life::Backlogged && followed->life != Life::Reserved) {
    return wrong_life(*followed, "gets a reservation", at);
  }
  followed->life = Life::Reserved;
  followed->planned = start;
  if (followed->waits_in_order) backlog_order_.planned(op.slot, start);
}

void SelfCheck::op_started(const OpInfo& op, Time at) {
  now(at);
  ++started_;
  Followed* followed = find_live(op, at, "starts", event_order_);
  if (followed == nullptr) return;
  if (followed->life != Life::Reserved) wrong_life(*followed, "starts", at);
  if (followed->life == Life::Running || followed->life == Life::Suspended) return;
  if (followed->waits_in_order) backlog_order_.started(op.slot, at);
  followed->waits_in_order = false;
  if (followed->family != Family::None) start_in_family(*followed, at);
  followed->life = Life::Running;
  followed->started = at;
  followed->piece = at;
  occupy(*followed, op.planes, at);
  const Action action = times_[index(op.op)].action;
  if (action == Action::ResetDie || action == Action::ResetAll) note_reset(op, at);
}

void SelfCheck::note_reset(const OpInfo& op, Time at) {
  ++reset_count_;
  if (times_[index(op.op)].action == Action::ResetDie) {
    last_reset_[op.die] = Reset{at, op.uid};
  } else {
    std::fill(last_reset_.begin(), last_reset_.end(), Reset{at, op.uid});
  }
}

void SelfCheck::start_in_family(const Followed& op, Time at) {
  FamilyView& family = family_of(op);
  family.last_start = at;
  family.last_started = op.uid;
  if (!family.suspended()) return;
  starts_.add([&] {
    const Uid suspended = family.stack.empty() ? 0 : followed_[family.stack.back()].uid;
    return fmt::format("uid {} started at {} us while {} of die {} was suspended (uid {})", op.uid, us_text(at),
                       name(op.family), op.die, suspended);
  });
}

void SelfCheck::op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) {
  now(at);
  Followed* followed = find_live(op, at, "is suspended", event_order_);
  if (followed == nullptr) return;
  if (followed->life != Life::Running || followed->family == Family::None) {
    return wrong_life(*followed, "is suspended", at);
  }
  followed->executed += at - followed->piece;
  if (consumed != followed->executed || consumed + remaining != times_[index(op.op)].nominal || remaining <= 0) {
    pieces_.add([&] {
      return fmt::format("uid {} cut at {} us: it ran {} us, told as {} us with {} us left of {} us", op.uid,
                         us_text(at), us_text(followed->executed), us_text(consumed), us_text(remaining),
                         us_text(times_[index(op.op)].nominal));
    });
  }
  followed->address_at_cut = fingerprint(op);
  followed->was_cut = true;
  vacate(*followed, at);
  push(*followed, op.slot, at);
}

void SelfCheck::push(Followed& op, std::uint32_t slot, Time at) {
  FamilyView& family = family_of(op);
  expect_no_program_suspended(op, "suspended", at);
  if (family.last_start == at && family.last_started != op.uid) {
    starts_.add([&] {
      return fmt::format("uid {} started at {} us, when {} of die {} was suspended (uid {})", family.last_started,
                         us_text(at), name(op.family), op.die, op.uid);
    });
  }
  op.life = Life::Suspended;
  family.stack.push_back(slot);
  family.last_cut = at;
  ++family.suspends;
}

void SelfCheck::op_resumed(const OpInfo& op, Time at, Time remaining) {
  now(at);
  Followed* followed = find_live(op, at, "is resumed", event_order_);
  if (followed == nullptr) return;
  if (followed->life != Life::Suspended) return wrong_life(*followed, "is resumed", at);
  if (remaining != times_[index(op.op)].nominal - followed->executed) {
    pieces_.add([&] {
      return fmt::format("uid {} resumed at {} us with {} us left, but it ran {} us of {} us", op.uid, us_text(at),
                         us_text(remaining), us_text(followed->executed), us_text(times_[index(op.op)].nominal));
    });
  }
  pop(*followed, op.slot, at);
  ++family_of(*followed).resumes;
  followed->life = Life::Running;
  followed->piece = at;
  occupy(*followed, op.planes, at);
}

/// SUS-09: the newest of its family, whatever the other family's stack holds, but for SUS-08.
void SelfCheck::pop(const Followed& op, std::uint32_t slot, Time at) {
  std::vector<std::uint32_t>& stack = family_of(op).stack;
  if (stack.back() != slot) {
    stack_order_.add([&] {
      return fmt::format("uid {} resumed at {} us before uid {}, which was suspended later", op.uid, us_text(at),
                         followed_[stack.back()].uid);
    });
  }
  stack.erase(std::find(stack.begin(), stack.end(), slot));
  expect_no_program_suspended(op, "resumed", at);
}

/// SUS-08: while a program is suspended, nothing happens to the erase below it.
void SelfCheck::expect_no_program_suspended(const Followed& op, const char* event, Time at) {
  if (op.family != Family::Erase || !device_.rules.suspend) return;
  const FamilyView& programs = families_.at(Family::Program, op.die);
  if (programs.stack.empty()) return;
  stack_order_.add([&] {
    return fmt::format("uid {} {} at {} us while uid {} is suspended above it", op.uid, event, us_text(at),
                       followed_[programs.stack.back()].uid);
  });
}

void SelfCheck::op_ended(const OpInfo& op, Time at) {
  now(at);
  ++completed_;
  Followed* followed = find_live(op, at, "ends", end_once_);
  if (followed == nullptr) return;
  if (followed->life == Life::Running) {
    followed->executed += at - followed->piece;
    judge_length(op, *followed, at);
  } else {
    end_once_.add(
        [&] { return fmt::format("uid {} ended at {} us while {}", op.uid, us_text(at), text(followed->life)); });
  }
  if (survived_reset(*followed)) {
    survivors_.add([&] {
      return fmt::format("uid {} ended at {} us although die {} was reset at {} us", op.uid, us_text(at), op.die,
                         us_text(last_reset_[op.die].at));
    });
  }
  if (followed->was_cut && followed->address_at_cut != fingerprint(op)) resume_mismatch(op, at);
  forget(*followed, op.slot, at);
}

/// A SUSPEND that cuts nothing runs its ISSUE only (SUS-02); every other op runs all of its time.
void SelfCheck::judge_length(const OpInfo& info, const Followed& op, Time at) {
  const OpTimes& times = times_[index(info.op)];
  const bool is_idle_suspend =
      times.suspends != Family::None && families_.at(times.suspends, op.die).last_cut != op.started;
  const Time expected = is_idle_suspend ? times.issue : times.nominal;
  if (op.executed == expected) return;
  pieces_.add([&] {
    return fmt::format("uid {} ended at {} us after {} us of {} us{}", op.uid, us_text(at), us_text(op.executed),
                       us_text(expected), is_idle_suspend ? " (it suspended nothing)" : "");
  });
}

void SelfCheck::op_aborted(const OpInfo& op, Time at, Time consumed, Reason /*why*/) {
  now(at);
  ++aborted_;
  Followed* followed = find_live(op, at, "is aborted", end_once_);
  if (followed == nullptr) return;
  if (followed->life == Life::Running) followed->executed += at - followed->piece;
  if (followed->executed != consumed) {
    pieces_.add([&] {
      return fmt::format("uid {} aborted at {} us: it ran {} us, told as {} us", op.uid, us_text(at),
                         us_text(followed->executed), us_text(consumed));
    });
  }
  if (followed->life == Life::Suspended) ++family_of(*followed).aborts;
  forget(*followed, op.slot, at);
}

void SelfCheck::bus_taken(std::uint32_t channel, const OpInfo& op, Time at) {
  now(at);
  buses_.take(channel, op.uid, at);
}

void SelfCheck::bus_released(std::uint32_t channel, Uid uid, Time at) {
  now(at);
  buses_.release(channel, uid, at);
}

void SelfCheck::suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) {
  now(at);
  FamilyView& view = families_.at(family, die);
  view.told_suspended = suspended;
  view.told_depth = depth;
}

void SelfCheck::resume_mismatch(const OpInfo& op, Time at) {
  now(at);
  targets_.add([&] { return fmt::format("uid {} ended at {} us on other targets", op.uid, us_text(at)); });
}

void SelfCheck::now(Time at) {
  if (at < now_) {
    event_order_.add([&] { return fmt::format("an event of {} us came after {} us", us_text(at), us_text(now_)); });
  }
  now_ = at;
}

/// The record of a live op; an event of any other is a fault.
SelfCheck::Followed* SelfCheck::find_live(const OpInfo& op, Time at, const char* event, FaultList& faults) {
  if (op.slot < followed_.size()) {
    Followed& followed = followed_[op.slot];
    if (followed.uid == op.uid && followed.life != Life::Free) return &followed;
  }
  faults.add([&] { return fmt::format("uid {} {} at {} us but is not live", op.uid, event, us_text(at)); });
  return nullptr;
}

void SelfCheck::wrong_life(const Followed& op, const char* event, Time at) {
  event_order_.add([&] {
    const char* family = op.family == Family::None ? " and of no family" : "";
    return fmt::format("uid {} {} at {} us while {}{}", op.uid, event, us_text(at), text(op.life), family);
  });
}

void SelfCheck::occupy(Followed& op, PlaneMask planes, Time at) {
  vacate(op, at);
  op.held = planes;
  std::size_t place = static_cast<std::size_t>(op.die) * device_.topology.planes;
  for (; planes != 0; planes = static_cast<PlaneMask>(planes >> 1U), ++place) {
    if ((planes & 1U) != 0) planes_.take(place, op.uid, at);
  }
}

void SelfCheck::vacate(Followed& op, Time at) {
  std::size_t place = static_cast<std::size_t>(op.die) * device_.topology.planes;
  for (; op.held != 0; op.held = static_cast<PlaneMask>(op.held >> 1U), ++place) {
    if ((op.held & 1U) != 0) planes_.release(place, op.uid, at);
  }
}

void SelfCheck::forget(Followed& op, std::uint32_t slot, Time at) {
  vacate(op, at);
  if (op.waits_in_order) backlog_order_.left(slot);
  if (op.life == Life::Suspended) {
    std::vector<std::uint32_t>& stack = family_of(op).stack;
    stack.erase(std::find(stack.begin(), stack.end(), slot));
  }
  op.life = Life::Free;
}

}  // namespace nandtlm
