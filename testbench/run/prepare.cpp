#include "testbench/run/prepare.h"

#include <filesystem>

#include "testbench/generator/load_generator.h"
#include "testbench/replay/load_replay.h"
#include "testbench/scenario/load_scenario.h"

namespace nandtlm {
namespace {

LoadedWorkload load_workload(const RunFile& run, const std::shared_ptr<const Device>& device) {
  if (run.workload_kind == WorkloadKind::Random) return load_random(run, device);
  if (run.workload_kind == WorkloadKind::SuspendPolicy) return load_suspend_policy(run, device);
  const std::string& path = run.workload_path;
  const bool recorded = std::filesystem::path(path).extension() == ".csv";
  return recorded ? load_replay(path, device) : load_scenario(path, device);
}

/// A run whose outputs would overwrite the sequence that it plays.
bool overwrites_its_workload(const RunFile& settings) {
  std::error_code ignored;
  return settings.outputs.csv &&
         std::filesystem::equivalent(settings.workload_path,
                                     std::filesystem::path(settings.out_dir) / "operation_sequence.csv", ignored);
}

void load_device_and_workload(PreparedRun run, Preparation& out) {
  LoadedDevice device = load_device(run.settings.device_path, run.settings.device_options);
  out.errors = std::move(device.errors);
  out.warnings = std::move(device.warnings);
  if (!out.errors.empty()) return;
  run.device = std::make_shared<const Device>(std::move(*device.device));
  run.workload = load_workload(run.settings, run.device);
  out.errors = std::move(run.workload.errors);
  if (out.errors.empty()) out.run = std::move(run);
}

}  // namespace

Preparation prepare_run(const RunOptions& options) {
  Preparation out;
  LoadedRunFile loaded = load_run_file(options.run_file, options.sets);
  if (!loaded.run) {
    out.errors = std::move(loaded.errors);
    return out;
  }
  PreparedRun run;
  run.settings = std::move(*loaded.run);
  if (options.out_dir) run.settings.out_dir = *options.out_dir;
  if (options.lenient) run.settings.device_options.lenient = true;
  if (overwrites_its_workload(run.settings)) {
    out.errors.push_back(
        {options.run_file, 1, 1, "out",
         "'" + run.settings.out_dir + "' holds the workload and would overwrite it, expected another folder"});
    return out;
  }
  load_device_and_workload(std::move(run), out);
  return out;
}

}  // namespace nandtlm
