#include "testbench/cli/config_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "config/device_loader.h"
#include "config/device_writer.h"
#include "config/scalars.h"
#include "config/yaml_parse.h"
#include "testbench/cli/messages.h"
#include "testbench/run/prepare.h"

namespace nandtlm {
namespace {

/// A run file names a device; a device file never does. What cannot be read at all is left to the device loader.
bool is_run_file(const std::string& path) {
  Diagnostics ignored;
  const std::uint32_t source = ignored.add_source(path);
  const std::optional<std::string> text = read_text_file(path, source, ignored);
  if (!text) return false;
  const std::optional<YamlNode> root = parse_yaml(*text, source, ignored);
  return root && root->is_map() && (root->find("device") != nullptr || root->find("workload") != nullptr);
}

/// As comments, so that what is printed is a device file.
void print_settings(const RunFile& run) {
  fmt::print("# device: {}\n# workload: {}\n# seed: {}\n# out: {}\n", run.device_path, run.workload_path, run.seed,
             run.out_dir);
  fmt::print("# outputs: {{csv: {}, vcd: {}}}\n# lenient: {}\n", run.outputs.csv, run.outputs.vcd,
             run.device_options.lenient);
  if (run.run_until) fmt::print("# run_until_us: {}\n", us_text(*run.run_until));
}

int check_run_file(const ConfigOptions& options) {
  const Preparation preparation = prepare_run({options.file, {}, std::nullopt, options.lenient});
  print_messages(preparation.errors, preparation.warnings);
  if (!preparation.run) return kExitBadInput;
  if (options.print) {
    print_settings(preparation.run->settings);
    fmt::print("{}", to_yaml(*preparation.run->device));
  } else {
    fmt::print("{}: the run, its device '{}' and its workload are right\n", options.file,
               preparation.run->device->name);
  }
  return kExitOk;
}

int check_device_file(const ConfigOptions& options) {
  LoadOptions load;
  load.lenient = options.lenient;
  const LoadedDevice loaded = load_device(options.file, load);
  print_messages(loaded.errors, loaded.warnings);
  if (!loaded.device) return kExitBadInput;
  const Device& device = *loaded.device;
  if (options.print) {
    fmt::print("{}", to_yaml(device));
  } else {
    fmt::print("{}: the device '{}' is right: {} operations over {} bases, {} dies of {} planes\n", options.file,
               device.name, device.ops.size(), device.bases.size(), device.topology.dies, device.topology.planes);
  }
  return kExitOk;
}

}  // namespace

int run_config(const ConfigOptions& options) {
  return is_run_file(options.file) ? check_run_file(options) : check_device_file(options);
}

}  // namespace nandtlm
