// What drives a run: a source of requests with an end, and with an opinion on what came of them.
#pragma once

#include <filesystem>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include "model/scheduler/scheduler.h"
#include "tlm/state_archive.h"

namespace nandtlm {

/// A script player, a replay or a generator. A module of its own: it proposes in simulated time.
class Workload : public sc_core::sc_module, public SchedulerClient {
 public:
  explicit Workload(sc_core::sc_module_name name) : sc_core::sc_module(name) {}

  /// Nothing more will be proposed.
  virtual bool finished() const = 0;
  /// How much of it is done, 0 to 1, for the progress bar.
  virtual double progress() const = 0;
  /// Expectations that did not hold, one line each; empty: all held.
  virtual std::vector<std::string> failures() const = 0;
  /// What a user should know although it does not fail the run, one line each.
  virtual std::vector<std::string> warnings() const { return {}; }
  /// What it has to tell at the end, for the summary, one line each: a label of at most 11 letters and its text. An
  /// empty label goes on with the one before.
  virtual std::vector<std::pair<std::string, std::string>> report() const { return {}; }

  /// Writes its own files into the folder of the run's outputs. Throws OutputError.
  virtual void write_outputs(const std::filesystem::path& /*folder*/) const {}

  /// `run_until` has come: from now on nothing is proposed and finished() is true (GEN-05). False where this workload
  /// cannot leave off: then the run ends at this moment.
  virtual bool stop() { return false; }
  /// True where only the model can bring it on: it waits for what ops do and has no time of its own ahead. Such a run
  /// ends when nothing but retries of the backlog happens any more.
  virtual bool waits_for_model() const { return finished(); }

  /// True where it has no process of its own, and asks the package's agenda for the time: what it proposes and what it
  /// is told needs no kernel in between (Agenda::may_run_ahead_until).
  virtual bool lives_in_agenda() const { return false; }

  /// A run of a chain is over and all its ops are: the next one begins now. False where this workload has one run only.
  virtual bool next_run() { return false; }

  /// Before elaboration: this one does not begin, its state will come from a snapshot.
  void will_be_restored() { restored_ = true; }
  /// SNP-01: its state, between two instants, after that of the package and the scheduler. Throws StateError.
  virtual void transfer(StateArchive& archive) = 0;

 private:
  void end_of_elaboration() final {
    if (!restored_) begin();
  }
  /// Proposes, or sees to it that it will.
  virtual void begin() = 0;

  bool restored_ = false;
};

}  // namespace nandtlm
