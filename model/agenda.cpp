#include "model/agenda.h"

namespace nandtlm {

Agenda::Agenda(sc_core::sc_module_name name, std::size_t dies) : sc_core::sc_module(name), calendar_(dies) {
  SC_HAS_PROCESS(Agenda);
  SC_METHOD(work);
  sensitive << wake_event_;
  dont_initialize();
}

CalendarHandle Agenda::at(std::uint32_t die, Time time, Turn turn, AgendaClient& client, Op* op,
                          std::uint32_t argument) {
  constexpr unsigned kTurnShift = 60;  // uids stay below 2^60
  const std::uint64_t within_turn = op != nullptr ? op->info.uid : next_sequence_++;
  const std::uint64_t rank = std::uint64_t{static_cast<std::uint8_t>(turn)} << kTurnShift | within_turn;
  const CalendarHandle handle = calendar_.push(die, time, rank, Entry{&client, op, argument, turn});
  if (!working_) sleep_until(time, time_.now());
  return handle;
}

void Agenda::now(Turn turn, AgendaClient& client, std::uint32_t argument) {
  immediate_[static_cast<std::size_t>(turn)].push_back(Entry{&client, nullptr, argument, turn});
  ++immediate_count_;
  if (!working_) sleep_until(time_.now(), time_.now());
}

void Agenda::work() {
  woken_ = time_.now();
  working_ = true;
  for (Time instant = woken_;; instant = calendar_.next_time()) {
    if (instant != now_) rests_ = 0;
    now_ = instant;
    Entry entry;
    while (take_next(entry)) entry.client->due(entry.turn, entry.op, entry.argument);
    if (!goes_on()) break;
  }
  working_ = false;
  sleeping_until_ = kNever;
  sleep_until(now_ > woken_ ? now_ : calendar_.next_time(), woken_);  // first the kernel catches up
}

/// Into the next instant without the kernel.
bool Agenda::goes_on() const {
  return calendar_.next_time() < ahead_until_ && !others_wait();
}

/// For the processor, at the kernel's time. Ahead of it there is nobody.
bool Agenda::others_wait() const {
  return now_ == woken_ && sc_core::sc_pending_activity_at_current_time();
}

/// EVT-01: before anything starts, processes of clients that run at this instant may propose: those that the kernel
/// woke together with the agenda, and those that the ends of this instant woke. A client that takes more delta cycles
/// than these is decided after the starts.
bool Agenda::must_rest() {
  constexpr int kMostRests = 3;
  if (rests_ == kMostRests || !others_wait()) return false;
  ++rests_;
  return true;
}

/// The next entry of this instant, by turn; false: the instant is over.
bool Agenda::take_next(Entry& entry) {
  const Entry* const first = calendar_.next_until(now_);
  if (immediate_count_ != 0 && take_immediate(first != nullptr ? first->turn : Turn::Start, entry)) return true;
  if (first == nullptr || (first->turn == Turn::Start && must_rest())) return false;
  entry = calendar_.pop();
  return true;
}

/// The oldest of the first turn that has any, up to the turn `before`.
bool Agenda::take_immediate(Turn before, Entry& entry) {
  for (std::size_t turn = 0; turn <= static_cast<std::size_t>(before); ++turn) {
    if (immediate_[turn].empty()) continue;
    entry = immediate_[turn].front();
    immediate_[turn].pop_front();
    --immediate_count_;
    return true;
  }
  return false;
}

/// An entry that was cancelled may leave a wake-up behind at which nothing is due: harmless, and cheaper than a second
/// notification.
void Agenda::sleep_until(Time time, Time now) {
  if (time >= sleeping_until_) return;
  sleeping_until_ = time;
  wake_event_.notify(time_.to_kernel(time - now));  // an earlier notification replaces a later one
}

}  // namespace nandtlm
