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
    /// Distance from the SUSPEND's end where `after_resume`, else an absolute time.
    Time when = 0;
    bool after_resume = false;
  };

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  Entry& head() { return entries_.front(); }
  void push_tail(const Entry& entry) { entries_.push_back(entry); }
  void push_head(const Entry& entry) { entries_.push_front(entry); }
  void pop_head() { entries_.pop_front(); }
  void remove(const Op& op) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.op == &op; });
    if (found != entries_.end()) entries_.erase(found);
  }

  /// The earliest start of the head (BKL-02): its old distance behind the RESUME's end, never before the entry before
  /// it.
  Time not_before() const {
    const Entry& entry = entries_.front();
    const Time own = entry.after_resume ? resume_end + std::max<Time>(0, entry.when) : entry.when;
    return std::max(own, last_start);
  }
  /// A refill or a retry is under way.
  bool busy() const { return reserved != nullptr || retry_pending || refill_due; }

  Op* reserved = nullptr;  ///< the old head, reserved and not started yet
  Time resume_end = 0;     ///< of the last RESUME
  Time last_start = 0;     ///< of the entry before the head
  Time suspend_end = 0;    ///< of the last SUSPEND
  bool retry_pending = false;
  bool refill_due = false;

 private:
  std::deque<Entry> entries_;
};

}  // namespace nandtlm
