#include "testbench/run/run_driver.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/scalars.h"
#include "testbench/run/kernel_reports.h"
#include "testbench/run/progress_bar.h"
#include "testbench/run/run_sinks.h"
#include "testbench/run/simulation.h"
#include "testbench/run/snapshot_file.h"
#include "testbench/run/stop_signal.h"
#include "testbench/run/summary.h"

namespace nandtlm {
namespace {

std::string describe(const sc_core::sc_report& report) {
  return fmt::format("simulation error: {}: {}", report.get_msg_type(), report.get_msg());
}

double share_done(const Simulation& simulation, const std::optional<Time>& run_until) {
  const double done = simulation.workload().progress();
  if (!run_until || *run_until == 0) return done;
  return std::max(done, static_cast<double>(simulation.now()) / static_cast<double>(*run_until));
}

/// Fills what is not asked of the observers or the workload: ends and times, and what the kernel throws into `errors`.
void simulate(const PreparedRun& run, Simulation& simulation, const RunSinks& sinks, const StopSignal& signal,
              RunOutcome& outcome) {
  ProgressBar bar;
  const auto start = std::chrono::steady_clock::now();
  const auto go_on = [&] {
    if (bar.due()) {
      bar.show(share_done(simulation, run.settings.run_until), simulation.now(),
               simulation.metrics().counters().ops_completed);
    }
    return !signal.received() && !sinks.failed();
  };
  try {
    outcome.end = simulation.run(go_on);
  } catch (const sc_core::sc_report& report) {
    outcome.errors.push_back(describe(report));
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  outcome.interrupted = outcome.end == RunEnd::Stopped && signal.received();
  outcome.simulated = simulation.now();
  outcome.suspended = simulation.suspended_ops();
}

/// The metrics with what they belong to in front. The same for the same input and seed (EVT-03).
std::string metrics_json(const PreparedRun& run, const Metrics& metrics, const RunOutcome& outcome) {
  nlohmann::ordered_json root;
  root["device"] = run.device->name;
  root["seed"] = run.settings.seed;
  root["end"] = name_of_end(outcome);
  root["interrupted"] = outcome.end == RunEnd::Stopped;
  root["failed_expectations"] = outcome.failures.size();
  root.update(nlohmann::ordered_json::parse(metrics.to_json()));
  return root.dump(2) + "\n";
}

template <typename Write>
void note_errors(RunOutcome& outcome, Write&& write) {
  try {
    write();
  } catch (const OutputError& error) {
    outcome.errors.emplace_back(error.what());
  }
}

void report(const PreparedRun& run, const Metrics& metrics, const RunOutcome& outcome) {
  fmt::print("{}", summary_of(run, metrics, outcome));
  std::fflush(stdout);
  for (const std::string& error : outcome.errors) fmt::print(stderr, "nandtlm: error: {}\n", error);
  if (outcome.missed_snapshot) {
    fmt::print(stderr, "nandtlm: error: no snapshot: the run was over at {} us, expected it to last beyond {} us\n",
               us_text(outcome.simulated), us_text(*run.snapshot_at));
  }
  if (outcome.interrupted) fmt::print(stderr, "nandtlm: interrupted at {} us\n", us_text(outcome.simulated));
}

/// The outputs so far stay as they are, the run goes on elsewhere (SNP-01). Where it cannot be written they are
/// finished as those of a run that was stopped.
void take_snapshot(const PreparedRun& run, Simulation& simulation, RunSinks& sinks, RunOutcome& outcome) {
  const std::filesystem::path path = sinks.folder() / kSnapshotName;
  note_errors(outcome, [&] {
    StateArchive state;
    simulation.save(state);
    sinks.save(state);
    write_snapshot(path, run.identity, state.bytes());
    outcome.snapshot = path.string();
    sinks.leave();
  });
  if (outcome.snapshot.empty()) outcome.end = RunEnd::Stopped;
}

void finish(const PreparedRun& run, Simulation& simulation, RunSinks& sinks, RunOutcome& outcome) {
  note_errors(outcome, [&] { sinks.finish(outcome.simulated); });
  if (outcome.end != RunEnd::Stopped) outcome.failures = simulation.workload().failures();
  note_errors(outcome, [&] { simulation.workload().write_outputs(sinks.folder()); });
  note_errors(outcome, [&] { sinks.write_metrics(metrics_json(run, simulation.metrics(), outcome)); });
  outcome.missed_snapshot = run.snapshot_at && outcome.end != RunEnd::Stopped;
}

/// The archive lies behind the state of the model where the run is restored.
RunOutcome execute(const PreparedRun& run, Simulation& simulation, StateArchive* restored, const StopSignal& signal) {
  RunOutcome outcome;
  RunSinks sinks(run.settings, *run.device, simulation.observers(), restored);
  if (restored != nullptr) restored->expect_end();
  if (run.snapshot_at) simulation.pause_at(*run.snapshot_at);
  simulate(run, simulation, sinks, signal, outcome);
  outcome.self_check = simulation.observers().self_check().report();
  outcome.warnings = simulation.workload().warnings();
  outcome.report = simulation.workload().report();
  if (outcome.end == RunEnd::Paused) take_snapshot(run, simulation, sinks, outcome);
  if (outcome.end != RunEnd::Paused) finish(run, simulation, sinks, outcome);
  report(run, simulation.metrics(), outcome);
  return outcome;
}

/// Every run of a chain has a folder of its own, named by its number.
PreparedRun link_of_chain(const PreparedRun& run, std::uint64_t number) {
  PreparedRun link = run;
  const std::size_t digits = std::to_string(run.runs).size();
  link.settings.out_dir =
      (std::filesystem::path(run.settings.out_dir) / fmt::format("{:0{}}", number, digits)).string();
  return link;
}

bool execute_chain(const PreparedRun& run, Simulation& simulation, const StopSignal& signal) {
  for (std::uint64_t number = 1; number <= run.runs; ++number) {
    if (number > 1 && signal.received()) {
      fmt::print(stderr, "nandtlm: interrupted before run {} of {}\n", number, run.runs);
      return false;
    }
    if (number > 1 && !simulation.next_run()) {
      fmt::print(stderr, "nandtlm: error: run {} of {} cannot begin: the one before left operations over\n", number,
                 run.runs);
      return false;
    }
    if (!execute(link_of_chain(run, number), simulation, nullptr, signal).ok()) return false;
  }
  return true;
}

bool execute_restored(const PreparedRun& run, Simulation& simulation, const StopSignal& signal) {
  StateArchive state(*run.restored);
  simulation.load(state);
  if (run.snapshot_at && *run.snapshot_at <= simulation.restored_at()) {
    throw StateError(
        fmt::format("goes on from {} us, expected --snapshot-at behind that", us_text(simulation.restored_at())));
  }
  return execute(run, simulation, &state, signal).ok();
}

bool simulate_and_judge(const PreparedRun& run) {
  const StopSignal signal;  // from before the first output exists
  Simulation simulation(run, run.restored.has_value());
  if (run.restored) return execute_restored(run, simulation, signal);
  if (run.runs > 1) return execute_chain(run, simulation, signal);
  return execute(run, simulation, nullptr, signal).ok();
}

}  // namespace

RunResult execute_run(const PreparedRun& run) {
  report_kernel_messages_in_lines();
  try {
    return simulate_and_judge(run) ? RunResult::Passed : RunResult::Failed;
  } catch (const OutputError& error) {
    fmt::print(stderr, "nandtlm: error: {}\n", error.what());
  } catch (const StateError& error) {
    fmt::print(stderr, "nandtlm: error: snapshot: {}\n", error.what());
    return RunResult::BadInput;
  } catch (const sc_core::sc_report& report) {
    fmt::print(stderr, "nandtlm: error: {}\n", describe(report));
  }
  return RunResult::Failed;
}

}  // namespace nandtlm
