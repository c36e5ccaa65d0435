#include "testbench/generator/load_generator.h"

#include "config/yaml_parse.h"
#include "testbench/checksum.h"
#include "testbench/generator/policy_workload.h"
#include "testbench/generator/random_workload.h"
#include "traces/buffered_file.h"

namespace nandtlm {
namespace {

WeightTable weights_for(const RunFile& run, const Device& device, const Generation& generation, Diagnostics& out) {
  const std::string& path = run.generator.weights_path;
  if (path.empty()) return fill_weights(device, generation, run.generator, run.seed, out);
  const std::uint32_t source = out.add_source(path);
  const std::optional<std::string> text = read_text_file(path, source, out);
  const std::optional<YamlNode> tree = text ? parse_yaml(*text, source, out) : std::nullopt;
  return tree ? import_weights(*tree, device, out) : WeightTable(device);
}

template <typename Value>
std::string text_of(Value value) {
  StateArchive archive;
  archive(value);
  return archive.bytes();
}

/// `generator.export_weights`. Throws OutputError.
void write_weights(const RandomPlan& plan) {
  if (plan.settings.export_path.empty()) return;
  BufferedFile file(plan.settings.export_path);
  file.append(export_weights(*plan.device, plan.weights));
  file.end_row();
  file.close();
}

void require_an_end(const RunFile& run, Diagnostics& out) {
  if (run.run_until || run.generator.ops != 0) return;
  out.error(Mark(), "workload", "a random run has no end, expected 'run_until_us' or 'generator.ops'");
}

}  // namespace

LoadedWorkload load_random(const RunFile& run, const std::shared_ptr<const Device>& device, const DeviceText& text) {
  LoadedWorkload loaded;
  Diagnostics out(text.sources);
  require_an_end(run, out);
  Generation generation = read_generation(text.tree, *device, out);
  WeightTable weights = weights_for(run, *device, generation, out);
  loaded.errors = out.errors();
  if (!loaded.errors.empty()) return loaded;
  const auto plan = std::make_shared<const RandomPlan>(
      RandomPlan{device, run.generator, std::move(generation), std::move(weights), run.seed});
  loaded.identity = [plan] { return checksum(text_of(plan->settings) + export_weights(*plan->device, plan->weights)); };
  loaded.make = [plan](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    write_weights(*plan);
    return std::make_unique<RandomWorkload>(name, plan, package, scheduler);
  };
  return loaded;
}

LoadedWorkload load_suspend_policy(const RunFile& run, const std::shared_ptr<const Device>& device) {
  LoadedWorkload loaded;
  Diagnostics out;
  out.add_source(run.device_path);
  const auto plan = std::make_shared<PolicyPlan>();
  plan->device = device;
  plan->settings = run.policy;
  plan->seed = run.seed;
  plan->ops = choose_policy_ops(*device, out);
  if (!run.policy.trace_path.empty()) {
    const std::uint32_t source = out.add_source(run.policy.trace_path);
    const std::optional<std::string> text = read_text_file(run.policy.trace_path, source, out);
    if (text) plan->arrivals = read_arrivals(*text, source, *device, out);
  }
  loaded.errors = out.errors();
  if (!loaded.errors.empty()) return loaded;
  loaded.identity = [plan] { return checksum(text_of(plan->settings) + text_of(plan->arrivals)); };
  loaded.make = [plan](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    return std::make_unique<PolicyWorkload>(name, plan, package, scheduler);
  };
  return loaded;
}

}  // namespace nandtlm
