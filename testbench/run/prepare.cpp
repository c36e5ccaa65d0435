#include "testbench/run/prepare.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/device_writer.h"
#include "testbench/checksum.h"
#include "testbench/generator/load_generator.h"
#include "testbench/replay/load_replay.h"
#include "testbench/scenario/load_scenario.h"

namespace nandtlm {
namespace {

LoadedWorkload load_workload(const RunFile& run, const std::shared_ptr<const Device>& device, const DeviceText& text) {
  if (run.workload_kind == WorkloadKind::Random) return load_random(run, device, text);
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

/// nullptr: the runs that are asked for can follow one another.
const char* why_no_chain(const PreparedRun& run) {
  if (run.runs == 1) return nullptr;
  if (run.settings.workload_kind != WorkloadKind::Random) {
    return "this workload has one run only, expected 'workload: random'";
  }
  if (run.settings.generator.until_covered) return "a run that is complete ends a chain, expected no 'until_covered'";
  if (!run.settings.generator.drain) return "ops are left over at the end of a run, expected 'generator.drain: true'";
  return nullptr;
}

/// A run that is carried on in the folder of its beginning, or of another part.
bool overwrites_its_beginning(const RunFile& settings, const std::string& snapshot) {
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::weakly_canonical(snapshot, ignored).parent_path();
  return std::filesystem::equivalent(settings.out_dir, folder, ignored) ||
         std::filesystem::exists(std::filesystem::path(settings.out_dir) / kSnapshotName, ignored);
}

/// What must be the same where a run is carried on. Its end and its folder may be others.
SnapshotIdentity identity_of(const PreparedRun& run) {
  const RunFile& settings = run.settings;
  std::string workload;
  if (settings.workload_kind == WorkloadKind::File) {
    std::ifstream in(settings.workload_path, std::ios::binary);
    workload = checksum(std::string(std::istreambuf_iterator<char>(in), {}));
  } else {
    workload = settings.workload_path + " " + run.workload.identity();
  }
  return {{"device", run.device->name + " " + checksum(to_yaml(*run.device))},
          {"seed", std::to_string(settings.seed)},
          {"workload", workload},
          {"outputs", std::string(settings.outputs.csv ? "csv " : "- ") + (settings.outputs.vcd ? "vcd" : "-")}};
}

void load_device_and_workload(PreparedRun run, Preparation& out) {
  LoadedDevice device = load_device(run.settings.device_path, run.settings.device_options);
  out.errors = std::move(device.errors);
  out.warnings = std::move(device.warnings);
  if (!out.errors.empty()) return;
  run.device = std::make_shared<const Device>(std::move(*device.device));
  run.workload = load_workload(run.settings, run.device, device.text);
  out.errors = std::move(run.workload.errors);
  if (out.errors.empty()) out.run = std::move(run);
}

void load_snapshot(const std::string& path, Preparation& out) {
  try {
    out.run->restored = read_snapshot(path, out.run->identity);
  } catch (const SnapshotError& error) {
    out.errors.push_back({path, 1, 1, "snapshot", error.what()});
    out.run.reset();
  }
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
  run.snapshot_at = options.snapshot_at;
  run.runs = options.runs;
  if (const char* problem = why_no_chain(run)) {
    out.errors.push_back({options.run_file, 1, 1, "runs", problem});
    return out;
  }
  if (options.restore && overwrites_its_beginning(run.settings, *options.restore)) {
    out.errors.push_back({options.run_file, 1, 1, "out",
                          "'" + run.settings.out_dir +
                              "' holds a run up to a snapshot and would overwrite it, expected another folder"});
    return out;
  }
  load_device_and_workload(std::move(run), out);
  if (!out.run || !(options.snapshot_at || options.restore)) return out;
  out.run->identity = identity_of(*out.run);
  if (options.restore) load_snapshot(*options.restore, out);
  return out;
}

}  // namespace nandtlm
