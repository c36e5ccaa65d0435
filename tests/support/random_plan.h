// Random requests for the dies of a DieBench, the same on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/die_bench.h"

namespace nandtlm::test {

/// Draws that do not depend on the standard library's distributions.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  /// 0 .. sides - 1.
  std::uint32_t below(std::uint32_t sides) { return static_cast<std::uint32_t>(engine_() % sides); }
  bool one_in(std::uint32_t sides) { return below(sides) == 0; }
  template <typename T>
  const T& pick(const std::vector<T>& items) {
    return items[below(static_cast<std::uint32_t>(items.size()))];
  }

 private:
  std::mt19937 engine_;
};

struct WantedOp {
  Request request;
  Time not_before = 0;
};

/// What random ops are made of: shares of a hundred; the rest are reads and other short ones.
struct Mix {
  std::vector<std::string> writes = {"Program", "Program", "Plane_Program", "Cache_Program", "Load_LSB", "Load_CSB",
                                     "Exec",    "Erase",   "Odt_Off",       "Odt_On",        "Odt_On"};
  std::vector<std::string> reads = {"Read",          "Read",          "Plane_Read", "Plane_Read",     "Plane_Read",
                                    "Dout",          "Dout",          "Cache_Read", "Cache_Read_End", "Status",
                                    "Copyback_Read", "Recovery_Read", "Get_Feature"};
  std::uint32_t written = 25;
  std::uint32_t suspended = 8;
  std::uint32_t resumed = 8;
  std::int32_t blocks = 8;
  std::int32_t pages = 4;
};

/// Few blocks and pages that are written, read and erased again and again.
Mix busy_blocks();

/// Ops of the round device that meet each other.
class RandomOps {
 public:
  RandomOps(const DieBench& bench, std::uint32_t seed, Mix mix = {})
      : bench_(bench), dice_(seed), mix_(std::move(mix)) {}

  /// Somewhere in `window` from now on, often at a round µs so that borders meet.
  WantedOp next(Time window);
  Dice& dice() { return dice_; }

 private:
  const DieBench& bench_;
  Dice dice_;
  Mix mix_;
};

/// The smallest start >= `not_before` at which judge_at() says ok, by trying every instant at which anything of the
/// plan or of the request could make a difference; kNever where there is none. No shortcuts: the oracle for
/// feasible_at().
Time brute_force_start(DieBench& bench, const Request& request, Time not_before);

}  // namespace nandtlm::test
