// What is to happen in one package, and when: one ordered calendar, one event, one method.
#pragma once

#include <array>
#include <systemc>

#include "model/calendar.h"
#include "model/flat_queue.h"
#include "model/op.h"
#include "model/roster.h"
#include "tlm/kernel_time.h"

namespace nandtlm {

/// The order of things at one instant (EVT-01). Steps of ops include their ends.
enum class Turn : std::uint8_t { Step, Refill, Retry, Proposal, Start };
inline constexpr std::size_t kTurns = 5;

/// Somebody who has entries in the agenda.
class AgendaClient {
 public:
  virtual ~AgendaClient() = default;
  /// The moment of an entry has come. `op` and `argument` are as given to Agenda::at().
  virtual void due(Turn turn, Op* op, std::uint32_t argument) = 0;
};

/// Shared by the modules of a package, so that an instant costs one kernel event at most however many dies it touches,
/// and its order does not depend on the kernel. Sleeps until the next entry; no clock.
class Agenda : public sc_core::sc_module {
 public:
  Agenda(sc_core::sc_module_name name, std::size_t dies);

  /// Where an error ended its work: the moment of the error.
  Time now() const { return working_ ? now_ : time_.now(); }
  /// The moment that lies an annotated delay ahead.
  Time after(const sc_core::sc_time& delay) const { return now() + time_.from_kernel(delay); }
  /// Nothing of this instant is under way or left to happen.
  bool is_settled() const { return !working_ && immediate_count_ == 0 && calendar_.next_time() > now(); }
  /// At one instant entries come by turn, then by the op's uid, or where there is no op in the order of entry.
  /// `time` is now or later; `op` is one of `die`, or nullptr.
  CalendarHandle at(std::uint32_t die, Time time, Turn turn, AgendaClient& client, Op* op, std::uint32_t argument = 0);
  /// An entry for this very instant, without a handle: comes before entries of the same turn that have an op.
  void now(Turn turn, AgendaClient& client, std::uint32_t argument = 0);
  /// Precondition: the entry has not come yet (EVT-02).
  void cancel(const CalendarHandle& handle) { calendar_.cancel(handle); }

  /// The kernel is sure to run until `time`; before that nobody acts on this package but the clients of this agenda,
  /// and nobody looks at the kernel's time, no probe on its sockets either (delays are annotated from now()): the
  /// agenda may run ahead of it (temporal decoupling, IEEE 1666-2011, 9.1). All that happens before `time` then happens
  /// in one activation, each at its now(); the kernel's time is brought to the last of it.
  void may_run_ahead_until(Time time) { ahead_until_ = time; }

  /// Whoever has entries says so at elaboration, in the same order in every process: entries name their clients in a
  /// snapshot.
  void enroll(AgendaClient& client) { clients_.enroll(client); }
  /// Precondition: is_settled().
  void transfer(StateArchive& archive, OpTable& ops);

 private:
  struct Entry {
    AgendaClient* client = nullptr;
    Op* op = nullptr;
    std::uint32_t argument = 0;
    Turn turn = Turn::Step;
  };

  void work();
  bool take_next(Entry& entry);
  bool take_immediate(Turn before, Entry& entry);
  bool must_rest();
  bool goes_on() const;
  bool others_wait() const;
  void sleep_until(Time time, Time now);

  KernelTime time_;
  Roster<AgendaClient> clients_;
  Calendar<Entry> calendar_;
  std::uint64_t next_sequence_ = 0;
  std::array<FlatQueue<Entry>, kTurns> immediate_;
  std::size_t immediate_count_ = 0;
  sc_core::sc_event wake_event_;
  Time sleeping_until_ = kNever;
  Time now_ = 0;    ///< while working; the kernel's, or ahead of it
  Time woken_ = 0;  ///< the kernel's, while working
  bool working_ = false;
  int rests_ = 0;  ///< of this instant
  Time ahead_until_ = 0;
};

}  // namespace nandtlm
