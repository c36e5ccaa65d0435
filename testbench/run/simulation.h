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
};

/// Makes and runs the modules. One per process: SystemC elaborates once.
class Simulation {
 public:
  /// Elaborates. The kernel's errors come as sc_core::sc_report.
  explicit Simulation(const PreparedRun& run);

  ObserverHub& observers() { return package_.observers(); }
  const Workload& workload() const { return *workload_; }
  const Metrics& metrics() const { return package_.observers().metrics(); }
  /// Ops that were cut and wait for a RESUME.
  std::int64_t suspended_ops() const;
  /// Simulated time: that of the last thing that happened, or where the run was ended.
  Time now() const { return time_.now(); }

  /// Steps on until an end is reached; `go_on` is asked between two steps and ends the run with false. The steps
  /// depend on simulated time alone, so that they never show in the results (EVT-03).
  RunEnd run(const std::function<bool()>& go_on);

 private:
  /// What changes with everything but a retry of the backlog.
  using Fingerprint = std::array<std::int64_t, 5>;

  std::optional<RunEnd> reached_end();
  bool only_retries_left();
  bool nothing_runs() const;
  bool retry_pending() const;
  Fingerprint fingerprint() const;
  void step();

  std::shared_ptr<const Device> device_;
  Package package_;
  Scheduler scheduler_;
  std::unique_ptr<Workload> workload_;
  KernelTime time_;
  Time limit_;  ///< run_until, kNever: none
  Fingerprint last_change_{};
  Time last_change_at_ = 0;
};

}  // namespace nandtlm
