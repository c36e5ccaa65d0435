// Ids, time and addresses that travel on a socket. Knows nothing of the model.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>

namespace nandtlm {

/// Simulated time and durations in picoseconds (SPEC section 1: integer, nothing accumulates in floating point).
using Time = std::int64_t;

inline constexpr Time kPsPerUs = 1'000'000;
/// Later than every time that a run can reach; also "no such moment".
inline constexpr Time kNever = std::numeric_limits<Time>::max();

/// Number of an accepted operation, increasing, never reused (SPEC section 1). 0 is "none".
using Uid = std::uint64_t;

/// Index of an entry of `op_names` in its device (strong type: never mixed with a base).
enum class OpId : std::uint16_t {};
/// Index of an entry of `op_bases` in its device.
enum class BaseId : std::uint16_t {};
/// Index of an entry of `celltypes` in its device.
enum class CellId : std::uint8_t {};

template <typename Id>
constexpr std::size_t index(Id id) {
  return static_cast<std::size_t>(id);
}

/// One timed step of an operation (SPEC section 1).
enum class State : std::uint8_t { Issue, CoreBusy, DataIn, DataOut };
inline constexpr std::size_t kStates = 4;

/// What a suspend stops (SPEC section 1). `None` ops are never suspended.
enum class Family : std::uint8_t { Program, Erase, None };
/// Families that have a suspend stack.
inline constexpr std::size_t kFamilies = 2;

/// What an operation occupies (SPEC section 1).
enum class Scope : std::uint8_t { None, PlaneSet, DieWide };

/// Planes of one die; the width of a plane mask.
inline constexpr std::size_t kMaxPlanes = 8;
/// One bit per plane.
using PlaneMask = std::uint8_t;

/// An address inside a die. -1 where an operation has none (SPEC section 9, op_event_resume.csv).
/// Block b sits in plane `b % planes`.
struct Target {
  std::int32_t plane = -1;
  std::int32_t block = -1;
  std::int32_t page = -1;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(plane, block, page);
  }
  friend bool operator==(const Target& a, const Target& b) {
    return a.plane == b.plane && a.block == b.block && a.page == b.page;
  }
  friend bool operator!=(const Target& a, const Target& b) { return !(a == b); }
};

/// The targets of one operation, at most one per plane; lives inside its owner, never allocates.
class TargetList {
 public:
  TargetList() = default;
  TargetList(std::initializer_list<Target> targets) {
    for (const Target& target : targets) push_back(target);
  }
  // Lists are copied often and hold one target as a rule: only what they hold is copied.
  TargetList(const TargetList& other) { *this = other; }
  TargetList& operator=(const TargetList& other) {
    size_ = other.size_;
    for (std::size_t i = 0; i < size_; ++i) items_[i] = other.items_[i];
    return *this;
  }
  ~TargetList() = default;

  /// Precondition: not full().
  void push_back(const Target& target) {
    assert(!full());
    items_[size_++] = target;
  }
  void clear() { size_ = 0; }

  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == kMaxPlanes; }
  std::size_t size() const { return size_; }
  const Target& operator[](std::size_t i) const { return items_[i]; }
  Target& operator[](std::size_t i) { return items_[i]; }
  const Target* begin() const { return items_.data(); }
  const Target* end() const { return items_.data() + size_; }
  Target* begin() { return items_.data(); }
  Target* end() { return items_.data() + size_; }

  template <typename Archive>
  void transfer(Archive& archive) {
    auto size = static_cast<std::uint8_t>(size_);
    archive(size);
    size_ = size < kMaxPlanes ? size : kMaxPlanes;
    for (Target& target : *this) archive(target);
  }

  friend bool operator==(const TargetList& a, const TargetList& b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i) {
      if (a.items_[i] != b.items_[i]) return false;
    }
    return true;
  }
  friend bool operator!=(const TargetList& a, const TargetList& b) { return !(a == b); }

 private:
  std::array<Target, kMaxPlanes> items_{};
  std::size_t size_ = 0;
};

}  // namespace nandtlm
