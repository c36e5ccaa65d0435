// On-die termination: one state for the package, as it is and as planned (RES-06).
#pragma once

#include <algorithm>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

class OdtTimeline {
 public:
  void advance(Time now) {
    while (!changes_.empty() && changes_.front().at <= now) {
      disabled_ = changes_.front().disabled;
      changes_.erase(changes_.begin());
    }
  }
  bool disabled_at(Time time) const {
    bool disabled = disabled_;
    for (const Change& change : changes_) {
      if (change.at <= time) disabled = change.disabled;
    }
    return disabled;
  }
  /// kNever where nothing is planned after `time`.
  Time next_change_after(Time time) const {
    for (const Change& change : changes_) {
      if (change.at > time) return change.at;
    }
    return kNever;
  }
  void plan(Time at, bool disabled, Uid uid) {
    const auto position = std::upper_bound(changes_.begin(), changes_.end(), at,
                                           [](Time time, const Change& change) { return time < change.at; });
    changes_.insert(position, Change{at, disabled, uid});
  }
  void remove(Uid uid) {
    changes_.erase(
        std::remove_if(changes_.begin(), changes_.end(), [&](const Change& change) { return change.uid == uid; }),
        changes_.end());
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(disabled_, changes_);
  }

 private:
  struct Change {
    Time at = 0;
    bool disabled = false;
    Uid uid = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(at, disabled, uid);
    }
  };
  bool disabled_ = false;
  std::vector<Change> changes_;
};

}  // namespace nandtlm
