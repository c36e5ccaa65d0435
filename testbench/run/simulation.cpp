#include "testbench/run/simulation.h"

#include <algorithm>

namespace nandtlm {
namespace {

/// Long enough to cost nothing, short enough that a signal is soon noticed.
constexpr Time kStep = 1000 * kPsPerUs;

}  // namespace

Simulation::Simulation(const PreparedRun& run)
    : device_(run.device),
      package_("package", device_),
      scheduler_("scheduler", package_),
      limit_(run.settings.run_until.value_or(kNever)) {
  scheduler_.bind_all();
  workload_ = run.workload.make("workload", package_, scheduler_);
}

RunEnd Simulation::run(const std::function<bool()>& go_on) {
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  for (;;) {
    if (!go_on()) return RunEnd::Stopped;
    if (const std::optional<RunEnd> end = reached_end()) return *end;
    step();
  }
}

std::optional<RunEnd> Simulation::reached_end() {
  if (time_.now() >= limit_) {
    if (!workload_->stop()) return RunEnd::RunUntil;
    limit_ = kNever;  // what was accepted is finished (GEN-05)
  }
  const bool over = only_retries_left() || !sc_core::sc_pending_activity();
  if (!over) return std::nullopt;
  return workload_->finished() ? RunEnd::Finished : RunEnd::Stalled;
}

/// A backlog whose head cannot start is tried again for ever (BKL-03). Where nothing else is left to happen, two
/// rounds of retries that change nothing tell that none ever will.
bool Simulation::only_retries_left() {
  const Time now = time_.now();
  const bool waiting = (workload_->finished() || workload_->waits_for_model()) && nothing_runs();
  if (const Fingerprint current = fingerprint(); !waiting || current != last_change_) {
    last_change_ = current;
    last_change_at_ = now;
  }
  if (!waiting) return false;
  if (!retry_pending()) return workload_->finished();
  return now - last_change_at_ > 2 * device_->policies.backlog_retry_delay;
}

/// All live ops are suspended or in a backlog.
bool Simulation::nothing_runs() const {
  const Metrics::Counters& counters = metrics().counters();
  const std::int64_t live = counters.ops_accepted - counters.ops_completed - counters.ops_aborted;
  return live == suspended_ops() + metrics().backlog().now;
}

std::int64_t Simulation::suspended_ops() const {
  std::int64_t sum = 0;
  for (std::uint32_t die = 0; die < device_->topology.dies; ++die) {
    for (const Family family : {Family::Program, Family::Erase}) sum += metrics().stack_depth(family, die).now;
  }
  return sum;
}

bool Simulation::retry_pending() const {
  for (std::uint32_t die = 0; die < device_->topology.dies; ++die) {
    if (scheduler_.refill_pending(die, Family::Program) || scheduler_.refill_pending(die, Family::Erase)) return true;
  }
  return false;
}

Simulation::Fingerprint Simulation::fingerprint() const {
  const Metrics::Counters& counters = metrics().counters();
  return {counters.ops_accepted, counters.ops_completed, counters.ops_aborted, counters.resumes,
          metrics().backlog().now};
}

void Simulation::step() {
  const sc_core::sc_time length = std::max(time_.to_kernel(kStep), sc_core::sc_time_to_pending_activity());
  const sc_core::sc_time left = time_.to_kernel(limit_ == kNever ? kNever : limit_ - time_.now());
  if (length < left) {
    // Leaves the time at the last thing that happened: a run that ends here ends there.
    sc_core::sc_start(length, sc_core::SC_EXIT_ON_STARVATION);
  } else {
    sc_core::sc_start(left, sc_core::SC_RUN_TO_TIME);
  }
}

}  // namespace nandtlm
