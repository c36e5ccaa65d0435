#include "tests/support/scenario_bench.h"

#include <gtest/gtest.h>

#include "config/device_loader.h"
#include "testbench/scenario/load_scenario.h"
#include "tlm/protocol_checker.h"

namespace nandtlm::test {
namespace {

/// Far behind the end of every scenario; a run that retries for ever ends here.
const double kMostSeconds = 1;

using Checkers = std::vector<std::unique_ptr<ProtocolChecker>>;

Checkers bind_checked(Scheduler& scheduler, Package& package) {
  Checkers checkers;
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    const std::string name = "checker" + std::to_string(channel);
    checkers.push_back(std::make_unique<ProtocolChecker>(name.c_str()));
    scheduler.socket(channel).bind(checkers.back()->target_socket);
    checkers.back()->initiator_socket.bind(package.channel_socket(channel));
  }
  return checkers;
}

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

std::shared_ptr<const Device> shipped_device(const std::string& name) {
  LoadedDevice loaded = load_device(std::string(NANDTLM_SOURCE_DIR) + "/config/devices/" + name + ".yaml");
  for (const ConfigError& error : loaded.errors) ADD_FAILURE() << error.text();
  return loaded.device ? std::make_shared<const Device>(std::move(*loaded.device)) : nullptr;
}

PlayedScenario play(const LoadedWorkload& workload, const std::shared_ptr<const Device>& device) {
  PlayedScenario played;
  Package package("package", device);
  Scheduler scheduler("scheduler", package);
  const Checkers checkers = bind_checked(scheduler, package);
  const std::unique_ptr<Workload> player = workload.make("workload", package, scheduler);
  sc_core::sc_start(sc_core::sc_time(kMostSeconds, sc_core::SC_SEC), sc_core::SC_EXIT_ON_STARVATION);
  played.finished = player->finished();
  played.progress = player->progress();
  played.failures = player->failures();
  for (const auto& checker : checkers) {
    append(played.protocol_violations, checker->violations());
    append(played.in_flight, checker->in_flight());
  }
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
