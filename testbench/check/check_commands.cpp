// Every cut has its SUSPEND and every continuation its RESUME, of the right family and die (SUS-01, SUS-09).
#include <algorithm>
#include <tuple>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// Something that happened to a family on a die.
struct Moment {
  std::int32_t die;
  Kin family;
  Ps at;
};
bool operator<(const Moment& a, const Moment& b) {
  return std::tie(a.die, a.family, a.at) < std::tie(b.die, b.family, b.at);
}
using Moments = std::vector<Moment>;

bool holds(const Moments& moments, const Moment& moment) {
  return std::binary_search(moments.begin(), moments.end(), moment);
}

/// All OP_SUSPEND (or OP_RESUME) of ops of a family.
Moments moments_of(const Run& run, EventKind kind) {
  Moments moments;
  for (const Op& op : run.ops) {
    if (run.family(op) == Kin::None || !op.legal) continue;
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      if (run.events[i].kind == kind) moments.push_back({op.die, run.family(op), run.events[i].at});
    }
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

constexpr Kin kKinds[] = {Kin::Program, Kin::Erase};

bool acts_at(const Run& run, const Op& op, const Moments& moments, Ps at) {
  const BaseTraits& traits = run.traits_of(op);
  return std::any_of(std::begin(kKinds), std::end(kKinds), [&](Kin kin) {
    return traits.acts_on(kin) && holds(moments, {op.die, kin, at});
  });
}

/// Starts of the SUSPEND ops, or ends of the RESUME ops.
Moments commands_of(const Run& run, bool suspends) {
  Moments moments;
  for (const Op& op : run.ops) {
    const BaseTraits& traits = run.traits_of(op);
    if (!(suspends ? traits.is_suspend : traits.is_resume) || !op.started) continue;
    if (!suspends && op.life != Life::Ended) continue;
    const Ps at = suspends ? run.start_of(op) : run.last_event(op).at;
    for (const Kin kin : kKinds) {
      if (traits.acts_on(kin)) moments.push_back({op.die, kin, at});
    }
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

void expect_commands(const Run& run, EventKind kind, const Moments& commands, Findings& findings) {
  for (const Op& op : run.ops) {
    if (!op.legal) continue;
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      const Event& event = run.events[i];
      if (event.kind != kind) continue;
      const Kin family = run.family(op);
      if (family != Kin::None && holds(commands, {op.die, family, event.at})) continue;
      findings.add("{}: {} at {} us on die {} without a {} command of family {}", run.label(op), text(kind),
                   us_text(event.at), op.die, kind == EventKind::Suspend ? "SUSPEND" : "RESUME", text(family));
    }
  }
}

/// A time in which an op of a family runs without a break.
struct Stretch {
  std::int32_t die;
  Kin family;
  Ps start;
  Ps end;
  const Op* op;
};
bool operator<(const Stretch& a, const Stretch& b) {
  return std::tie(a.die, a.family, a.start) < std::tie(b.die, b.family, b.start);
}

std::vector<Stretch> stretches_of(const Run& run) {
  std::vector<Stretch> stretches;
  for (const Op& op : run.ops) {
    if (run.family(op) == Kin::None || !op.legal) continue;
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      const Event& event = run.events[i];
      if (event.kind != EventKind::Start && event.kind != EventKind::Resume) continue;
      const Ps end = i + 1 < op.events.last ? run.events[i + 1].at : run.end;
      stretches.push_back({op.die, run.family(op), event.at, end, &op});
    }
  }
  std::sort(stretches.begin(), stretches.end());
  return stretches;
}

/// SUS-02: a SUSPEND at a time at which an op of its family runs has cut one.
void expect_cuts(const Run& run, Findings& findings) {
  const std::vector<Stretch> stretches = stretches_of(run);
  for (const Op& op : run.ops) {
    const BaseTraits& traits = run.traits_of(op);
    if (!traits.is_suspend || op.effective || !op.started) continue;
    const Ps at = run.start_of(op);
    for (const Kin kin : kKinds) {
      if (!traits.acts_on(kin)) continue;
      auto after = std::lower_bound(stretches.begin(), stretches.end(), Stretch{op.die, kin, at, at, nullptr});
      if (after == stretches.begin()) continue;
      const Stretch& last = *std::prev(after);
      if (last.die != op.die || last.family != kin || last.end <= at) continue;
      findings.add("{} at {} us did not cut {}, which ran [{}, {}) us", run.label(op), us_text(at), run.label(*last.op),
                   us_text(last.start), us_text(last.end));
    }
  }
}

}  // namespace

void mark_effective_commands(Run& run) {
  const Moments suspends = moments_of(run, EventKind::Suspend);
  const Moments resumes = moments_of(run, EventKind::Resume);
  for (Op& op : run.ops) {
    const BaseTraits& traits = run.traits_of(op);
    if (!op.started) continue;
    if (traits.is_suspend) op.effective = acts_at(run, op, suspends, run.start_of(op));
    if (traits.is_resume) op.effective = op.life == Life::Ended && acts_at(run, op, resumes, run.last_event(op).at);
  }
}

void check_commands(const Run& run, Lines& lines) {
  Findings suspend("suspend_command");
  const Moments suspends = commands_of(run, true);
  expect_commands(run, EventKind::Suspend, suspends, suspend);
  expect_cuts(run, suspend);
  lines.push_back(suspend.line("every OP_SUSPEND is at the start of a SUSPEND, and no SUSPEND was passed over"));

  Findings resume("resume_command");
  expect_commands(run, EventKind::Resume, commands_of(run, false), resume);
  lines.push_back(resume.line("every OP_RESUME is at the end of a RESUME"));
}

}  // namespace nandtlm::check
