// The established file, the project's own devices, and writing them back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "config/device_writer.h"
#include "config/effects_yaml.h"
#include "tests/unit/config_test_support.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool same_steps(const std::vector<Step>& a, const std::vector<Step>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Step& x, const Step& y) {
    return x.state == y.state && x.bus == y.bus && x.duration == y.duration;
  });
}

void expect_same_bases(const Device& a, const Device& b) {
  ASSERT_EQ(a.bases.size(), b.bases.size());
  for (std::size_t i = 0; i < a.bases.size(); ++i) {
    const OpBase& x = a.bases[i];
    const OpBase& y = b.bases[i];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.scope, y.scope) << x.name;
    EXPECT_EQ(x.affect_state, y.affect_state) << x.name;
    EXPECT_EQ(x.instant_resv, y.instant_resv) << x.name;
    EXPECT_EQ(x.family, y.family) << x.name;
    EXPECT_TRUE(same_effects(x.effects, y.effects)) << x.name;
    EXPECT_TRUE(same_steps(x.steps, y.steps)) << x.name;
    EXPECT_EQ(x.payload, y.payload) << x.name;
  }
}

void expect_same_ops(const Device& a, const Device& b) {
  ASSERT_EQ(a.ops.size(), b.ops.size());
  for (std::size_t i = 0; i < a.ops.size(); ++i) {
    const OpSpec& x = a.ops[i];
    const OpSpec& y = b.ops[i];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.base, y.base) << x.name;
    EXPECT_EQ(x.celltype, y.celltype) << x.name;
    EXPECT_EQ(x.multi, y.multi) << x.name;
    EXPECT_EQ(x.nominal, y.nominal) << x.name;
    EXPECT_EQ(x.sub_page, y.sub_page) << x.name;
    EXPECT_TRUE(same_steps(x.steps, y.steps)) << x.name;
  }
}

void expect_same_rules(const Rules& x, const Rules& y) {
  EXPECT_EQ(x.latch, y.latch);
  EXPECT_EQ(x.state_forbid, y.state_forbid);
  EXPECT_EQ(x.suspend, y.suspend);
  EXPECT_EQ(x.odt, y.odt);
  EXPECT_EQ(x.cache, y.cache);
  EXPECT_EQ(x.address, y.address);
  EXPECT_EQ(x.program_before_erase, y.program_before_erase);
  EXPECT_EQ(x.offset_guard, y.offset_guard);
  EXPECT_EQ(x.single_single_allowed, y.single_single_allowed);
}

void expect_same_policies(const Policies& x, const Policies& y) {
  EXPECT_EQ(x.backlog_retry_delay, y.backlog_retry_delay);
  EXPECT_EQ(x.min_progress, y.min_progress);
  EXPECT_EQ(x.max_suspends_per_op, y.max_suspends_per_op);
  EXPECT_EQ(x.admission_window, y.admission_window);
  EXPECT_EQ(x.queue_refill_period, y.queue_refill_period);
  EXPECT_EQ(x.sequence_gap, y.sequence_gap);
  EXPECT_EQ(x.store_data, y.store_data);
}

void expect_same_topology(const Topology& x, const Topology& y) {
  EXPECT_EQ(x.channels, y.channels);
  EXPECT_EQ(x.dies, y.dies);
  EXPECT_EQ(x.planes, y.planes);
  EXPECT_EQ(x.blocks_per_die, y.blocks_per_die);
  EXPECT_EQ(x.pages_per_block, y.pages_per_block);
  EXPECT_EQ(x.page_bytes, y.page_bytes);
  EXPECT_EQ(x.spare_bytes, y.spare_bytes);
}

void expect_same_exclusions(const Exclusions& x, const Exclusions& y) {
  EXPECT_EQ(x.by_op_state, y.by_op_state);
  EXPECT_EQ(x.by_end, y.by_end);
  EXPECT_EQ(x.by_latch, y.by_latch);
  EXPECT_EQ(x.by_suspend, y.by_suspend);
  EXPECT_EQ(x.by_odt_disabled, y.by_odt_disabled);
  EXPECT_EQ(x.by_cache, y.by_cache);
}

void expect_round_trip(const Device& device) {
  const LoadedDevice again = load_text(to_yaml(device));
  ASSERT_TRUE(again.device) << ::testing::PrintToString(texts(again.errors));
  const Device& b = *again.device;
  EXPECT_EQ(device.name, b.name);
  expect_same_topology(device.topology, b.topology);
  EXPECT_EQ(device.celltypes, b.celltypes);
  expect_same_bases(device, b);
  expect_same_ops(device, b);
  EXPECT_EQ(device.group_names, b.group_names);
  EXPECT_EQ(device.groups, b.groups);
  expect_same_exclusions(device.exclusions, b.exclusions);
  expect_same_rules(device.rules, b.rules);
  expect_same_policies(device.policies, b.policies);
  ASSERT_EQ(device.bad_blocks.size(), b.bad_blocks.size());
  const std::set<std::pair<std::string, std::string>> kept(device.generator_sections.begin(),
                                                           device.generator_sections.end());
  const std::set<std::pair<std::string, std::string>> kept_again(b.generator_sections.begin(),
                                                                 b.generator_sections.end());
  EXPECT_EQ(kept, kept_again);
  EXPECT_EQ(to_yaml(device), to_yaml(b));
}

Device shipped(const std::string& name) {
  LoadedDevice loaded = load_device(device_path(name));
  EXPECT_THAT(texts(loaded.errors), ElementsAre());
  EXPECT_THAT(texts(loaded.warnings), ElementsAre());
  return loaded.device.value_or(Device{});
}

class EstablishedDevice : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(established_path())) GTEST_SKIP() << "no " << established_path();
  }
};

// CFG-02: one broken number, with file, line and key.
TEST_F(EstablishedDevice, ReportsItsOneBrokenNumber) {
  const LoadedDevice loaded = load_device(established_path());
  EXPECT_FALSE(loaded.device);
  ASSERT_EQ(loaded.errors.size(), 1U) << ::testing::PrintToString(texts(loaded.errors));
  EXPECT_EQ(loaded.errors[0].file, established_path());
  EXPECT_EQ(loaded.errors[0].line, 3588);
  EXPECT_EQ(loaded.errors[0].column, 14);
  EXPECT_EQ(loaded.errors[0].key, "op_names.Temperature_Sensor_Slow_mode.durations.ISSUE");
  EXPECT_THAT(loaded.errors[0].what, HasSubstr("400.6036"));
}

// CFG-02
TEST_F(EstablishedDevice, LoadsLenientlyWithoutTheBrokenOp) {
  LoadOptions options;
  options.lenient = true;
  const LoadedDevice loaded = load_device(established_path(), options);
  ASSERT_TRUE(loaded.device);
  const Device& device = *loaded.device;
  EXPECT_EQ(loaded.warnings.size(), 2U);
  EXPECT_EQ(device.bases.size(), 57U);
  EXPECT_EQ(device.ops.size(), 293U);
  EXPECT_FALSE(device.find_op("Temperature_Sensor_Slow_mode"));
  EXPECT_EQ(device.topology.channels, 1U);
  EXPECT_EQ(device.topology.page_bytes, 16384U);
  EXPECT_EQ(device.topology.spare_bytes, 0U);
  EXPECT_FALSE(device.rules.program_before_erase);
  EXPECT_EQ(device.rules.offset_guard, 0U);
  EXPECT_EQ(device.policies.admission_window, 500'000);
  // A state that the op leaves out has its base's duration, one that only the op has comes last.
  const OpSpec& partial = device.op(*device.find_op("Plane_Level_4KB_Page_Read_AESLC"));
  EXPECT_EQ(partial.nominal, 145'000 + 8'000'000 + 2'000'000);
  const OpSpec& reset = device.op(*device.find_op("Synchronous_Reset"));
  ASSERT_EQ(reset.steps.size(), 2U);
  EXPECT_EQ(reset.steps[1].state, State::CoreBusy);
  EXPECT_FALSE(reset.steps[1].bus);
  EXPECT_EQ(reset.steps[1].duration, 30'000'000);
  EXPECT_EQ(device.op(*device.find_op("Read_SLC")).steps[2].duration, 6'000'000);
  expect_round_trip(device);
}

// CFG-01: all 294 ops once the number is put right from outside.
TEST_F(EstablishedDevice, OverrideRepairsTheNumber) {
  LoadOptions options;
  options.overrides = {{"op_names.Temperature_Sensor_Slow_mode.durations.ISSUE", "400.6036"}};
  const LoadedDevice loaded = load_device(established_path(), options);
  ASSERT_TRUE(loaded.device);
  EXPECT_EQ(loaded.device->ops.size(), 294U);
  EXPECT_THAT(texts(loaded.warnings), ElementsAre());
  expect_round_trip(*loaded.device);
}

// CFG-03, CFG-06: the names and bus times that users know.
TEST_F(EstablishedDevice, DefaultDeviceHasItsOps) {
  LoadOptions options;
  options.lenient = true;
  const LoadedDevice loaded = load_device(established_path(), options);
  ASSERT_TRUE(loaded.device);
  const Device device = shipped("tlc_4plane.yaml");
  for (const OpSpec& op : loaded.device->ops) {
    const auto id = device.find_op(op.name);
    ASSERT_TRUE(id) << op.name;
    EXPECT_EQ(device.op(*id).issue_time(), op.issue_time()) << op.name;
  }
  for (const OpBase& base : loaded.device->bases) EXPECT_TRUE(device.find_base(base.name)) << base.name;
}

// CFG-01, CFG-06
TEST(ConfigDevice, DefaultDevice) {
  const Device device = shipped("tlc_4plane.yaml");
  EXPECT_EQ(device.bases.size(), 57U);
  EXPECT_GE(device.ops.size(), 294U);
  EXPECT_EQ(device.topology.channels, 2U);
  EXPECT_EQ(device.topology.dies_per_channel(), 4U);
  const auto core_busy = [&](const char* op) { return device.op(*device.find_op(op)).steps.at(1).duration; };
  EXPECT_EQ(core_busy("Block_Erase_SLC"), 7000 * kPsPerUs);
  EXPECT_EQ(core_busy("Page_Program_SLC"), 300 * kPsPerUs);
  EXPECT_EQ(core_busy("One_Shot_PGM_LSB"), 20 * kPsPerUs);
  EXPECT_EQ(core_busy("One_Shot_PGM_MSB_23h"), 2000 * kPsPerUs);
  EXPECT_EQ(core_busy("Read_SLC"), 25 * kPsPerUs);
  EXPECT_EQ(core_busy("4KB_Page_Read_confirm_SLC"), 20 * kPsPerUs);
  EXPECT_EQ(core_busy("Read_CSB"), 50 * kPsPerUs);
  EXPECT_EQ(core_busy("Soft_Read_CSB"), 60 * kPsPerUs);
  EXPECT_EQ(core_busy("Program_Suspend_Reset"), 100 * kPsPerUs);
  EXPECT_EQ(core_busy("Erase_Resume"), 150 * kPsPerUs);
  EXPECT_EQ(core_busy("Synchronous_Reset"), 30 * kPsPerUs);
  std::set<CellId> used;
  for (const OpSpec& op : device.ops) used.insert(op.celltype);
  EXPECT_EQ(used.size(), device.celltypes.size());
  expect_round_trip(device);
}

// CFG-05, SUS-02, SUS-07, SUS-08: every program and erase can be suspended, and what may run meanwhile.
void expect_suspend_tables(const Device& device) {
  const std::size_t program_suspend = index(*device.find_base("PROGRAM_SUSPEND"));
  const std::size_t erase_suspend = index(*device.find_base("ERASE_SUSPEND"));
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    const OpBase& base = device.bases[i];
    if (base.family == Family::None) continue;
    const std::size_t suspend = base.family == Family::Program ? program_suspend : erase_suspend;
    for (const Step& step : base.steps) {
      if (step.state == State::Issue) continue;
      const BaseSet& forbidden = device.exclusions.by_op_state[i][static_cast<std::size_t>(step.state)];
      EXPECT_FALSE(forbidden[suspend]) << base.name;
      for (const char* allowed : {"NOP", "SR", "SR_ADD", "RESET", "RESET_LUN"}) {
        EXPECT_FALSE(forbidden[index(*device.find_base(allowed))]) << base.name << " " << allowed;
      }
      EXPECT_TRUE(forbidden[index(*device.find_base("READ"))]) << base.name;
    }
    EXPECT_TRUE(device.exclusions.by_suspend[0][1][i]) << base.name;
    EXPECT_EQ(device.exclusions.by_suspend[1][1][i], base.family == Family::Erase) << base.name;
  }
  const auto forbidden = [&](Family family, int suspended, const char* base) {
    return device.exclusions.by_suspend[static_cast<std::size_t>(family)][static_cast<std::size_t>(suspended)]
                                       [index(*device.find_base(base))];
  };
  for (const char* read : {"READ", "RECOVERY_RD", "PLANE_READ", "DOUT", "SR", "SR_ADD", "RESET", "PROGRAM_RESUME"}) {
    EXPECT_FALSE(forbidden(Family::Program, 1, read)) << read;
    EXPECT_FALSE(forbidden(Family::Erase, 1, read)) << read;
  }
  EXPECT_FALSE(forbidden(Family::Erase, 1, "PROGRAM_SUSPEND"));
  EXPECT_FALSE(forbidden(Family::Erase, 1, "ERASE_RESUME"));
  EXPECT_TRUE(forbidden(Family::Erase, 1, "ERASE_SUSPEND"));
  EXPECT_TRUE(forbidden(Family::Erase, 1, "CACHE_READ"));
  EXPECT_TRUE(forbidden(Family::Program, 1, "ERASE_SUSPEND"));
  EXPECT_TRUE(forbidden(Family::Program, 1, "ERASE_RESUME"));
  EXPECT_TRUE(forbidden(Family::Program, 1, "PROGRAM_SUSPEND"));
  EXPECT_TRUE(forbidden(Family::Program, 0, "PROGRAM_RESUME"));
  EXPECT_TRUE(forbidden(Family::Erase, 0, "ERASE_RESUME"));
}

// CFG-05, SUS-07, SUS-08
TEST(ConfigDevice, SuspendTables) {
  expect_suspend_tables(shipped("tlc_4plane.yaml"));
  expect_suspend_tables(shipped("small_2plane.yaml"));
}

// EPR-04: between LSB and the last step only what belongs to the program.
TEST(ConfigDevice, OneshotLatches) {
  for (const char* file : {"tlc_4plane.yaml", "small_2plane.yaml"}) {
    const Device device = shipped(file);
    for (const std::size_t latch : {1U, 2U, 3U}) {
      const BaseSet& forbidden = device.exclusions.by_latch[latch];
      for (const char* base : {"READ", "PROGRAM_SLC", "ERASE", "CACHE_PROGRAM_SLC"}) {
        EXPECT_TRUE(forbidden[index(*device.find_base(base))]) << file << " " << base;
      }
      for (const char* base : {"ONESHOT_PROGRAM_CSB", "ONESHOT_PROGRAM_MSB_23H", "SR", "RESET", "PROGRAM_SUSPEND"}) {
        EXPECT_FALSE(forbidden[index(*device.find_base(base))]) << file << " " << base;
      }
    }
  }
}

// CFG-01
TEST(ConfigDevice, SmallDevice) {
  const Device device = shipped("small_2plane.yaml");
  EXPECT_EQ(device.topology.dies, 1U);
  EXPECT_EQ(device.topology.page_total_bytes(), 528U);
  EXPECT_TRUE(device.op(*device.find_op("Page_Program_Multi_Plane_ONFI_SLC")).multi);
  EXPECT_EQ(device.op(*device.find_op("Read_MSB")).sub_page, 2);
  expect_round_trip(device);
}

std::string with_states(const std::string& states) {
  std::string text = kMinimalDevice;
  const std::string old = "  RESET: {scope: NONE, states: {ISSUE: 0.1}}\n";
  return text.replace(text.find(old), old.size(), "  RESET:\n    scope: none\n    states:\n" + states);
}

// CFG-02: one-key maps in lists, both ways to indent; other names; upper and lower case.
TEST(ConfigDevice, StateQuirks) {
  for (const char* states :
       {"      - ISSUE:\n        bus: true\n        duration: 0.4\n      - DATAIN:\n        bus: false\n"
        "        duration: 8.0\n",
        "      - ISSUE:\n          bus: true\n          duration: 0.4\n      - DATA_IN: {duration: 8}\n",
        "      - issue: {duration: 0.4}\n      - dataIn: {bus: False, duration: 8 us}\n",
        "      ISSUE: 400ns\n      DATAIN: {duration: 8}\n"}) {
    const LoadedDevice loaded = load_text(with_states(states));
    ASSERT_TRUE(loaded.device) << states << ::testing::PrintToString(texts(loaded.errors));
    const OpBase& base = loaded.device->base(*loaded.device->find_base("RESET"));
    EXPECT_TRUE(same_steps(base.steps, {{State::Issue, true, 400'000}, {State::DataIn, false, 8'000'000}})) << states;
  }
}

// CFG-04
TEST(ConfigDevice, StateMistakes) {
  EXPECT_THAT(texts(load_text(with_states("      - ISSUE:\n        buss: true\n        duration: 0.4\n")).errors),
              ElementsAre("d.yaml:15:9: op_bases.RESET.states.buss: unknown key, expected one of ISSUE, bus, "
                          "duration"));
  EXPECT_THAT(texts(load_text(with_states("      - ISSUE:\n        bus: true\n")).errors),
              ElementsAre("d.yaml:14:9: op_bases.RESET.states.duration: the key is missing, expected it in this map"));
  EXPECT_THAT(
      texts(load_text(with_states("      - bus: true\n")).errors),
      ElementsAre("d.yaml:14:9: op_bases.RESET.states: the step has no state, expected ISSUE, CORE_BUSY, DATA_IN or "
                  "DATA_OUT"));
}

// CFG-05: explicit keys win, and are written back.
TEST(ConfigDevice, ExplicitFamilyAndEffects) {
  std::string text = kMinimalDevice;
  text.replace(text.find("  SR:"), 0,
               "  FOO_PROGRAM: {scope: DIE_WIDE, states: {ISSUE: 1}}\n"
               "  MY_WRITE: {scope: DIE_WIDE, states: {ISSUE: 1}, family: program}\n"
               "  PEEK: {scope: PLANE_SET, states: {ISSUE: 1}, effects: {action: read, latch_set: [read, lsb]}}\n");
  const LoadedDevice loaded = load_text(text + "program_base_whitelist: [PROGRAM_SLC]\n");
  ASSERT_TRUE(loaded.device) << ::testing::PrintToString(texts(loaded.errors));
  const Device& device = *loaded.device;
  EXPECT_EQ(device.base(*device.find_base("FOO_PROGRAM")).family, Family::Program);
  EXPECT_TRUE(device.base(*device.find_base("FOO_PROGRAM")).effects.commits_page());
  EXPECT_EQ(device.base(*device.find_base("MY_WRITE")).family, Family::Program);
  EXPECT_EQ(device.base(*device.find_base("PEEK")).effects.latch_set, 3);
  EXPECT_EQ(device.base(*device.find_base("PEEK")).effects.action, Action::Read);
  expect_round_trip(device);
}

// CFG-01
TEST(ConfigDevice, PayloadDefaults) {
  const LoadedDevice loaded = load_text(kMinimalDevice + "payload_by_op_base: {RESET: []}\n");
  ASSERT_TRUE(loaded.device);
  const Device& device = *loaded.device;
  EXPECT_THAT(device.base(*device.find_base("RESET")).payload, ElementsAre());
  EXPECT_THAT(device.base(*device.find_base("SR")).payload, ElementsAre(PayloadKey::Die, PayloadKey::ExpVal));
  EXPECT_EQ(device.base(*device.find_base("READ")).payload.size(), 5U);
}

// CFG-02: the generator's sections are kept as they are.
TEST(ConfigDevice, KeepsGeneratorSections) {
  const LoadedDevice loaded = load_text(kMinimalDevice +
                                        "policies: {topN: 4}\n"
                                        "phase_conditional_overrides:\n  global:\n  READ.END: {SR: 0.50}\n");
  ASSERT_TRUE(loaded.device) << ::testing::PrintToString(texts(loaded.errors));
  EXPECT_THAT(loaded.device->generator_sections,
              ElementsAre(std::make_pair("policies.topN", "4"),
                          std::make_pair("phase_conditional_overrides", "global: null\nREAD.END:\n  SR: 0.50\n")));
  expect_round_trip(*loaded.device);
}

// RES-01, constraints
TEST(ConfigDevice, Constraints) {
  const LoadedDevice loaded =
      load_text(kMinimalDevice +
                "constraints:\n  enabled_rules: [STATE_FORBID_SUSPEND]\n  single_single_allowed_bases: [READ]\n"
                "  epr: {offset_guard: 3}\n");
  ASSERT_TRUE(loaded.device) << ::testing::PrintToString(texts(loaded.errors));
  const Rules& rules = loaded.device->rules;
  EXPECT_TRUE(rules.suspend);
  EXPECT_FALSE(rules.state_forbid);
  EXPECT_FALSE(rules.address);
  EXPECT_EQ(rules.offset_guard, 3U);
  EXPECT_EQ(rules.single_single_allowed.count(), 1U);
  expect_round_trip(*loaded.device);
}

}  // namespace
}  // namespace nandtlm::test
