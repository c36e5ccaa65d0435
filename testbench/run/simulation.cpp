#include "testbench/run/simulation.h"

#include <algorithm>
#include <utility>

namespace nandtlm {
namespace {

/// Short enough that a signal is soon noticed.
constexpr Time kStep = 1000 * kPsPerUs;

}  // namespace

Simulation::Simulation(const PreparedRun& run, bool restored)
    : device_(run.device),
      package_("package", device_),
      scheduler_("scheduler", package_),
      limit_(run.settings.run_until.value_or(kNever)),
      begun_(restored),
      run_until_(run.settings.run_until) {
  scheduler_.bind_all();
  workload_ = run.workload.make("workload", package_, scheduler_);
  if (restored) workload_->will_be_restored();
}

RunEnd Simulation::run(const std::function<bool()>& go_on) {
  if (!begun_) sc_core::sc_start(sc_core::SC_ZERO_TIME);
  begun_ = true;
  for (;;) {
    if (!go_on()) return RunEnd::Stopped;
    if (!step_end_) {
      if (const std::optional<RunEnd> end = reached_end()) return *end;
      step_end_ = end_of_step();
    }
    if (pauses()) return RunEnd::Paused;
    advance(*step_end_);
    step_end_.reset();
  }
}

bool Simulation::next_run() {
  const Metrics::Counters& counters = metrics().counters();
  if (counters.ops_accepted != counters.ops_completed + counters.ops_aborted) return false;
  if (!workload_->next_run()) return false;
  package_.observers().begin_anew(*device_);
  limit_ = run_until_ ? time_.now() + *run_until_ : kNever;
  left_off_ = false;
  last_change_ = {};
  return true;
}

std::optional<RunEnd> Simulation::reached_end() {
  if (time_.now() >= limit_) {
    if (!workload_->stop()) return RunEnd::RunUntil;
    left_off_ = true;
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

/// A step is long enough to cost nothing, and at least up to the next thing that happens.
Time Simulation::end_of_step() const {
  const Time pending = time_.from_kernel(sc_core::sc_time_to_pending_activity());
  const Time length = std::max(kStep, pending);
  return length < limit_ - time_.now() ? time_.now() + length : limit_;
}

/// Leaves the time at the last thing that happened, so that a run that ends here ends there; a limit is reached.
void Simulation::advance(Time until) {
  const Time left = until - time_.now();
  if (left <= 0) return;
  if (workload_->lives_in_agenda()) package_.agenda().may_run_ahead_until(until);
  if (until == limit_) {
    sc_core::sc_start(time_.to_kernel(left), sc_core::SC_RUN_TO_TIME);
  } else if (sc_core::sc_pending_activity() && sc_core::sc_time_to_pending_activity() <= time_.to_kernel(left)) {
    sc_core::sc_start(time_.to_kernel(left), sc_core::SC_EXIT_ON_STARVATION);
  }
}

/// A pause cuts a step in two and is no end of one: what is looked at between two steps is not looked at here, and at
/// the end of a step it is looked at first. A run that has come to its end has nothing to go on with.
bool Simulation::pauses() {
  if (pause_at_ >= *step_end_) return false;
  paused_at_ = std::exchange(pause_at_, kNever);
  advance(paused_at_);
  // What happens at the last moment of sc_start() is left for the next one.
  while (sc_core::sc_pending_activity_at_current_time()) sc_core::sc_start(sc_core::SC_ZERO_TIME);
  return sc_core::sc_pending_activity();
}

void Simulation::save(StateArchive& archive) {
  Time now = time_.now();
  archive(now, paused_at_);
  transfer(archive);
}

void Simulation::load(StateArchive& archive) {
  Time moment = 0;
  archive(moment, paused_at_);
  if (moment < 0 || moment > paused_at_) throw StateError("its moment is none");
  if (moment > 0) sc_core::sc_start(time_.to_kernel(moment), sc_core::SC_RUN_TO_TIME);
  transfer(archive);
}

void Simulation::transfer(StateArchive& archive) {
  archive(step_end_, last_change_, last_change_at_, left_off_);
  if (left_off_) limit_ = kNever;
  step_end_ = std::min(step_end_.value_or(limit_), limit_);
  package_.transfer(archive);
  scheduler_.transfer(archive);
  workload_->transfer(archive);
}

}  // namespace nandtlm
