// The address rules (section 8), from the list of what has happened to a block.
#pragma once

#include <vector>

#include "tests/reference/plan.h"

namespace nandtlm::reference {

/// What a block holds at an instant (EPR-01).
struct Block {
  bool bad = false;
  bool erased = false;  ///< since its last erase that came through nothing spoiled it
  CellId erased_as{};
  std::int32_t last = -1;        ///< last programmed page
  std::vector<CellId> pages;     ///< cell type of pages 0 .. last
  std::vector<Oneshot> oneshot;  ///< steps since the last complete page
  std::int32_t oneshot_page = -1;
};

/// From the ops that have ended by `t` in this plan.
Block block_at(const Plan& plan, std::uint32_t die, std::int32_t block, Time t);
/// Range and shape of the targets: what no time can change. Reason::None: legal.
Reason shape_reason(const Plan& plan, const Operation& op);
/// All address rules for an op that goes to a backlog: behind everything accepted that changes its blocks (EPR-03).
Reason arrival_reason(const Plan& plan, const Operation& op);
/// EPR-03: something in a backlog is to change one of its blocks first.
bool must_wait(const Plan& plan, const Operation& op);
/// EPR-03: both change a block, so that they do it in their order.
bool must_wait_for(const Plan& plan, const Operation& op, const Operation& other);
/// True where `other`, in a backlog, comes after `op`, in a backlog too.
bool waits_behind(const Operation& other, const Operation& op);
/// All address rules, for a start at `t`.
Reason address_reason(const Plan& plan, const Operation& op, Time t);
/// EPR-03 the other way round: the reason that an accepted op which changes a block after `op`, planned or waiting,
/// would have if `op` ran as it is planned in its pieces.
Reason later_change_spoiled(const Plan& plan, const Operation& op);
/// SUS-07: does it address what is suspended at `t`?
Reason suspended_target_reason(const Plan& plan, const Operation& op, Time t);

}  // namespace nandtlm::reference
