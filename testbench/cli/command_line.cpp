#include "testbench/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <vector>

#include "config/scalars.h"

namespace nandtlm {
namespace {

constexpr const char* kAbout =
    "nandtlm simulates a package of NAND dies: operations with exact times, suspend and resume,\n"
    "refusals with their reasons. A run takes a run file (YAML) that names a device and a workload.";

constexpr const char* kExamples =
    "Examples:\n"
    "  nandtlm run config/runs/demo.yaml --out out/demo\n"
    "      simulates the demo; traces, waves.vcd and metrics.json are in out/demo\n"
    "  nandtlm run config/runs/demo.yaml --set topology.dies=8 --set seed=7\n"
    "      the same on another device, with another seed\n"
    "  nandtlm run config/runs/demo.yaml --set workload=out/demo/operation_sequence.csv --out out/again\n"
    "      plays what the first run did, operation by operation, at the same times\n"
    "  nandtlm config config/devices/tlc_4plane.yaml --print\n"
    "      checks a device file and shows everything that it says, short forms written out\n"
    "  nandtlm check out/demo\n"
    "      judges the files of a finished run\n"
    "\n"
    "Exit status: 0 all is well; 1 the run or the check failed; 2 wrong command line or input, nothing was simulated.\n"
    "docs/usage.md tells more.";

std::string one_line_error(const CLI::App* app, const CLI::Error& error) {
  const std::vector<std::string> unknown = app->remaining();
  if (app->get_subcommands().empty() && !unknown.empty()) {
    return fmt::format("nandtlm: '{}' is not expected, expected run, config or check; see 'nandtlm --help'\n",
                       unknown.front());
  }
  return fmt::format("nandtlm: {}; see 'nandtlm --help'\n", error.what());
}

std::string key_value_problem(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && equals > 0) return {};
  return fmt::format("'{}' is not expected, expected KEY=VALUE", text);
}

std::string moment_problem(const std::string& text) {
  const Parsed<Time> moment = parse_duration(text);
  if (moment.value && *moment.value > 0) return {};
  return fmt::format("'{}' is not expected, expected a time in us above 0", text);
}

void add_run(CLI::App& app, RunOptions& options, std::vector<std::string>& sets, bool& until_covered) {
  CLI::App& run = *app.add_subcommand("run", "Simulate a run file");
  run.add_option("RUNFILE", options.run_file, "YAML file that names a device and a workload")->required();
  run.add_option("--set", sets, "Change one key of the run or its device, e.g. seed=7 or topology.dies=8; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->check(CLI::Validator(key_value_problem, ""));
  run.add_option("--out", options.out_dir, "Folder for the outputs, instead of the run file's")->type_name("DIR");
  run.add_flag("--lenient", options.lenient, "Leave out operations of the device file that are wrong, with a warning");
  run.add_option_function<std::string>(
         "--snapshot-at", [&options](const std::string& us) { options.snapshot_at = parse_duration(us).value; },
         "Stop when all of this moment has happened (us), and write a snapshot into the folder for the outputs")
      ->type_name("TIME")
      ->check(CLI::Validator(moment_problem, ""));
  run.add_option("--runs", options.runs,
                 "Of a random run: so many in a row, each going on where the last ended; outputs in DIR/1, DIR/2, ...")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000))
      ->excludes("--snapshot-at");
  run.add_option("--restore", options.restore, "Go on from a snapshot of this run, to another folder")
      ->type_name("FILE")
      ->excludes("--runs");
  run.add_flag("--until-covered", until_covered,
               "Of a random run: go on until every legal combination of suspend and resume was reached, or its end");
}

void add_config(CLI::App& app, ConfigOptions& options) {
  CLI::App& config = *app.add_subcommand("config", "Check a device file, or a run file with all that it names");
  config.add_option("FILE", options.file, "YAML file of a device or a run")->required();
  config.add_flag("--print", options.print, "Print the whole effective configuration as YAML");
  config.add_flag("--lenient", options.lenient, "Leave out operations that are wrong, with a warning");
}

void add_check(CLI::App& app, CheckOptions& options) {
  CLI::App& check = *app.add_subcommand("check", "Judge a finished run from its CSV files alone");
  check.add_option("DIR", options.folder, "Output folder of a run")->required();
}

std::vector<std::pair<std::string, std::string>> split(const std::vector<std::string>& sets) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : sets) {
    const std::size_t equals = text.find('=');
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CLI::App app(kAbout, "nandtlm");
  RunOptions run;
  std::vector<std::string> sets;
  ConfigOptions config;
  CheckOptions check;
  app.set_version_flag("--version", fmt::format("nandtlm {}", kVersion));
  app.require_subcommand(1);
  app.footer(kExamples);
  app.failure_message(one_line_error);
  bool until_covered = false;
  add_run(app, run, sets, until_covered);
  add_config(app, config);
  add_check(app, check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::monostate(), app.exit(error) == 0 ? kExitOk : kExitBadInput};
  }
  if (app.got_subcommand("config")) return {config, kExitOk};
  if (app.got_subcommand("check")) return {check, kExitOk};
  run.sets = split(sets);
  if (until_covered) run.sets.emplace_back("generator.until_covered", "true");
  return {run, kExitOk};
}

}  // namespace nandtlm
