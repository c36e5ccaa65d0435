#include "model/observe/occupancy.h"

#include <fmt/format.h>

#include "config/scalars.h"

namespace nandtlm {

void Occupancy::release_contested(std::size_t place, Uid uid, Time at) {
  Cell& cell = cells_[place];
  const bool is_known = uid == cell.owner || uid == cell.leaving;
  if (!is_known) {
    faults_.add([&] {
      return fmt::format("uid {} leaves {} at {} us without being there", uid, place_text(place), us_text(at));
    });
    return;
  }
  if (at != cell.since) add_overlap(place, faults_);
  if (uid != cell.leaving) cell.owner = cell.leaving;
  cell.leaving = 0;
}

void Occupancy::add_overlap(std::size_t place, FaultList& faults) const {
  const Cell& cell = cells_[place];
  faults.add([&] {
    return fmt::format("uid {} took {} at {} us while uid {} was there", cell.owner, place_text(place),
                       us_text(cell.since), cell.leaving);
  });
}

std::string Occupancy::place_text(std::size_t place) const {
  if (planes_per_die_ == 0) return fmt::format("channel {}", place);
  return fmt::format("die {} plane {}", place / planes_per_die_, place % planes_per_die_);
}

CheckLine Occupancy::line(Time now) const {
  FaultList faults = faults_;
  for (std::size_t place = 0; place < cells_.size(); ++place) {
    if (cells_[place].leaving != 0 && cells_[place].since < now) add_overlap(place, faults);
  }
  return faults.line(fmt::format("{} occupations", taken_));
}

}  // namespace nandtlm
