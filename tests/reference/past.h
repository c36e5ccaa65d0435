// What is over for good, folded together, so that nobody walks over it again: long runs stay quick.
#pragma once

#include <map>
#include <utility>

#include "tests/reference/address.h"
#include "tests/reference/flags.h"
#include "tests/reference/plan.h"

namespace nandtlm::reference {

/// The outcome of ops that are in the plan no more.
struct Past {
  std::map<std::pair<std::uint32_t, std::int32_t>, Block> blocks;  ///< by die and number
  std::map<std::uint32_t, Flags> flags;                            ///< by die; nothing of it is parked
  OdtState odt;

  /// Of a die; all idle where nothing is known.
  Flags flags_of(std::uint32_t die) const {
    const auto known = flags.find(die);
    return known == flags.end() ? Flags() : known->second;
  }
};

/// Takes out of the plan what was over before `now`, and before anything that stays has changed something: only its
/// outcome is kept.
void fold(Plan& plan, Time now);

}  // namespace nandtlm::reference
