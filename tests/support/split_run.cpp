#include "tests/support/split_run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "testbench/run/run_sinks.h"
#include "testbench/run/simulation.h"
#include "tests/support/child_process.h"
#include "tests/support/systemc_fixture.h"
#include "tests/support/trace_files.h"
#include "tlm/state_archive.h"

namespace nandtlm::test {
namespace {

bool go_on() {
  return true;
}

Files files_in(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename().string()] = read_text(entry.path());
  }
  return files;
}

Snapshot take(Simulation& simulation, RunSinks& sinks, const Device& device, Time moment) {
  Snapshot snapshot;
  snapshot.moment = moment;
  StateArchive archive;
  simulation.save(archive);
  sinks.save(archive);
  snapshot.state = archive.bytes();
  for (const auto& entry : std::filesystem::directory_iterator(sinks.folder())) {
    snapshot.sizes[entry.path().filename().string()] = entry.file_size();
  }
  const Metrics& metrics = simulation.metrics();
  snapshot.backlogged = metrics.backlog().now;
  for (std::uint32_t die = 0; die < device.topology.dies; ++die) {
    const auto depth = metrics.stack_depth(Family::Program, die).now + metrics.stack_depth(Family::Erase, die).now;
    snapshot.deepest_nesting = std::max(snapshot.deepest_nesting, static_cast<std::size_t>(depth));
  }
  return snapshot;
}

Files finish(Simulation& simulation, RunSinks& sinks) {
  sinks.finish(simulation.now());
  simulation.workload().write_outputs(sinks.folder());
  sinks.write_metrics(simulation.metrics().to_json());
  return files_in(sinks.folder());
}

}  // namespace

PreparedRun prepare_text(const std::filesystem::path& folder, const std::string& run_file) {
  RunOptions options;
  options.run_file = write_text(folder / "run.yaml", run_file);
  options.lenient = true;
  Preparation preparation = prepare_run(options);
  for (const ConfigError& error : preparation.errors) ADD_FAILURE() << error.text();
  return preparation.run ? std::move(*preparation.run) : PreparedRun();
}

WholeRun play_whole(const PreparedRun& run, const std::vector<Time>& moments) {
  const TraceFolder folder;
  const OwnKernel kernel;
  PreparedRun here = run;
  here.settings.out_dir = folder.path().string();
  WholeRun whole;
  Simulation simulation(here);
  RunSinks sinks(here.settings, *here.device, simulation.observers());
  for (const Time moment : moments) {
    simulation.pause_at(moment);
    if (simulation.run(go_on) != RunEnd::Paused) break;
    whole.snapshots.push_back(take(simulation, sinks, *here.device, moment));
  }
  simulation.run(go_on);
  whole.end = simulation.now();
  whole.failures = simulation.workload().failures();
  whole.files = finish(simulation, sinks);
  return whole;
}

RestOfRun play_rest(const PreparedRun& run, const Snapshot& snapshot) {
  const TraceFolder folder;
  const OwnKernel kernel;
  PreparedRun here = run;
  here.settings.out_dir = folder.path().string();
  RestOfRun rest;
  StateArchive archive(snapshot.state);
  Simulation simulation(here, true);
  simulation.load(archive);
  RunSinks sinks(here.settings, *here.device, simulation.observers(), &archive);
  archive.expect_end();
  StateArchive again;
  simulation.save(again);
  sinks.save(again);
  rest.saves_the_same = again.bytes() == snapshot.state;
  simulation.run(go_on);
  rest.failures = simulation.workload().failures();
  rest.files = finish(simulation, sinks);
  return rest;
}

void expect_same(const Files& seen, const Files& expected, Time moment) {
  ASSERT_EQ(seen.size(), expected.size()) << "at " << moment;
  for (const auto& [name, content] : expected) {
    const auto found = seen.find(name);
    ASSERT_NE(found, seen.end()) << name << " is missing, at " << moment;
    if (found->second == content) continue;
    const auto differ = std::mismatch(content.begin(), content.end(), found->second.begin(), found->second.end());
    const auto offset = differ.first - content.begin();
    ADD_FAILURE() << name << " differs from byte " << offset << " on, at " << moment << " ps: expected '"
                  << content.substr(static_cast<std::size_t>(offset), 80) << "', seen '"
                  << found->second.substr(static_cast<std::size_t>(offset), 80) << "'";
  }
}

Files joined(const WholeRun& whole, const Snapshot& snapshot, const RestOfRun& rest) {
  Files files = rest.files;
  for (auto& [name, content] : files) {
    const auto begun = snapshot.sizes.find(name);
    if (begun != snapshot.sizes.end()) content.insert(0, whole.files.at(name).substr(0, begun->second));
  }
  return files;
}

}  // namespace nandtlm::test
