// The rules of RES-01, each asked by walking over everything in the plan.
#pragma once

#include <vector>

#include "tests/reference/plan.h"

namespace nandtlm::reference {

/// Somebody else has the channel in a bus stretch of `op` (bus): when the first of them is done; kNever: nobody.
Time bus_taken_until(const Plan& plan, const Operation& op);
/// The same for its planes (planescope).
Time planes_taken_until(const Plan& plan, const Operation& op);
/// Somebody on other planes of the die does not suffer it (exclusion_multi).
bool multi_is_excluded(const Plan& plan, const Operation& op);
/// What the tables and the suspended states say against a start at `t`: latch, state_forbid, state_forbid_suspend,
/// state_forbid_odt, state_forbid_cache, in this order.
std::vector<Reason> table_reasons(const Plan& plan, const Operation& op, Time t);
/// Everything that speaks against an accepted op at its planned start, bus and planes aside.
std::vector<Reason> reasons_at_start(const Plan& plan, const Operation& op);
/// What `after` says against a planned op that `before` did not.
Reason new_reason(const Plan& before, const Plan& after, Uid uid);
/// Planned ops that start after `t` and that `after` makes illegal although `before` did not: the first new reason.
Reason later_op_spoiled(const Plan& before, const Plan& after, Time t, Uid except);

}  // namespace nandtlm::reference
