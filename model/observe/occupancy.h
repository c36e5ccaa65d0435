// Places that take one occupant at a time: planes and buses (MET-02).
#pragma once

#include <cstdint>
#include <vector>

#include "model/observe/fault_list.h"
#include "tlm/types.h"

namespace nandtlm {

/// Intervals are half-open: a new occupant may come before the old one leaves, if both happen at one instant.
class Occupancy {
 public:
  /// `planes_per_die`: places are planes, die by die; 0: places are channels.
  Occupancy(const char* name, std::size_t places, std::uint32_t planes_per_die)
      : cells_(places), planes_per_die_(planes_per_die), faults_(name) {}

  void take(std::size_t place, Uid uid, Time at) {
    ++taken_;
    Cell& cell = cells_[place];
    if (cell.leaving != 0) add_overlap(place, faults_);  // three at one place, and the first is still there
    cell.leaving = cell.owner;
    cell.owner = uid;
    cell.since = at;
  }
  void release(std::size_t place, Uid uid, Time at) {
    Cell& cell = cells_[place];
    if (cell.owner == uid && cell.leaving == 0) {
      cell.owner = 0;
    } else {
      release_contested(place, uid, at);
    }
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(cells_, taken_, faults_);
  }

  /// `now`: the time of the last event.
  CheckLine line(Time now) const;

 private:
  struct Cell {
    Uid owner = 0;
    Uid leaving = 0;  ///< was there when `owner` came, and must leave at that same instant
    Time since = 0;   ///< when `owner` came

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(owner, leaving, since);
    }
  };

  void release_contested(std::size_t place, Uid uid, Time at);
  void add_overlap(std::size_t place, FaultList& faults) const;
  std::string place_text(std::size_t place) const;

  std::vector<Cell> cells_;
  std::uint32_t planes_per_die_;
  std::uint64_t taken_ = 0;
  FaultList faults_;
};

}  // namespace nandtlm
