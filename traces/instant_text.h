// Rows of single moments, ordered by time, then uid (OUT-00), that are written as they come.
#pragma once

#include <cstddef>
#include <vector>

#include "tlm/types.h"
#include "traces/buffered_file.h"
#include "traces/by_uid.h"

namespace nandtlm {

/// The rows of one instant are for their file one row: it can still be put in order while it is open. A row with a
/// smaller uid may come until time goes on, but mostly does not: then nothing is moved.
class InstantText {
 public:
  /// The rows that follow are of `time`; those of an earlier instant may go to the disk. Precondition: `time` is not
  /// before that of any earlier row.
  void advance(Time time, BufferedFile& file) {
    if (time == time_) return;
    leave(file);
    time_ = time;
  }
  /// What was appended to `file` since the call before is a row of `uid`.
  void end_row(Uid uid, const BufferedFile& file) {
    Place& place = rows_.add(uid);
    place.begin = end_;
    place.end = end_ = file.open_size();
  }
  /// Ends the instant.
  void leave(BufferedFile& file) {
    if (rows_.size() == 0) return;
    if (!rows_.in_order()) sort(file);
    file.end_row();
    rows_.clear();
    end_ = 0;
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(rows_, end_, time_);
  }

  /// Rows held back.
  std::size_t size() const { return rows_.size(); }

 private:
  /// Of a row in the text of the instant.
  struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(begin, end);
    }
  };

  void sort(BufferedFile& file) {
    const char* const text = file.open_text();
    sorted_.clear();
    rows_.for_each(
        [&](Uid /*uid*/, const Place& place) { sorted_.insert(sorted_.end(), text + place.begin, text + place.end); });
    file.replace_open_text(sorted_.data());
  }

  ByUid<Place> rows_;
  std::size_t end_ = 0;  ///< of the last row
  Time time_ = 0;
  std::vector<char> sorted_;
};

}  // namespace nandtlm
