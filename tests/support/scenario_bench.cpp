#include "tests/support/scenario_bench.h"

#include <gtest/gtest.h>

#include "config/device_loader.h"
#include "testbench/scenario/load_scenario.h"
#include "tests/support/checked_binding.h"

namespace nandtlm::test {
namespace {

/// Far behind the end of every scenario; a run that retries for ever ends here.
const double kMostSeconds = 1;

}  // namespace

std::shared_ptr<const Device> shipped_device(const std::string& name) {
  LoadedDevice loaded = load_device(std::string(NANDTLM_SOURCE_DIR) + "/config/devices/" + name + ".yaml");
  for (const ConfigError& error : loaded.errors) ADD_FAILURE() << error.text();
  return loaded.device ? std::make_shared<const Device>(std::move(*loaded.device)) : nullptr;
}

PlayedScenario play(const LoadedWorkload& workload, const std::shared_ptr<const Device>& device) {
  PlayedScenario played;
  CheckedBinding checkers;
  Package package("package", device, checkers.inside());
  Scheduler scheduler("scheduler", package);
  checkers.bind(scheduler, package);
  const std::unique_ptr<Workload> player = workload.make("workload", package, scheduler);
  sc_core::sc_start(sc_core::sc_time(kMostSeconds, sc_core::SC_SEC), sc_core::SC_EXIT_ON_STARVATION);
  played.finished = player->finished();
  played.progress = player->progress();
  played.failures = player->failures();
  played.protocol_violations = checkers.violations();
  played.in_flight = checkers.in_flight();
  for (const CheckLine& line : package.observers().self_check().report()) {
    if (!line.pass) played.self_check_faults.push_back(line.name + ": " + line.detail);
  }
  return played;
}

PlayedScenario play_text(const std::string& text, const std::shared_ptr<const Device>& device) {
  const LoadedWorkload loaded = load_scenario_text(text, "s.yaml", device);
  for (const ConfigError& error : loaded.errors) ADD_FAILURE() << error.text();
  return loaded.errors.empty() ? play(loaded, device) : PlayedScenario();
}

}  // namespace nandtlm::test
