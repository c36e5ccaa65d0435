// May an op start at an instant, and when is the first at which it may (RES-01, RES-02, SUS-01 to SUS-16).
#pragma once

#include <vector>

#include "tests/reference/plan.h"

namespace nandtlm::reference {

/// What an acceptance takes back: an op and where it would have started.
struct Revoked {
  Uid uid = 0;
  Time planned_start = 0;
};

struct Answer {
  Reason reason = Reason::None;  ///< None: accepted
  bool is_final = false;         ///< no later instant is tried
  Time start = 0;
  Time ask_again = kNever;  ///< of a SUSPEND that waits for somebody on the bus or the planes
  Uid acts_on = 0;
  Plan after;  ///< the plan with the op in it
  std::vector<Revoked> revoked;

  bool ok() const { return reason == Reason::None; }
};

/// A start exactly at `t`. The op is in the plan already (a backlog entry) or new.
Answer judge_at(const Plan& plan, const Operation& op, Time t);
/// The first start from `not_before` on, by trying all instants at which anything changes; or why there is none.
Answer first_start(const Plan& plan, const Operation& op, Time not_before);

}  // namespace nandtlm::reference
