#include "model/channel/bus_timeline.h"

#include <algorithm>

namespace nandtlm {

std::size_t BusTimeline::search_ending_after(Time time) const {
  const Segment* found = std::upper_bound(segments_.begin(), segments_.end(), time,
                                          [](Time t, const Segment& segment) { return t < segment.end; });
  return static_cast<std::size_t>(found - segments_.begin());
}

void BusTimeline::insert(const Segment& segment) {
  if (segment.end > now_) segments_.insert(first_ending_after(segment.start), segment);
}

void BusTimeline::remove(Time start, Uid uid) {
  const std::size_t position = first_ending_after(start);
  if (position == segments_.size()) return;
  if (segments_[position].start == start && segments_[position].uid == uid) segments_.erase(position);
}

}  // namespace nandtlm
