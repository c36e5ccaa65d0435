// An ordered calendar whose entries can be cancelled by handle (EVT-02).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "model/flat_queue.h"
#include "tlm/types.h"

namespace nandtlm {

/// Names an entry of a calendar by its place: good until the entry is popped or cancelled.
struct CalendarHandle {
  Time time = kNever;
  std::uint64_t rank = 0;
  std::uint32_t lane = 0;

  /// False for a handle that names nothing.
  explicit operator bool() const { return time != kNever; }
  template <typename Archive>
  void transfer(Archive& archive) {
    archive(time, rank, lane);
  }
};

/// Entries in the order of (time, rank). Each belongs to a lane (a die): a lane is a short sorted list, and a
/// tournament between the heads of the lanes tells what is next. O(log lanes) where a head changes, O(log entries of
/// the lane) to find a place in it; far cheaper than one heap of everything, because most entries never become the head
/// of a race.
template <typename Item>
class Calendar {
 public:
  explicit Calendar(std::size_t lanes) : lanes_(lanes) {
    while (leaves_ < lanes) leaves_ *= 2;
    heads_.resize(leaves_, kNoEntry);
    winners_.resize(2 * leaves_);
    for (std::size_t leaf = 0; leaf < leaves_; ++leaf) winners_[leaves_ + leaf] = static_cast<std::uint32_t>(leaf);
    for (std::size_t node = leaves_ - 1; node > 0; --node) winners_[node] = winners_[2 * node];
  }

  std::size_t lanes() const { return lanes_.size(); }
  bool empty() const { return next_time() == kNever; }
  std::size_t size() const {
    std::size_t entries = 0;
    for (const auto& lane : lanes_) entries += lane.size();
    return entries;
  }
  /// kNever where the calendar is empty.
  Time next_time() const { return time_of(heads_[first_lane()]); }

  /// The next entry, nullptr where it comes after `time`.
  const Item* next_until(Time time) const {
    const std::uint32_t lane = first_lane();
    return time_of(heads_[lane]) <= time ? &lanes_[lane].front().item : nullptr;
  }

  /// `time` is not negative and before kNever. At one time, entries leave by rising `rank`; no two are equal.
  CalendarHandle push(std::uint32_t lane, Time time, std::uint64_t rank, const Item& item) {
    FlatQueue<Entry>& entries = lanes_[lane];
    const Order order = order_of(time, rank);
    const bool last = entries.empty() || entries.back().order() < order;
    const std::size_t position = last ? entries.size() : first_not_before(entries, order);
    entries.insert(position, Entry{time, rank, item});
    if (position == 0) head_changed(lane);
    return CalendarHandle{time, rank, lane};
  }

  /// Precondition: not empty().
  Item pop() {
    const std::uint32_t lane = first_lane();
    const Item item = lanes_[lane].front().item;
    lanes_[lane].pop_front();
    head_changed(lane);
    return item;
  }

  /// Calls f(handle, item) for every entry, lane by lane.
  template <typename F>
  void for_each(F&& f) const {
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
      for (const Entry& entry : lanes_[lane]) f(CalendarHandle{entry.time, entry.rank, lane}, entry.item);
    }
  }

  /// Precondition: the entry of `handle` is still in the calendar.
  void cancel(const CalendarHandle& handle) {
    FlatQueue<Entry>& entries = lanes_[handle.lane];
    const std::size_t position = first_not_before(entries, order_of(handle.time, handle.rank));
    entries.erase(position);
    if (position == 0) head_changed(handle.lane);
  }

 private:
  __extension__ using Order = unsigned __int128;  ///< time, then rank: compared in one go, without a branch to guess
  static Order order_of(Time time, std::uint64_t rank) { return Order{static_cast<std::uint64_t>(time)} << 64U | rank; }
  static Time time_of(Order order) { return static_cast<Time>(order >> 64U); }
  static constexpr std::uint32_t kNoLane = 0xFFFFFFFF;
  static constexpr Order kNoEntry = Order{static_cast<std::uint64_t>(kNever)} << 64U;

  struct Entry {
    Time time = 0;
    std::uint64_t rank = 0;
    Item item{};

    Order order() const { return order_of(time, rank); }
  };

  static std::size_t first_not_before(const FlatQueue<Entry>& entries, Order order) {
    // Where it is cannot be foreseen, so it is halved without a branch to guess.
    const Entry* first = entries.begin();
    std::size_t left = entries.size();
    while (left > 1) {
      const std::size_t half = left / 2;
      first += half * static_cast<std::size_t>(first[half - 1].order() < order);
      left -= half;
    }
    const bool last_too = left == 1 && first->order() < order;
    return static_cast<std::size_t>(first - entries.begin()) + (last_too ? 1 : 0);
  }

  /// What is popped is often followed by a push to the same lane: one lane's matches wait until somebody asks.
  void head_changed(std::uint32_t lane) {
    if (open_lane_ == lane) return;
    settle();
    open_lane_ = lane;
  }
  void settle() const {
    if (open_lane_ != kNoLane) race(open_lane_);
    open_lane_ = kNoLane;
  }
  std::uint32_t first_lane() const {
    settle();
    return winners_[1];
  }

  /// Plays the matches of `lane` again, up to the root.
  void race(std::uint32_t lane) const {
    Order* const heads = heads_.data();
    std::uint32_t* const winners = winners_.data();
    Order best = lanes_[lane].empty() ? kNoEntry : lanes_[lane].front().order();
    heads[lane] = best;
    std::uint32_t winner = lane;
    for (std::size_t node = leaves_ + lane; node > 1; node /= 2) {
      const std::uint32_t rival = winners[node ^ 1U];
      const bool loses = heads[rival] < best;
      winner = loses ? rival : winner;
      best = loses ? heads[rival] : best;
      winners[node / 2] = winner;
    }
  }

  std::vector<FlatQueue<Entry>> lanes_;
  std::size_t leaves_ = 1;
  // Brought up to date when they are looked at.
  mutable std::vector<Order> heads_;  ///< of each lane, padded to the leaves of the tournament
  mutable std::vector<std::uint32_t> winners_;
  mutable std::uint32_t open_lane_ = kNoLane;  ///< its head changed since its last match
};

}  // namespace nandtlm
