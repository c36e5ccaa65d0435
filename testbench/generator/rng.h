// Random numbers that are the same on every machine: no library distribution, no floating point (GEN-06).
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlm/types.h"

namespace nandtlm {

/// The step from one number of splitmix64 to the next.
inline constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15U;

/// One step of splitmix64: spreads the bits of a counter or a seed.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += kGoldenGamma;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

/// splitmix64. Made anew for every hook from (seed, hook number), so that what one hook draws never moves what another
/// draws (GEN-06): most draw a few numbers only, so it must be cheap to make. Every stream is a stretch of the same
/// 2^64 numbers, from a place that its name is spread to.
class Rng {
 public:
  Rng(std::uint64_t seed, std::uint64_t stream) : state_(mix64(mix64(seed) ^ (stream * 0xD1342543DE82EF95U))) {}

  std::uint64_t next() {
    const std::uint64_t result = mix64(state_);
    state_ += kGoldenGamma;
    return result;
  }

  /// Uniform in [0, bound), exactly (Lemire: multiply, and reject the few products that would bias).
  /// Precondition: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    Wide product = Wide{next()} * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t threshold = (0U - bound) % bound;
      while (static_cast<std::uint64_t>(product) < threshold) product = Wide{next()} * bound;
    }
    return static_cast<std::uint64_t>(product >> 64U);
  }

  /// True once in `n` times.
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  /// A waiting time of a Poisson process with this mean, in ps: -ln(u) by integer arithmetic, to 2^-32.
  Time exponential(Time mean) {
    return static_cast<Time>((Wide{static_cast<std::uint64_t>(mean)} * minus_ln(next())) >> 32U);
  }

  /// -ln((x + 1/2) / 2^64) as a fixed-point number with 32 fraction bits.
  static std::uint64_t minus_ln(std::uint64_t x) {
    constexpr std::uint64_t kLn2 = 2977044472U;  // ln 2 * 2^32, rounded
    x |= 1U;
    unsigned shift = 0;
    while ((x >> 63U) == 0) {
      x <<= 1U;
      ++shift;
    }
    // x / 2^63 is in [1, 2): its binary logarithm bit by bit, by squaring.
    std::uint64_t fraction = 0;
    for (int bit = 31; bit >= 0; --bit) {
      const Wide square = Wide{x} * x;
      if ((square >> 127U) != 0) {
        fraction |= std::uint64_t{1} << static_cast<unsigned>(bit);
        x = static_cast<std::uint64_t>(square >> 64U);
      } else {
        x = static_cast<std::uint64_t>(square >> 63U);
      }
    }
    const std::uint64_t minus_log2 = (std::uint64_t{shift + 1} << 32U) - fraction;
    return static_cast<std::uint64_t>((Wide{minus_log2} * kLn2) >> 32U);
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(state_);
  }

 private:
  __extension__ using Wide = unsigned __int128;

  std::uint64_t state_;
};

}  // namespace nandtlm
