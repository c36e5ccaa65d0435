#include "model/die/die_timeline.h"

#include <algorithm>
#include <cassert>

namespace nandtlm {

std::size_t DieTimeline::first_reaching(Time time) const {
  if (items_.empty() || items_.back().reach <= time) return items_.size();
  if (items_.front().reach > time) return 0;
  const Reservation* found = std::upper_bound(items_.begin(), items_.end(), time,
                                              [](Time t, const Reservation& item) { return t < item.reach; });
  return static_cast<std::size_t>(found - items_.begin());
}

std::size_t DieTimeline::first_starting_at(Time time) const {
  if (items_.empty() || items_.back().start < time) return items_.size();
  const Reservation* found = std::lower_bound(items_.begin(), items_.end(), time,
                                              [](const Reservation& item, Time t) { return item.start < t; });
  return static_cast<std::size_t>(found - items_.begin());
}

void DieTimeline::insert(Op& op, Time start, Time end) {
  // Behind all that start at the same time, so that equal starts keep the order of acceptance.
  std::size_t position = items_.size();
  if (!items_.empty() && items_.back().start > start) {
    const Reservation* found = std::upper_bound(items_.begin(), items_.end(), start,
                                                [](Time t, const Reservation& item) { return t < item.start; });
    position = static_cast<std::size_t>(found - items_.begin());
  }
  items_.insert(position, Reservation{start, end, 0, &op});
  refresh_reach(position);
}

void DieTimeline::set_end(const Op& op, Time start, Time end) {
  const std::size_t position = find(op, start);
  if (end < items_[position].end) dense_ = {};
  items_[position].end = end;
  refresh_reach(position);
}

void DieTimeline::remove(const Op& op, Time start, bool in_past) {
  const std::size_t position = find(op, start);
  items_.erase(position);
  refresh_reach(position);
  if (!in_past) dense_ = {};
}

void DieTimeline::clear() {
  items_.clear();
  dense_ = {};
}

std::size_t DieTimeline::find(const Op& op, Time start) const {
  std::size_t i = 0;
  if (items_.front().op != &op || items_.front().start != start) i = first_starting_at(start);
  while (i < items_.size() && items_[i].op != &op) ++i;
  assert(i < items_.size() && items_[i].start == start);
  return i;
}

void DieTimeline::refresh_reach(std::size_t from) {
  Time reach = from == 0 ? 0 : items_[from - 1].reach;
  for (std::size_t i = from; i < items_.size(); ++i) {
    reach = std::max(reach, items_[i].end);
    if (i > from && items_[i].reach == reach) return;  // the rest follows from here as before
    items_[i].reach = reach;
  }
}

std::size_t DieTimeline::stretch_index(const GapQuery& query) {
  if (query.kind == 0) return kMaxPlanes;
  std::size_t lowest = 0;
  while (lowest + 1 < kMaxPlanes && (query.planes >> lowest & 1U) == 0) ++lowest;
  return lowest;
}

Time DieTimeline::skip_dense(Time time, const GapQuery& query) const {
  const DenseStretch& dense = dense_[stretch_index(query)];
  const GapQuery& proved = dense.query;
  const bool holds = proved.planes != 0 && proved.kind == query.kind &&
                     (proved.planes & query.planes) == proved.planes && proved.length <= query.length &&
                     dense.from <= time && time < dense.to;
  return holds ? dense.to : time;
}

void DieTimeline::remember_dense(Time from, Time to, const GapQuery& query) {
  if (to <= from || query.planes == 0) return;
  DenseStretch& dense = dense_[stretch_index(query)];
  const GapQuery& proved = dense.query;
  const bool extends = proved.planes == query.planes && proved.kind == query.kind && proved.length <= query.length &&
                       dense.from <= from && from <= dense.to;
  if (!extends) {
    dense = DenseStretch{from, to, query};
  } else if (proved.length == query.length) {
    dense.to = std::max(dense.to, to);
  }  // else: a longer request proves nothing for a shorter one
}

}  // namespace nandtlm
