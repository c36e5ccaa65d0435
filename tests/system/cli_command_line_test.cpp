// Wrong command lines and wrong files: one clear line each, exit status 2, nothing touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const char* const kDevice = "config/devices/small_2plane.yaml";
const char* const kWorkload = "config/workloads/nested_suspend.yaml";

class CommandLine : public ::testing::TestWithParam<std::vector<std::string>> {};

// CFG-04
TEST_P(CommandLine, WrongOneIsOneLineAndStatusTwo) {
  const ChildResult result = run_nandtlm(GetParam());
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.error_lines(), ElementsAre(AllOf(StartsWith("nandtlm: "), HasSubstr("nandtlm --help"))));
}

INSTANTIATE_TEST_SUITE_P(Wrong, CommandLine,
                         ::testing::Values(std::vector<std::string>{}, std::vector<std::string>{"walk"},
                                           std::vector<std::string>{"--nope"}, std::vector<std::string>{"run"},
                                           std::vector<std::string>{"run", "a.yaml", "b.yaml"},
                                           std::vector<std::string>{"run", "a.yaml", "--set", "seed"},
                                           std::vector<std::string>{"run", "a.yaml", "--set", "=7"},
                                           std::vector<std::string>{"run", "a.yaml", "--out"},
                                           std::vector<std::string>{"check"},
                                           std::vector<std::string>{"config", "a.yaml", "--nope"}));

TEST(CommandLineHelp, SaysWhatANewcomerNeeds) {
  const ChildResult result = run_nandtlm({"--help"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, AllOf(HasSubstr("nandtlm run config/runs/demo.yaml"), HasSubstr("nandtlm config"),
                                HasSubstr("nandtlm check"), HasSubstr("Exit status")));
}

TEST(CommandLineHelp, VersionIsTheProjects) {
  const std::string version = run_nandtlm({"--version"}).out;
  const std::string number = version.substr(version.find(' ') + 1, version.find('\n') - version.find(' ') - 1);
  EXPECT_THAT(read_text(project_file("CMakeLists.txt")), HasSubstr("project(nandtlm VERSION " + number + " "));
}

// CFG-04
TEST(CommandLineFiles, MissingRunFileIsNamed) {
  const ChildResult result = run_nandtlm({"run", "/nowhere/run.yaml"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error_lines(), ElementsAre(StartsWith("/nowhere/run.yaml:1:1: ")));
}

// CFG-04
TEST(CommandLineFiles, MissingDeviceAndWorkloadAreNamed) {
  const TraceFolder folder;
  std::string run = write_run_file(folder.path(), "/nowhere/device.yaml", kWorkload);
  ChildResult result = run_nandtlm({"run", run});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error_lines(), ElementsAre(StartsWith("/nowhere/device.yaml:1:1: ")));
  for (const std::string& workload : {std::string("/nowhere/w.yaml"), std::string("/nowhere/w.csv")}) {
    run = write_run_file(folder.path(), kDevice, workload);
    result = run_nandtlm({"run", run});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.error_lines(), ElementsAre(StartsWith(workload + ":1:1: ")));
  }
}

// CFG-01, CFG-04: all errors in one go, and no output file is touched.
TEST(CommandLineFiles, WrongOverridesAreAllReportedAndTouchNothing) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  const std::string out = folder.file("out");
  const ChildResult result = run_nandtlm({"run", run, "--out", out, "--set", "topology.dies=x", "--set", "nokey=1"});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.error_lines(), ElementsAre(HasSubstr("topology.dies"), HasSubstr("nokey")));
  EXPECT_FALSE(std::filesystem::exists(out));
}

// CFG-01: a repeated --set takes one word each and leaves the run file alone.
TEST(CommandLineFiles, OverridesStandBeforeOrAfterTheRunFile) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  const ChildResult result =
      run_nandtlm({"run", "--set", "seed=7", "--set", "outputs.vcd=false", run, "--out", folder.file("out")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(folder.text("out/metrics.json"), HasSubstr("\"seed\": 7,"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("out/waves.vcd")));
}

TEST(CommandLineFiles, ARunNeverOverwritesTheSequenceThatItPlays) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: first\n");
  ASSERT_EQ(run_nandtlm({"run", run}).status, 0);
  const std::string sequence = folder.file("first/operation_sequence.csv");
  const std::string before = read_text(sequence);
  const ChildResult result = run_nandtlm({"run", run, "--set", "workload=" + sequence});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error_lines(), ElementsAre(AllOf(StartsWith(run + ":1:1: out:"), HasSubstr("another folder"))));
  EXPECT_EQ(read_text(sequence), before);
}

// CFG-04: `config` finds in a run file what `run` would find.
TEST(ConfigCommand, JudgesARunFileWithItsWorkload) {
  const TraceFolder folder;
  const std::string workload = write_text(folder.path() / "w.yaml", "steps:\n  - {at: 0, op: No_Such_Op, die: 0}\n");
  const ChildResult wrong = run_nandtlm({"config", write_run_file(folder.path(), kDevice, workload)});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.error_lines(), ElementsAre(AllOf(StartsWith(workload + ":2:"), HasSubstr("No_Such_Op"))));
  const ChildResult right = run_nandtlm({"config", write_run_file(folder.path(), kDevice, kWorkload)});
  EXPECT_EQ(right.status, 0) << right.err;
  EXPECT_FALSE(std::filesystem::exists(folder.file("out")));
}

// CFG-03: what is printed is a device file, complete and equal to the one it came from.
TEST(ConfigCommand, PrintsTheWholeDeviceSoThatItLoadsAgain) {
  const TraceFolder folder;
  const ChildResult first = run_nandtlm({"config", project_file(kDevice), "--print"});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, Not(HasSubstr("op_templates")));
  const std::string printed = write_text(folder.path() / "printed.yaml", first.out);
  const ChildResult second = run_nandtlm({"config", printed, "--print"});
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(second.out, first.out);
}

TEST(ConfigCommand, PrintsARunsSettingsAsCommentsOfItsDevice) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "seed: 42\nrun_until_us: 12.5\n");
  const ChildResult result = run_nandtlm({"config", run, "--print"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("# seed: 42\n"), HasSubstr("# run_until_us: 12.5\n"), HasSubstr("\nop_names:")));
}

// CFG-02
TEST(ConfigCommand, LenientLeavesOutABrokenOperation) {
  const TraceFolder folder;
  std::string device = read_text(project_file(kDevice));
  const std::string entry = "  Read_Status_Enhanced_70h: {base: SR}\n";
  const std::size_t at = device.find(entry);
  ASSERT_NE(at, std::string::npos);
  device.insert(at, "  Broken_Op: {base: SR, durations: {ISSUE: 4x}}\n");
  const std::string path = write_text(folder.path() / "device.yaml", device);
  const ChildResult strict = run_nandtlm({"config", path});
  EXPECT_EQ(strict.status, 2);
  EXPECT_THAT(strict.error_lines(), ElementsAre(AllOf(StartsWith(path + ":"), HasSubstr("Broken_Op"))));
  const ChildResult lenient = run_nandtlm({"config", path, "--lenient"});
  EXPECT_EQ(lenient.status, 0);
  EXPECT_THAT(lenient.error_lines(),
              AllOf(Not(IsEmpty()), Each(AllOf(StartsWith("warning: " + path + ":"), HasSubstr("Broken_Op")))));
}

// MET-03
TEST(CheckCommand, TellsAMissingFolder) {
  const ChildResult result = run_nandtlm({"check", "/nowhere"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("/nowhere"));
}

}  // namespace
}  // namespace nandtlm::test
