// Allowed or refused, and why: the device's tables and the rules of a suspension, asked in the order of RES-01. Knows
// the facts of a die, nothing of the model.
#pragma once

#include "model/request.h"
#include "tests/sweeps/die_scene.h"

namespace nandtlm::test {

/// What is asked of a die, right now.
struct Wanted {
  const OpSpec* spec = nullptr;
  const OpBase* base = nullptr;
  TargetList targets;
};

struct Answer {
  Reason reason = Reason::None;
  bool nothing_to_suspend = false;
};

Answer judge_by_tables(const Device& device, const Facts& facts, const Wanted& wanted);

}  // namespace nandtlm::test
