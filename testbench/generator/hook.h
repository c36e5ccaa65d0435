// The moments at which the generator proposes (GEN-01).
#pragma once

#include <cstdint>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// An op that was drawn before its hook came: it counts where the plane then is in the state that it was drawn for.
struct DrawnAhead {
  static constexpr std::uint32_t kNoPhase = 0xFFFFFFFF;

  std::uint32_t phase = kNoPhase;  ///< kNoPhase: nothing was drawn yet
  OpId op{};

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(phase, op);
  }
};

/// A moment at which is proposed for a plane.
struct Hook {
  std::uint32_t die = 0;
  std::uint32_t plane = 0;
  Family family = Family::None;  ///< of the op whose phase it belongs to
  std::uint32_t cuts = 0;        ///< of that family, on the die, when the phase began
  DrawnAhead drawn;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(die, plane, family, cuts, drawn);
  }
};

/// The hooks that are to come, each told by the number of its place.
class HookList {
 public:
  std::uint32_t put(const Hook& hook) {
    if (free_.empty()) {
      hooks_.push_back(hook);
      return static_cast<std::uint32_t>(hooks_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    hooks_[place] = hook;
    return place;
  }
  /// The hook has come: its place is free again.
  Hook take(std::uint32_t place) {
    free_.push_back(place);
    return hooks_[place];
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(hooks_, free_);
  }

 private:
  std::vector<Hook> hooks_;
  std::vector<std::uint32_t> free_;
};

}  // namespace nandtlm
