#include "tests/bench/generated_run.h"

#include <iostream>

#include "testbench/run/prepare.h"
#include "testbench/run/run_sinks.h"
#include "testbench/run/simulation.h"
#include "tests/bench/measure.h"

namespace nandtlm::bench {
namespace {

std::string yes_no(bool yes) {
  return yes ? "true" : "false";
}

RunOptions options_of(const GeneratedCase& generated_case, const std::string& folder) {
  RunOptions options;
  options.run_file = NANDTLM_BENCH_RUN;
  options.out_dir = folder;
  options.sets = {{"run_until_us", "1000000ms"},  // `ops` ends it long before
                  {"generator.ops", std::to_string(generated_case.ops)},
                  {"topology.channels", "1"},
                  {"topology.dies", std::to_string(generated_case.dies)},
                  {"outputs.csv", yes_no(generated_case.tracing != Tracing::Off)},
                  {"outputs.vcd", yes_no(generated_case.tracing == Tracing::CsvAndVcd)}};
  return options;
}

}  // namespace

Figures run_generated(const GeneratedCase& generated_case) {
  const ScratchFolder scratch;
  Preparation prepared = prepare_run(options_of(generated_case, scratch.path().string()));
  for (const ConfigError& error : prepared.errors) std::cerr << error.text() << '\n';
  if (!prepared.run) return Figures{0, 0, 0, false};
  Simulation simulation(*prepared.run);
  RunSinks sinks(prepared.run->settings, *prepared.run->device, simulation.observers());
  const double before = seconds_now();
  const RunEnd end = simulation.run([] { return true; });
  sinks.finish(simulation.now());
  const double seconds = seconds_now() - before;
  const bool ok = end == RunEnd::Finished && simulation.workload().failures().empty() &&
                  checks_pass(simulation.observers().self_check());
  const auto accepted = static_cast<double>(simulation.metrics().counters().ops_accepted);
  return Figures{accepted, seconds, peak_memory_mib(), ok};
}

}  // namespace nandtlm::bench
