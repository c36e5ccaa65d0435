#include "tests/bench/bench_case.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "config/device_loader.h"
#include "tests/bench/bare_exchange.h"
#include "tests/bench/mixed_load.h"
#include "traces/csv_sinks.h"
#include "traces/vcd_sink.h"

namespace nandtlm::bench {
namespace {

/// What a user waits for: traces are written by a second thread, whose time counts where it holds the run up.
double seconds_now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

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

/// A folder for one case's outputs, gone with it.
class ScratchFolder {
 public:
  ScratchFolder() : path_(std::filesystem::temp_directory_path() / ("nandtlm-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

bool checks_pass(Package& package) {
  bool ok = true;
  for (const CheckLine& line : package.observers().self_check().report()) {
    if (!line.pass) std::cerr << "self-check: " << line.name << ": " << line.detail << '\n';
    ok = ok && line.pass;
  }
  return ok;
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
  OutputOptions output;  // as `nandtlm run` has them
  output.writer = std::make_shared<BackgroundWriter>();
  std::unique_ptr<CsvSinks> csv;
  std::unique_ptr<VcdSink> vcd;
  if (model_case.tracing != Tracing::Off) {
    CsvOptions options;
    options.output = output;
    csv = std::make_unique<CsvSinks>(*device, scratch.path(), options);
    package.observers().attach(*csv);
  }
  if (model_case.tracing == Tracing::CsvAndVcd) {
    vcd = std::make_unique<VcdSink>(*device, (scratch.path() / "waves.vcd").string(), output);
    package.observers().attach(*vcd);
  }
  const double before = seconds_now();
  while (load.finished() < model_case.ops) sc_core::sc_start(100, sc_core::SC_MS);
  const Time end = KernelTime().now();
  if (csv != nullptr) csv->finish(end);
  if (vcd != nullptr) vcd->finish(end);
  const double seconds = seconds_now() - before;
  const bool ok = checks_pass(package) && load.refused() == 0;
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
  const bool ok = checks_pass(package) && load.refused() == 0;
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
