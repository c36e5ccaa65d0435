// Rows of single moments, ordered by time, then uid (OUT-00).
#pragma once

#include <cstddef>

#include "tlm/types.h"
#include "traces/by_uid.h"

namespace nandtlm {

/// Holds back the rows of one instant, because a row with a smaller uid may still come: they leave when time goes on.
template <typename Row>
class InstantRows {
 public:
  /// A new row of `time`, to be filled in place: until then it is that of some row before. Rows of an earlier instant
  /// are passed to `write(time, uid, row)` first. Precondition: `time` is not before that of any earlier row.
  template <typename Write>
  Row& add(Time time, Uid uid, Write&& write) {
    if (time != time_) {
      drain(write);
      time_ = time;
    }
    return rows_.add(uid);
  }
  /// Passes all rows to `write(time, uid, row)`, in the order of their uids, then of their adding.
  template <typename Write>
  void drain(Write&& write) {
    rows_.for_each([&](Uid uid, const Row& row) { write(time_, uid, row); });
    rows_.clear();
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(rows_, time_);
  }

  /// Rows held back.
  std::size_t size() const { return rows_.size(); }

 private:
  ByUid<Row> rows_;
  Time time_ = 0;
};

}  // namespace nandtlm
