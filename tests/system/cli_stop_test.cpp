// Runs that cannot come to their end: signals, folders that cannot be written, full disks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

const char* const kDevice = "config/devices/small_2plane.yaml";
const char* const kWorkload = "config/workloads/suspend_1000_times.yaml";

nlohmann::json metrics_in(const std::string& folder) {
  return nlohmann::json::parse(read_text(folder + "/metrics.json"));
}

class CliSignal : public ::testing::TestWithParam<int> {};

// OUT-03
TEST_P(CliSignal, LeavesCompleteOutputsAndAMessage) {
  const TraceFolder folder;
  const std::string workload = write_text(folder.path() / "long.yaml",
                                          "steps:\n  - repeat: 400000\n    steps:\n"
                                          "      - {at: 100 * $i, op: Read_Status_Enhanced_70h, die: 0}\n"
                                          "      - {at: 100 * $i + 50, op: Read_Status_Enhanced_70h, die: 0}\n");
  const std::string run = write_run_file(folder.path(), kDevice, workload, "out: out\n");
  ChildProcess child(NANDTLM_BINARY, {"run", run}, folder.path());
  ASSERT_TRUE(child.wait_for_file(folder.path() / "out/waves.vcd"));
  child.send(GetParam());
  const ChildResult result = child.wait();
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.error_lines(), ElementsAre(MatchesRegex("nandtlm: interrupted at [0-9.]+ us")));
  const nlohmann::json metrics = metrics_in(folder.file("out"));
  EXPECT_EQ(metrics["interrupted"], true);
  EXPECT_EQ(metrics["end"], "interrupted");
  const std::int64_t completed = metrics["ops_completed"];
  EXPECT_LT(completed, 800000);
  const std::vector<std::string> rows = folder.lines("out/operation_sequence.csv");
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(metrics["ops_accepted"]) + 1);
  const ChildResult check = run_nandtlm({"check", folder.file("out")});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
}

INSTANTIATE_TEST_SUITE_P(Signals, CliSignal, ::testing::Values(SIGINT, SIGTERM, SIGHUP));

// OUT-03
TEST(CliStop, AFolderThatCannotBeMadeIsOneLine) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  const std::string file = write_text(folder.path() / "file", "kept");
  for (const std::string& out : {file + "/out", std::string("/proc/nandtlm/out")}) {
    const ChildResult result = run_nandtlm({"run", run, "--out", out});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error_lines(),
                ElementsAre(StartsWith("nandtlm: error: cannot create the folder '" + out + "'")));
  }
  EXPECT_EQ(read_text(file), "kept");
}

class CliFullDisk : public ::testing::TestWithParam<std::string> {};

// OUT-03
TEST_P(CliFullDisk, IsOneLineAndNothingLooksWhole) {
  const TraceFolder folder;
  std::filesystem::create_directory(folder.path() / "out");
  std::filesystem::create_symlink("/dev/full", folder.path() / "out" / GetParam());
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: out\n");
  const ChildResult result = run_nandtlm({"run", run});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error_lines(), ElementsAre(AllOf(HasSubstr(GetParam()), HasSubstr("No space left on device"))));
  const std::filesystem::path metrics = folder.path() / "out/metrics.json";
  if (std::filesystem::exists(metrics)) {
    EXPECT_EQ(metrics_in(folder.file("out"))["end"], "error");
  }
}

INSTANTIATE_TEST_SUITE_P(Files, CliFullDisk,
                         ::testing::Values("operation_timeline.csv", "waves.vcd", "op_state_name_input_time_count.csv",
                                           "waves.gtkw"));

// OUT-03: a disk that fills while the run goes on.
TEST(CliStop, AFileThatMayNotGrowEndsTheRunWithCompleteRows) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: out\n");
  const std::string command = "ulimit -f 40; exec " NANDTLM_BINARY " run " + run;
  const ChildResult result = ChildProcess("/bin/sh", {"-c", command}, folder.path()).wait();
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.error_lines(),
              ElementsAre(AllOf(StartsWith("nandtlm: error: cannot write"), HasSubstr("File too large"))));
  EXPECT_EQ(metrics_in(folder.file("out"))["end"], "error");
  for (const char* name : {"operation_timeline.csv", "op_state_timeline.csv", "op_event_resume.csv", "waves.vcd"}) {
    EXPECT_EQ(folder.text(std::string("out/") + name).back(), '\n') << name;
  }
}

// OUT-03: metrics of a run are whole, or not there.
TEST(CliStop, MetricsThatDoNotFitAreNotLeftBehind) {
  const TraceFolder folder;
  const std::string run =
      write_run_file(folder.path(), kDevice, kWorkload, "out: out\noutputs: {csv: false, vcd: false}\n");
  const std::string command = "ulimit -f 1; exec " NANDTLM_BINARY " run " + run;
  const ChildResult result = ChildProcess("/bin/sh", {"-c", command}, folder.path()).wait();
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_THAT(result.err, HasSubstr("metrics.json"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/metrics.json"));
}

// OUT-03: an output that is left out is not missed.
TEST(CliStop, AFileThatIsNotAskedForMayBeUnwritable) {
  const TraceFolder folder;
  std::filesystem::create_directory(folder.path() / "out");
  std::filesystem::create_symlink("/dev/full", folder.path() / "out/waves.vcd");
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: out\noutputs: {vcd: false}\n");
  const ChildResult result = run_nandtlm({"run", run});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("FAIL")));
}

}  // namespace
}  // namespace nandtlm::test
