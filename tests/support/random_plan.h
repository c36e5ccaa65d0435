// Random requests for the dies of a DieBench, the same on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
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
  const T& pick(const std::vector<T>& items) { return items[below(static_cast<std::uint32_t>(items.size()))]; }

 private:
  std::mt19937 engine_;
};

struct WantedOp {
  Request request;
  Time not_before = 0;
};

/// Ops of the round device in the mix that makes them meet: many short ones, some long, now and then a suspend or a
/// resume. `suspends`: how many of a hundred.
class RandomOps {
 public:
  RandomOps(const DieBench& bench, std::uint32_t seed, std::uint32_t suspends)
      : bench_(bench), dice_(seed), suspends_(suspends) {}

  /// Somewhere in `window` from now on, often at a round µs so that borders meet.
  WantedOp next(Time window);
  Dice& dice() { return dice_; }

 private:
  const DieBench& bench_;
  Dice dice_;
  std::uint32_t suspends_;
};

/// The smallest start >= `not_before` at which judge_at() says ok, by trying every instant at which anything of the plan
/// or of the request could make a difference; kNever where there is none. No shortcuts: the oracle for feasible_at().
Time brute_force_start(DieBench& bench, const Request& request, Time not_before);

}  // namespace nandtlm::test
