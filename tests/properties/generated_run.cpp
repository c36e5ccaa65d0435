#include "tests/properties/generated_run.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

#include "config/device_loader.h"
#include "config/run_file.h"
#include "testbench/check/run_checker.h"
#include "testbench/generator/load_generator.h"
#include "testbench/generator/random_workload.h"
#include "tests/properties/run_faults.h"
#include "tests/properties/story_teller.h"
#include "tests/support/systemc_fixture.h"
#include "traces/csv_sinks.h"

namespace nandtlm::test {
namespace {

[[noreturn]] void fail(const std::vector<ConfigError>& errors) {
  std::string text;
  for (const ConfigError& error : errors) text += error.text() + "\n";
  throw std::runtime_error(text);
}

RunFile load_run(const std::filesystem::path& path) {
  LoadedRunFile loaded = load_run_file(path.string());
  if (!loaded.run) fail(loaded.errors);
  return *loaded.run;
}

/// As load_random() does, but the device file is not read again for every run.
std::unique_ptr<Workload> make_random(const GeneratorDevice& device, const RunFile& run, Package& package,
                                      Scheduler& scheduler) {
  Diagnostics out;
  WeightTable weights = fill_weights(*device.device, device.generation, run.generator, run.seed, out);
  if (!out.ok()) fail(out.errors());
  const auto plan = std::make_shared<const RandomPlan>(
      RandomPlan{device.device, run.generator, device.generation, std::move(weights), run.seed});
  return std::make_unique<RandomWorkload>("workload", plan, package, scheduler);
}

std::unique_ptr<Workload> make_workload(const GeneratorDevice& device, const RunFile& run, Package& package,
                                        Scheduler& scheduler) {
  if (run.workload_kind == WorkloadKind::Random) return make_random(device, run, package, scheduler);
  LoadedWorkload loaded = load_suspend_policy(run, device.device);
  if (!loaded.errors.empty()) fail(loaded.errors);
  return loaded.make("workload", package, scheduler);
}

/// Writes down every batch with the moment of its decision.
class Recorder : public BatchListener {
 public:
  Recorder(const Agenda& agenda, GeneratedRun& run) : agenda_(agenda), run_(run) {}
  void batch_decided(const Request* requests, std::size_t count, const BatchDecision& decision) override {
    run_.proposals.push_back({agenda_.now(), {requests, requests + count}});
    run_.story.decisions.push_back(decision_told(decision));
    run_.ops += decision.accepted ? count : 0;
  }

 private:
  const Agenda& agenda_;
  GeneratedRun& run_;
};

/// Until all is done, or nothing ends any more.
Time simulate(const Device& device, Workload& workload, const Package& package, Time run_until) {
  Time longest = 0;
  for (const OpSpec& op : device.ops) longest = std::max(longest, op.nominal);
  const Metrics::Counters& counters = package.observers().metrics().counters();
  Time now = 0;
  Time changed_at = 0;
  std::int64_t before = -1;
  const auto go_to = [&now](Time time) {
    sc_core::sc_start(static_cast<double>(time - now), sc_core::SC_PS);
    now = time;
  };
  while (now < changed_at + 3 * longest) {
    if (now >= run_until) workload.stop();
    go_to(now + longest);
    const std::int64_t over = counters.ops_completed + counters.ops_aborted;
    if (workload.finished() && over == counters.ops_accepted) break;
    if (over != before) changed_at = now;
    if (now < run_until) changed_at = now;
    before = over;
  }
  go_to(now + 1);  // up to and with the moment before
  return now - 1;
}

/// A SUSPEND that cut nobody found nothing: the sinks are not told.
void name_vain_suspends(const Device& device, GeneratedRun& run) {
  struct Doer {
    std::uint32_t die = 0;
    const OpBase* base = nullptr;
  };
  std::map<Uid, Doer> doers;
  for (std::size_t b = 0; b < run.proposals.size(); ++b) {
    const reference::Decision& decision = run.story.decisions[b];
    for (std::size_t i = 0; i < decision.uids.size(); ++i) {
      const Request& request = run.proposals[b].requests[i];
      doers[decision.uids[i]] = {request.die, &device.base_of(request.op)};
    }
  }
  std::set<std::tuple<Time, std::uint32_t, Family>> cuts;
  std::map<Uid, Time> starts;
  for (const reference::Happening& event : run.story.events) {
    if (event.uid == 0) continue;
    const Doer& doer = doers.at(event.uid);
    if (event.what == "cut") cuts.emplace(event.at, doer.die, doer.base->family);
    if (event.what == "start") starts[event.uid] = event.at;
  }
  for (reference::Happening& event : run.story.events) {
    if (event.what != "end") continue;
    const Doer& doer = doers.at(event.uid);
    const Effects& effects = doer.base->effects;
    const bool vain =
        effects.action == Action::Suspend && cuts.count({starts[event.uid], doer.die, effects.controls}) == 0;
    if (vain) event.what = "end, nothing to suspend";
  }
}

void check_files(const std::filesystem::path& folder, std::vector<std::string>& faults) {
  const CheckReport report = check_run(folder.string());
  for (const std::string& error : report.input_errors) faults.push_back("nandtlm check: " + error);
  for (const RunCheckLine& line : report.lines) {
    if (!line.pass) faults.push_back("nandtlm check " + line.name + ": " + line.detail);
  }
}

}  // namespace

GeneratorDevice load_generator_device(const std::string& path, const Overrides& overrides) {
  LoadOptions options;
  options.lenient = true;
  options.overrides = overrides;
  options.overrides.emplace_back("policies.store_data", "false");  // nobody looks at it
  LoadedDevice loaded = load_device(path, options);
  if (!loaded.device) fail(loaded.errors);
  GeneratorDevice device;
  device.device = std::make_shared<const Device>(std::move(*loaded.device));
  Diagnostics out(loaded.text.sources);
  device.generation = read_generation(loaded.text.tree, *device.device, out);
  if (!out.ok()) fail(out.errors());
  return device;
}

GeneratedRun play_generated(const GeneratorDevice& device, const std::filesystem::path& run_file,
                            const std::filesystem::path& folder) {
  const RunFile settings = load_run(run_file);
  const OwnKernel kernel;
  GeneratedRun run;
  StoryTeller teller(run.story);
  CheckedBinding checkers;
  Package package("package", device.device, checkers.inside());
  Scheduler scheduler("scheduler", package);
  checkers.bind(scheduler, package);
  Recorder recorder(package.agenda(), run);
  scheduler.listen(&recorder);
  const std::unique_ptr<Workload> workload = make_workload(device, settings, package, scheduler);
  CsvSinks files(*device.device, folder);
  package.observers().attach(teller);
  package.observers().attach(files);
  run.horizon = simulate(*device.device, *workload, package, settings.run_until.value());
  package.observers().finish(run.horizon);
  std::ofstream(folder / "metrics.json") << package.observers().metrics().to_json();
  run.faults = faults_of(package, checkers);
  run.failures = workload->failures();
  check_files(folder, run.faults);
  name_vain_suspends(*device.device, run);
  return run;
}

}  // namespace nandtlm::test
