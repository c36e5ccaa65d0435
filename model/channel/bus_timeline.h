// Who has the bus of one channel, and when: reservations in time order, never two at once.
#pragma once

#include "model/flat_queue.h"
#include "tlm/types.h"

namespace nandtlm {

/// Half-open bus reservations. The past is dropped as time goes on.
class BusTimeline {
 public:
  struct Segment {
    Time start = 0;
    Time end = 0;
    Uid uid = 0;
    std::uint32_t die = 0;
    Family family = Family::None;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(start, end, uid, die, family);
    }
  };

  /// Forgets what ended at or before `now`.
  void advance(Time now) {
    now_ = now;
    while (!segments_.empty() && segments_.front().end <= now) segments_.pop_front();
  }

  /// The first reservation that overlaps [start, end) and that `ignore` does not wave through; nullptr: free.
  template <typename Ignore>
  const Segment* conflict(Time start, Time end, Ignore&& ignore) const {
    for (std::size_t i = first_ending_after(start); i < segments_.size() && segments_[i].start < end; ++i) {
      if (!ignore(segments_[i])) return &segments_[i];
    }
    return nullptr;
  }
  const Segment* conflict(Time start, Time end) const {
    return conflict(start, end, [](const Segment&) { return false; });
  }

  /// Precondition: no conflict. What lies in the past is not kept.
  void insert(const Segment& segment);
  /// Takes out the reservation of `uid` that starts at `start`, if it is still there.
  void remove(Time start, Uid uid);

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(segments_, now_);
  }

  std::size_t size() const { return segments_.size(); }
  const FlatQueue<Segment>& segments() const { return segments_; }

 private:
  /// Segments do not overlap, so ends are in order as well.
  std::size_t first_ending_after(Time time) const {
    // Common cases: everything reserved ends before `time`, or nothing does, because `time` is now.
    if (segments_.empty() || segments_.back().end <= time) return segments_.size();
    if (segments_.front().end > time) return 0;
    return search_ending_after(time);
  }
  std::size_t search_ending_after(Time time) const;

  FlatQueue<Segment> segments_;
  Time now_ = 0;
};

}  // namespace nandtlm
