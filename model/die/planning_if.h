// How a scheduler plans on a die: a plain interface without simulated time, exported by the die.
#pragma once

#include <systemc>

#include "model/die/resource_manager.h"

namespace nandtlm {

/// For schedulers only. Clients without a plan send transactions; the die then decides "now".
class PlanningIf : public virtual sc_core::sc_interface {
 public:
  /// The die's ResourceManager, brought to the current time.
  virtual ResourceManager& planner() = 0;
};

}  // namespace nandtlm
