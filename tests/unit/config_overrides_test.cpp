// CFG-01: overrides of a device, and run files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/run_file.h"
#include "tests/unit/config_test_support.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

LoadedDevice with_override(const std::string& key, const std::string& value, const std::string& more = "") {
  LoadOptions options;
  options.overrides = {{key, value}};
  return load_text(kMinimalDevice + more, options);
}

Device overridden(const std::string& key, const std::string& value, const std::string& more = "") {
  LoadedDevice loaded = with_override(key, value, more);
  EXPECT_THAT(texts(loaded.errors), ElementsAre());
  return loaded.device.value_or(Device{});
}

// CFG-01
TEST(ConfigOverrides, ReplaceAndAddKeys) {
  EXPECT_EQ(overridden("topology.planes", "4").topology.planes, 4U);
  EXPECT_EQ(overridden("policies.min_progress_us", "5.5").policies.min_progress, 5'500'000);
  EXPECT_EQ(overridden("name", "mine").name, "mine");
  const Device device = overridden("op_names.Read_SLC.durations.ISSUE", "7");
  EXPECT_EQ(device.op(*device.find_op("Read_SLC")).issue_time(), 7 * kPsPerUs);
  const Device extra = overridden("op_names.Status", "{base: SR}");
  EXPECT_TRUE(extra.find_op("Status"));
}

// CFG-01: keys that hold points themselves.
TEST(ConfigOverrides, PointedKeys) {
  const std::string more = "exclusions_by_op_state: {READ.CORE_BUSY: [SR]}\n";
  for (const char* key : {"exclusions_by_op_state.READ.CORE_BUSY", "exclusions_by_op_state.READ.DATA_OUT"}) {
    const Device device = overridden(key, "[ERASE, SR]", more);
    const auto& states = device.exclusions.by_op_state.at(index(*device.find_base("READ")));
    const bool replaced = states[static_cast<std::size_t>(State::CoreBusy)].count() == 2;
    const bool added = states[static_cast<std::size_t>(State::DataOut)].count() == 2;
    EXPECT_TRUE(replaced != added) << key;
  }
}

// CFG-01
TEST(ConfigOverrides, ListItemsAndWholeSections) {
  EXPECT_EQ(overridden("celltypes.2", "QLC").celltypes[2], "QLC");
  const Device device = overridden("topology", "{planes: 4, spare_bytes: 7}");
  EXPECT_EQ(device.topology.planes, 4U);
  EXPECT_EQ(device.topology.spare_bytes, 7U);
  EXPECT_EQ(device.topology.dies, 2U);
}

// CFG-01, CFG-04: the error names the override.
TEST(ConfigOverrides, Errors) {
  EXPECT_THAT(texts(with_override("policies.nope", "1").errors),
              ElementsAre(HasSubstr("override policies.nope=1:1:1: policies.nope: unknown key, expected one of ")));
  EXPECT_THAT(texts(with_override("topology.planes", "99").errors),
              ElementsAre("override topology.planes=99:1:1: topology.planes: '99' is out of range, expected a whole "
                          "number from 1 to 8"));
  EXPECT_THAT(texts(with_override("topology.planes.x", "1").errors),
              ElementsAre(HasSubstr("topology.planes.x: leads through '2', which holds no keys")));
  EXPECT_THAT(texts(with_override("celltypes.9", "X").errors),
              ElementsAre(HasSubstr("'9' is no item of the list, expected a number below 3")));
  EXPECT_THAT(texts(with_override("", "1").errors), ElementsAre(HasSubstr("not a dotted key")));
  EXPECT_THAT(texts(with_override("topology.planes", "[1").errors), ElementsAre(HasSubstr("no valid YAML")));
}

// CFG-02, CFG-04: what is typed for this run is never skipped.
TEST(ConfigOverrides, LenientDoesNotSwallowThem) {
  LoadOptions options;
  options.lenient = true;
  options.overrides = {{"op_names.Read_SLC.durations.ISSUE", "7q"}};
  EXPECT_FALSE(load_text(kMinimalDevice, options).device);
}

// CFG-02
TEST(ConfigOverrides, LenientSkipsBrokenOpsOnly) {
  LoadOptions options;
  options.lenient = true;
  const LoadedDevice loaded = load_text(kMinimalDevice + "  Bad: {base: READ, durations: {ISSUE: 1q}}\n", options);
  ASSERT_TRUE(loaded.device);
  EXPECT_EQ(loaded.device->ops.size(), 2U);
  EXPECT_THAT(texts(loaded.warnings),
              ElementsAre("d.yaml:16:8: op_names.Bad: the operation is left out because of this (lenient)",
                          HasSubstr("d.yaml:16:40: op_names.Bad.durations.ISSUE: '1q' has the unknown unit")));
  EXPECT_FALSE(load_text(kMinimalDevice + "nonsense: 1\n", options).device);
}

constexpr const char* kRun = R"(device: ../devices/x.yaml
workload: w.yaml
seed: 18446744073709551615
out: results
outputs: {csv: false, vcd: true, data: false}
lenient: true
run_until_us: 1000.5
overrides:
  policies.min_progress_us: 5
  exclusions_by_op_state.READ.END: [SR, "ERASE"]
)";

// CFG-01
TEST(ConfigRunFile, ReadsAll) {
  const TempFile file("run.yaml", kRun);
  const LoadedRunFile loaded = load_run_file(file.path());
  ASSERT_TRUE(loaded.run) << ::testing::PrintToString(texts(loaded.errors));
  const RunFile& run = *loaded.run;
  const std::filesystem::path folder = std::filesystem::path(file.path()).parent_path();
  EXPECT_EQ(run.device_path, (folder / "../devices/x.yaml").lexically_normal().string());
  EXPECT_EQ(run.workload_path, (folder / "w.yaml").lexically_normal().string());
  EXPECT_EQ(run.out_dir, (folder / "results").lexically_normal().string());
  EXPECT_EQ(run.seed, UINT64_MAX);
  EXPECT_FALSE(run.outputs.csv);
  EXPECT_TRUE(run.outputs.vcd);
  EXPECT_TRUE(run.device_options.lenient);
  EXPECT_EQ(run.run_until, 1'000'500'000);
  EXPECT_THAT(run.device_options.overrides,
              ElementsAre(Pair("policies.store_data", "false"), Pair("policies.min_progress_us", "5"),
                          Pair("exclusions_by_op_state.READ.END", "[SR, \"ERASE\"]")));
}

// CFG-01: the command line wins; its paths start where the program was started.
TEST(ConfigRunFile, Sets) {
  const TempFile file("run.yaml", kRun);
  const LoadedRunFile loaded = load_run_file(file.path(), {{"seed", "7"},
                                                           {"out", "here"},
                                                           {"outputs.csv", "true"},
                                                           {"topology.planes", "4"},
                                                           {"overrides.policies.sequence_gap", "2"}});
  ASSERT_TRUE(loaded.run) << ::testing::PrintToString(texts(loaded.errors));
  EXPECT_EQ(loaded.run->seed, 7U);
  EXPECT_EQ(loaded.run->out_dir, "here");
  EXPECT_TRUE(loaded.run->outputs.csv);
  const auto& overrides = loaded.run->device_options.overrides;
  ASSERT_EQ(overrides.size(), 5U);
  EXPECT_THAT(overrides[3], Pair("topology.planes", "4"));
  EXPECT_THAT(overrides[4], Pair("policies.sequence_gap", "2"));
}

// CFG-01
TEST(ConfigRunFile, WithoutAFile) {
  const LoadedRunFile loaded = load_run_file("", {{"device", "d.yaml"}, {"workload", "w.yaml"}});
  ASSERT_TRUE(loaded.run) << ::testing::PrintToString(texts(loaded.errors));
  EXPECT_EQ(loaded.run->device_path, "d.yaml");
  EXPECT_EQ(loaded.run->out_dir, "out");
  EXPECT_EQ(loaded.run->seed, 1U);
  EXPECT_FALSE(loaded.run->run_until);
}

// CFG-04
TEST(ConfigRunFile, Errors) {
  const TempFile file("run.yaml", "device: d.yaml\nseed: -1\noutputs: {png: true}\nrun_until: 5\n");
  EXPECT_THAT(texts(load_run_file(file.path(), {{"lenient", "perhaps"}}).errors),
              ElementsAre(file.path() + ":1:1: workload: the key is missing, expected it in this map",
                          file.path() + ":2:7: seed: '-1' is not a whole number, expected a whole number of at least 0",
                          file.path() + ":3:11: outputs.png: unknown key, expected one of csv, vcd, data",
                          HasSubstr(":4:1: run_until: unknown key, expected one of device, workload, out, seed, "),
                          HasSubstr("override lenient=perhaps:1:1: lenient: 'perhaps' is not a bool")));
  EXPECT_THAT(texts(load_run_file("/no/run.yaml").errors), ElementsAre(HasSubstr("the file does not exist")));
}

}  // namespace
}  // namespace nandtlm::test
