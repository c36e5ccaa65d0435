// One simulated package with its scheduler and its workload, run until there is nothing left to do.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "model/package.h"
#include "model/scheduler/scheduler.h"
#include "testbench/run/prepare.h"
#include "testbench/workload.h"
#include "tlm/kernel_time.h"

namespace nandtlm {

/// Why nothing more was simulated.
enum class RunEnd : std::uint8_t {
  Finished,  ///< the workload has finished and nothing runs; ops may be left that are suspended or wait in a backlog
  RunUntil,  ///< `run_until` came, for a workload that cannot leave off by itself
  Stalled,   ///< the workload waits for something that never comes
  Stopped,   ///< from outside
  Paused,    ///< the moment of pause_at() came; run() goes on
};

/// Makes and runs the modules. One per process: SystemC elaborates once.
class Simulation {
 public:
  /// Elaborates. The kernel's errors come as sc_core::sc_report.
  /// `restored`: nothing begins; before the first run() its state comes from load().
  explicit Simulation(const PreparedRun& run, bool restored = false);

  ObserverHub& observers() { return package_.observers(); }
  const Workload& workload() const { return *workload_; }
  const Metrics& metrics() const { return package_.observers().metrics(); }
  /// Ops that were cut and wait for a RESUME.
  std::int64_t suspended_ops() const;
  /// Simulated time: that of the last thing that happened, also of an error, or where the run was ended.
  Time now() const { return package_.agenda().now(); }

  /// Steps on until an end is reached; `go_on` is asked between two steps and ends the run with false. The steps
  /// depend on simulated time alone, so that they never show in the results (EVT-03).
  RunEnd run(const std::function<bool()>& go_on);

  /// The next run() ends with RunEnd::Paused when all of `time` has happened, unless the run is over before.
  /// `time` > 0.
  void pause_at(Time time) { pause_at_ = time; }
  /// A run is over, another one begins: the time, the uids and what the array holds go on, the counters begin anew.
  /// False where this cannot be: the workload has one run only, or ops are left over.
  bool next_run();
  /// SNP-01: all of its state; while it is paused. Throws StateError where something cannot be saved.
  void save(StateArchive& archive);
  /// Goes to the moment of the snapshot, and on from there as if it had never stopped. Throws StateError.
  void load(StateArchive& archive);
  /// The moment of the snapshot that it went on from last.
  Time restored_at() const { return paused_at_; }

 private:
  /// What changes with everything but a retry of the backlog.
  using Fingerprint = std::array<std::int64_t, 5>;

  std::optional<RunEnd> reached_end();
  bool only_retries_left();
  bool nothing_runs() const;
  bool retry_pending() const;
  Fingerprint fingerprint() const;
  Time end_of_step() const;
  void advance(Time until);
  bool pauses();
  void transfer(StateArchive& archive);

  std::shared_ptr<const Device> device_;
  Package package_;
  Scheduler scheduler_;
  std::unique_ptr<Workload> workload_;
  KernelTime time_;
  Time limit_;  ///< where run_until comes, kNever: it does not, or has come
  bool begun_;
  const std::optional<Time> run_until_;  ///< since the begin of a run
  std::optional<Time> step_end_;         ///< of the step that is under way
  Time pause_at_ = kNever;
  Time paused_at_ = 0;     ///< the last time
  bool left_off_ = false;  ///< `run_until` has come, what was accepted is finished
  Fingerprint last_change_{};
  Time last_change_at_ = 0;
};

}  // namespace nandtlm
