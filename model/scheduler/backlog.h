// The backlog of one family on one die: a FIFO of accepted ops that wait for the end of a suspension (BKL-01).
#pragma once

#include <algorithm>
#include <deque>

#include "model/op.h"

namespace nandtlm {

class Backlog {
 public:
  struct Entry {
    Op* op = nullptr;
    Time wanted = 0;  ///< without the times for which the family was suspended so far
  };

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  Entry& head() { return entries_.front(); }
  /// `wanted`: when it was to start, as of now.
  void push_tail(Op& op, Time wanted) { entries_.push_back(Entry{&op, wanted - suspended_time_}); }
  void push_head(Op& op, Time wanted) { entries_.push_front(Entry{&op, wanted - suspended_time_}); }
  void pop_head() { entries_.pop_front(); }
  void remove(const Op& op) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.op == &op; });
    if (found != entries_.end()) entries_.erase(found);
  }

  /// The earliest start of the head (BKL-02): it keeps its distance from the end of every SUSPEND behind the end of its
  /// RESUME, and is never before the entry before it.
  Time not_before() const { return std::max(entries_.front().wanted + suspended_time_, last_start); }
  void suspend_ended(Time now) { suspend_end_ = now; }
  void resume_ended(Time now) {
    suspended_time_ += now - suspend_end_;
    last_start = now;
  }
  /// A refill or a retry is under way.
  bool busy() const { return reserved != nullptr || retry || refill_due; }

  void transfer(StateArchive& archive, OpTable& ops);

  Op* reserved = nullptr;  ///< the old head, reserved and not started yet
  Time last_start = 0;     ///< of the entry before the head
  CalendarHandle retry;    ///< that is pending
  bool refill_due = false;

 private:
  std::deque<Entry> entries_;
  Time suspend_end_ = 0;     ///< of the last SUSPEND
  Time suspended_time_ = 0;  ///< from the end of every SUSPEND to the end of its RESUME, in all
};

}  // namespace nandtlm
