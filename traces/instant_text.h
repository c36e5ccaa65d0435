// Rows of single moments, ordered by time, then uid (OUT-00), that are written as they come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "tlm/types.h"
#include "traces/buffered_file.h"

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
    in_order_ = in_order_ && last_ <= uid;
    last_ = uid;
    Row& row = rows_.emplace_back();  // filled in place
    row.uid = uid;
    row.end = file.open_size();
  }
  /// Ends the instant.
  void leave(BufferedFile& file) {
    if (rows_.empty()) return;
    if (!in_order_) sort(file);
    file.end_row();
    rows_.clear();
    last_ = 0;
    in_order_ = true;
  }

  /// Rows held back.
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    Uid uid = 0;
    std::size_t end = 0;  ///< in the text of the instant
  };

  void sort(BufferedFile& file) {
    const char* const text = file.open_text();
    order_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i) order_.emplace_back(rows_[i].uid, i);
    std::sort(order_.begin(), order_.end());
    sorted_.clear();
    for (const auto& [uid, i] : order_)
      sorted_.insert(sorted_.end(), text + (i == 0 ? 0 : rows_[i - 1].end), text + rows_[i].end);
    file.replace_open_text(sorted_.data());
  }

  std::vector<Row> rows_;
  Time time_ = 0;
  Uid last_ = 0;
  bool in_order_ = true;
  std::vector<std::pair<Uid, std::size_t>> order_;
  std::vector<char> sorted_;
};

}  // namespace nandtlm
