// How observers find what they remember by family and die.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// One T for every (family, die). Family::None has one too, so that no event of a broken model breaks its observers;
/// for_each() passes it over.
template <typename T>
class PerFamilyDie {
 public:
  explicit PerFamilyDie(std::uint32_t dies) : items_(dies) {}

  T& at(Family family, std::uint32_t die) { return items_[die][static_cast<std::size_t>(family)]; }
  const T& at(Family family, std::uint32_t die) const { return items_[die][static_cast<std::size_t>(family)]; }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(items_);
  }

  /// Calls f(family, die, item), family by family.
  template <typename F>
  void for_each(F&& f) const {
    for (const Family family : {Family::Program, Family::Erase}) {
      for (std::uint32_t die = 0; die < items_.size(); ++die) f(family, die, at(family, die));
    }
  }

 private:
  std::vector<std::array<T, kFamilies + 1>> items_;
};

}  // namespace nandtlm
