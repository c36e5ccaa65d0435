#include "model/channel/bus_timeline.h"

#include <algorithm>

namespace nandtlm {

std::size_t BusTimeline::first_ending_after(Time time) const {
  // Appending is the common case: everything reserved ends before `time`.
  if (segments_.empty() || segments_.back().end <= time) return segments_.size();
  const auto found = std::upper_bound(segments_.begin(), segments_.end(), time,
                                      [](Time t, const Segment& segment) { return t < segment.end; });
  return static_cast<std::size_t>(found - segments_.begin());
}

void BusTimeline::insert(const Segment& segment) {
  const std::size_t position = first_ending_after(segment.start);
  segments_.insert(segments_.begin() + static_cast<std::ptrdiff_t>(position), segment);
}

void BusTimeline::remove(Time start, Uid uid) {
  const std::size_t position = first_ending_after(start);
  if (position == segments_.size()) return;
  const Segment& found = segments_[position];
  if (found.start != start || found.uid != uid) return;
  segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(position));
}

}  // namespace nandtlm
