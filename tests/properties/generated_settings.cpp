#include "tests/properties/generated_settings.h"

#include <algorithm>

#include "tests/support/random_plan.h"

namespace nandtlm::test {
namespace {

Time longest_write(const Device& device) {
  Time longest = kPsPerUs;
  for (const OpSpec& op : device.ops) {
    const Action action = device.base(op.base).effects.action;
    if (action == Action::Program || action == Action::Erase) longest = std::max(longest, op.nominal);
  }
  return longest;
}

Time shortest_read(const Device& device) {
  Time shortest = longest_write(device);
  for (const OpSpec& op : device.ops) {
    if (device.base(op.base).effects.action == Action::Read) shortest = std::min(shortest, op.nominal);
  }
  return shortest;
}

std::string flag(bool value) {
  return value ? "true" : "false";
}

/// Shares of classes: the usual ones, or many of one kind.
std::string mix(Dice& dice) {
  static const std::vector<std::string> kMixes = {
      "{}",
      "{}",
      "{suspend: 0.3, nop: 0.05}",
      "{suspend: 0.3, resume: 0.1, program: 0.5}",
      "{erase: 0.3, suspend: 0.2}",
      "{reset: 0.02, suspend: 0.2}",
      "{other: 0.2, status: 0.1, continue: 0.2}",
  };
  return dice.pick(kMixes);
}

std::string random_section(Dice& dice, const Device& device) {
  const std::uint32_t share = 100 + dice.below(dice.one_in(5) ? 900 : 200);
  std::string text = "generator: {ops: " + std::to_string(share * std::min(device.topology.dies, 4U));
  text += ", bootstrap: " + flag(dice.one_in(2));
  text += ", drain: " + flag(!dice.one_in(4));
  text += ", until_covered: " + flag(dice.one_in(4));
  text += ", max_backlog: " + std::to_string(dice.below(7));
  return text + ", mix: " + mix(dice) + "}\n";
}

std::string policy_section(Dice& dice, const Device& device) {
  const auto us = [](Time time) { return std::to_string(time / kPsPerUs + 1); };
  const auto part = [&](Time whole, Time divisor) {
    return us(whole * static_cast<Time>(1 + dice.below(20)) / (20 * divisor));
  };
  const Time write = longest_write(device);
  // A die is not asked for more reads than it can serve.
  const Time read = 4 * shortest_read(device) * device.topology.dies / device.topology.channels;
  std::string text = "suspend_policy: {compare: false, enabled: " + flag(!dice.one_in(5));
  text += ", reads: " + std::to_string((50 + dice.below(100)) * std::min(device.topology.dies, 4U));
  text += ", read_interval_us: " + us(read * (1 + dice.below(10)));
  text += ", max_wait_us: " + part(write, 10);  // one draw a statement: their order is the same everywhere
  text += ", min_remaining_us: " + part(write, 10);
  text += ", max_suspended_us: " + part(write, 3);
  return text + ", pages_per_erase: " + std::to_string(2 + dice.below(31)) + "}\n";
}

std::string overrides_section(const Overrides& overrides) {
  std::string items;
  for (const auto& [key, value] : overrides)
    items.append(items.empty() ? "" : ", ").append(key).append(": ").append(value);
  return "overrides: {" + items + "}\n";
}

}  // namespace

const std::vector<Overrides>& device_variants() {
  static const std::vector<Overrides> kVariants = {
      {},
      {{"policies.min_progress_us", "20"},
       {"policies.max_suspends_per_op", "4"},
       {"policies.admission_window", "100"},
       {"policies.queue_refill_period_us", "15"}},
      {{"policies.backlog_retry_delay_us", "60"},
       {"policies.split_dout_per_plane", "false"},
       {"topology.blocks_per_die", "8"},
       {"constraints.epr.offset_guard", "1"}},
      {{"topology.channels", "2"},
       {"topology.dies", "4"},
       {"bad_blocks", "[[0, 1], [3, 0]]"},
       {"policies.admission_window", "500"},
       {"policies.sequence_gap", "0"}},
  };
  return kVariants;
}

std::string generated_run_file(const std::string& device_path, const Device& device, const Overrides& overrides,
                               Generator generator, std::uint32_t seed) {
  Dice dice(seed);
  const bool random = generator == Generator::Random;
  std::string text = "device: " + device_path + "\nlenient: true\n" + overrides_section(overrides);
  text += std::string("workload: ") + (random ? "random" : "suspend_policy") + "\n";
  text += "seed: " + std::to_string(seed) + "\n";
  // Ends a run on a device on which hardly anything is legal.
  text += "run_until_us: " + std::to_string(40 * longest_write(device) / kPsPerUs) + "\n";
  return text + (random ? random_section(dice, device) : policy_section(dice, device));
}

}  // namespace nandtlm::test
