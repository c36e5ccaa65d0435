// The distribution of durations, in integers and in little memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// A log-linear histogram of durations in ps: 128 equal buckets between two powers of two.
/// Count, sum, min, max and mean are exact. A percentile is never too low, and too high by less than 1/128 of the true
/// value; below 256 ps it is exact. Memory grows with the logarithm of the longest duration, at most 60 KB.
class Histogram {
 public:
  /// A negative duration counts as 0.
  void add(Time duration) {
    const auto value = static_cast<std::uint64_t>(std::max<Time>(duration, 0));
    const std::size_t i = bucket_of(value);
    if (i >= buckets_.size()) buckets_.resize(i + 1);
    ++buckets_[i];
    min_ = count_ == 0 ? value : std::min(min_, value);
    max_ = std::max(max_, value);
    sum_ += value;
    ++count_;
  }

  template <typename Archive>
  void transfer(Archive& archive) {
    auto low = static_cast<std::uint64_t>(sum_);
    auto high = static_cast<std::uint64_t>(sum_ >> 64U);
    archive(buckets_, count_, min_, max_, low, high);
    sum_ = Wide{high} << 64U | low;
  }

  std::uint64_t count() const { return count_; }
  /// These are 0 where nothing was added. The mean is rounded down to 1 ps.
  Time min() const { return static_cast<Time>(min_); }
  Time max() const { return static_cast<Time>(max_); }
  Time mean() const { return count_ == 0 ? 0 : static_cast<Time>(sum_ / count_); }

  /// The nearest-rank percentile: at least `per_mille` thousandths of the durations are not longer. 1..1000.
  Time percentile(std::uint32_t per_mille) const {
    const std::uint64_t rank = std::max<std::uint64_t>((count_ * per_mille + 999) / 1000, 1);
    std::uint64_t passed = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      passed += buckets_[i];
      if (passed >= rank) return static_cast<Time>(std::min(highest_of(i), max_));
    }
    return max();
  }

 private:
  static constexpr unsigned kBits = 7;
  static constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kBits;
  // Sums of many long runs' durations exceed 64 bits of ps.
  __extension__ typedef unsigned __int128 Wide;

  /// Powers of two above the range in which a bucket is 1 ps wide.
  static unsigned octave_of(std::uint64_t value) {
    const unsigned highest_bit = 63U - static_cast<unsigned>(__builtin_clzll(value | kPerOctave));
    return highest_bit - kBits;
  }
  static std::size_t bucket_of(std::uint64_t value) {
    const unsigned octave = octave_of(value);
    return static_cast<std::size_t>(octave * kPerOctave + (value >> octave));
  }
  static std::uint64_t highest_of(std::size_t bucket) {
    if (bucket < 2 * kPerOctave) return bucket;
    const auto octave = static_cast<unsigned>(bucket / kPerOctave - 1);
    const std::uint64_t first = bucket - octave * kPerOctave;
    return ((first + 1) << octave) - 1;
  }

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  Wide sum_ = 0;
};

}  // namespace nandtlm
