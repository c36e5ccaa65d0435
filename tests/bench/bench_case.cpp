#include "tests/bench/bench_case.h"

#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "config/device_loader.h"
#include "testbench/run/run_sinks.h"
#include "tests/bench/bare_exchange.h"
#include "tests/bench/measure.h"
#include "tests/bench/mixed_load.h"

namespace nandtlm::bench {
namespace {

std::shared_ptr<const Device> bench_device(std::uint32_t dies, bool address_rules) {
  LoadOptions options;
  options.overrides = {{"constraints.enable_epr", address_rules ? "true" : "false"},
                       {"topology.channels", std::to_string(dies >= 8 ? dies / 4 : 1)},
                       {"topology.dies", std::to_string(dies)},
                       {"policies.store_data", "false"}};
  LoadedDevice loaded = load_device(NANDTLM_BENCH_DEVICE, options);
  for (const ConfigError& error : loaded.errors) std::cerr << error.text() << '\n';
  if (!loaded.device) return nullptr;
  return std::make_shared<const Device>(std::move(*loaded.device));
}

}  // namespace

Figures run_bare(std::uint64_t exchanges) {
  BareInitiator initiator("initiator", exchanges);
  BareTarget target("target");
  initiator.socket.bind(target.socket);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  const double before = seconds_now();
  sc_core::sc_start();
  return Figures{static_cast<double>(exchanges), seconds_now() - before, peak_memory_mib(), true};
}

Figures run_model(const ModelCase& model_case) {
  const std::shared_ptr<const Device> device = bench_device(model_case.dies, true);
  if (device == nullptr) return Figures{0, 0, 0, false};
  Package package("package", device);
  Scheduler scheduler("scheduler", package);
  scheduler.bind_all();
  MixedLoad load("load", package, scheduler, model_case.ops);
  const ScratchFolder scratch;
  RunFile settings;
  settings.out_dir = scratch.path().string();
  settings.outputs.csv = model_case.tracing != Tracing::Off;
  settings.outputs.vcd = model_case.tracing == Tracing::CsvAndVcd;
  RunSinks sinks(settings, *device, package.observers());
  const double before = seconds_now();
  while (load.finished() < model_case.ops) sc_core::sc_start(100, sc_core::SC_MS);
  sinks.finish(KernelTime().now());
  const double seconds = seconds_now() - before;
  const bool ok = checks_pass(package.observers().self_check()) && load.refused() == 0;
  return Figures{static_cast<double>(load.finished()), seconds, peak_memory_mib(), ok};
}

Figures run_standing(const StandingCase& standing_case) {
  const std::shared_ptr<const Device> device = bench_device(1, false);
  if (device == nullptr) return Figures{0, 0, 0, false};
  Package package("package", device);
  Scheduler scheduler("scheduler", package);
  scheduler.bind_all();
  ReadLoad load("load", package, scheduler, standing_case.standing, standing_case.reads);
  while (load.finished() == 0) sc_core::sc_start(100, sc_core::SC_US);
  const double before = seconds_now();
  while (load.finished() < standing_case.reads) sc_core::sc_start(100, sc_core::SC_MS);
  const double seconds = seconds_now() - before;
  const bool ok = checks_pass(package.observers().self_check()) && load.refused() == 0;
  return Figures{static_cast<double>(load.finished()), seconds, peak_memory_mib(), ok};
}

Figures in_own_process(const std::function<Figures()>& work) {
  int ends[2];
  Figures figures{0, 0, 0, false};
  if (pipe(ends) != 0) return figures;
  std::cout.flush();
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    const Figures measured = work();
    const ssize_t written = write(ends[1], &measured, sizeof measured);
    _exit(written == static_cast<ssize_t>(sizeof measured) ? 0 : 1);
  }
  close(ends[1]);
  Figures measured;
  if (child > 0 && read(ends[0], &measured, sizeof measured) == static_cast<ssize_t>(sizeof measured))
    figures = measured;
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return figures;
}

}  // namespace nandtlm::bench
