// Runs from the command line: what they write, what they return, when they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kDevice = "config/devices/small_2plane.yaml";
const char* const kWorkload = "config/workloads/nested_suspend.yaml";

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

nlohmann::json metrics_of(const TraceFolder& folder, const std::string& out) {
  return nlohmann::json::parse(folder.text(out + "/metrics.json"));
}

ChildResult run_workload(const TraceFolder& folder, const std::string& steps, const std::string& more = {}) {
  const std::string workload = write_text(folder.path() / "workload.yaml", "steps:\n" + steps);
  return run_nandtlm({"run", write_run_file(folder.path(), kDevice, workload, "out: out\n" + more)});
}

// MET-02, MET-03
TEST(CliRun, WritesAllOutputsThatTheCheckerAccepts) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  const ChildResult result = run_nandtlm({"run", run, "--out", folder.file("out")});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, AllOf(HasSubstr("PASS accounting"), HasSubstr(folder.file("out")), Not(HasSubstr("FAIL")),
                                Not(HasSubstr("SystemC"))));
  for (const char* name :
       {"operation_sequence.csv", "operation_timeline.csv", "op_state_timeline.csv", "op_event_resume.csv",
        "apply_pgm_log.csv", "resume_errors.csv", "proposer_debug.log", "metrics.json", "waves.vcd", "waves.gtkw"}) {
    EXPECT_THAT(files_in(folder.path() / "out"), Contains(name));
  }
  const ChildResult check = run_nandtlm({"check", folder.file("out")});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
}

// EVT-03
TEST(CliRun, TwoRunsAreByteIdentical) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  for (const char* out : {"a", "b"}) ASSERT_EQ(run_nandtlm({"run", run, "--out", folder.file(out)}).status, 0);
  const std::vector<std::string> names = files_in(folder.path() / "a");
  EXPECT_EQ(names, files_in(folder.path() / "b"));
  EXPECT_GT(names.size(), 10U);
  for (const std::string& name : names) EXPECT_EQ(folder.text("a/" + name), folder.text("b/" + name)) << name;
}

// EVT-03: the traces do not alter what is traced.
TEST(CliRun, TracesOffGiveTheSameMetrics) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload);
  ASSERT_EQ(run_nandtlm({"run", run, "--out", folder.file("on")}).status, 0);
  ASSERT_EQ(run_nandtlm({"run", run, "--out", folder.file("off"), "--set", "outputs={csv: off, vcd: off}"}).status, 0);
  EXPECT_EQ(folder.text("on/metrics.json"), folder.text("off/metrics.json"));
  EXPECT_THAT(files_in(folder.path() / "off"), ::testing::ElementsAre("metrics.json"));
}

TEST(CliRun, AnExpectationThatFailsIsShownAndStatusOne) {
  const TraceFolder folder;
  const ChildResult result =
      run_workload(folder, "  - {at: 0, op: Block_Erase_SLC, target: {block: 4}, expect: {end: 1}}\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("FAILED      " + folder.file("workload.yaml") + ":2"), HasSubstr("result      FAIL")));
  EXPECT_EQ(metrics_of(folder, "out")["failed_expectations"], 1);
}

// MET-02: a run that ends with ops suspended is whole, and says so.
TEST(CliRun, EndsWithSuspendedAndBackloggedOpsAndReportsThem) {
  const TraceFolder folder;
  const ChildResult result = run_workload(folder,
                                          "  - {name: e, at: 0, op: Block_Erase_SLC, target: {block: 4}}\n"
                                          "  - {at: 100, op: Erase_Suspend_Reset, die: 0}\n"
                                          "  - {at: 300, op: Block_Erase_SLC, target: {block: 6}}\n");
  EXPECT_THAT(result.out, HasSubstr("left over   1 suspended, 1 in the backlog"));
  EXPECT_THAT(result.out, Not(HasSubstr("FAIL ")));
  EXPECT_EQ(metrics_of(folder, "out")["end"], "finished");
}

// BKL-03, BKL-05: the head is tried again for ever, the run is not.
TEST(CliRun, RetriesOfTheBacklogAloneDoNotKeepItAlive) {
  const TraceFolder folder;
  const std::string steps =
      "  - {name: e4, at: 0, op: Block_Erase_SLC, target: {block: 4}}\n"
      "  - {name: e6, after: e4.end, op: Block_Erase_SLC, target: {block: 6}}\n"
      "  - {name: again, after: e6.end, op: Block_Erase_SLC, target: {block: 6}}\n"
      "  - {name: cut_e, after: again.start + 1000, op: Erase_Suspend_Reset, die: 0}\n"
      "  - {name: p, after: cut_e.end, op: Page_Program_SLC, target: {block: 4, page: 0}}\n"
      "  - {name: cut_p, after: p.start + 100, op: Program_Suspend_Reset, die: 0}\n"
      "  - {name: stuck, after: cut_p.end, op: Page_Program_SLC, target: {block: 6, page: 0}}\n"
      "  - {after: cut_p.end + 10, op: Program_Resume, die: 0}\n";
  const ChildResult result = run_workload(folder, steps);
  const nlohmann::json metrics = metrics_of(folder, "out");
  EXPECT_EQ(metrics["end"], "finished") << result.out;
  EXPECT_EQ(metrics["backlog_size"]["now"], 1);
  EXPECT_GT(metrics["backlog_retry_events"], 1);
  EXPECT_THAT(result.out, HasSubstr("left over   1 suspended, 1 in the backlog"));
}

// GEN-05
TEST(CliRun, RunUntilEndsAReplayByDraining) {
  const TraceFolder folder;
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: first\n");
  ASSERT_EQ(run_nandtlm({"run", run}).status, 0);
  const std::string sequence = folder.file("first/operation_sequence.csv");
  // Inside the first erase: it is finished, the second one is not proposed.
  const ChildResult result = run_nandtlm(
      {"run", run, "--set", "workload=" + sequence, "--set", "run_until_us=100", "--out", folder.file("out")});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const nlohmann::json metrics = metrics_of(folder, "out");
  EXPECT_EQ(metrics["ops_accepted"], 1);
  EXPECT_EQ(metrics["ops_completed"], 1);
  EXPECT_EQ(metrics["simulated_us"], "7000.11");
}

TEST(CliRun, AMetricsFileOfAnEarlierRunDoesNotSurviveAFailedOne) {
  const TraceFolder folder;
  std::filesystem::create_directories(folder.path() / "out/waves.vcd");  // a folder where a file must go
  write_text(folder.path() / "out/metrics.json", "{}");
  const std::string run = write_run_file(folder.path(), kDevice, kWorkload, "out: out\n");
  const ChildResult result = run_nandtlm({"run", run});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.error_lines(), ::testing::ElementsAre(HasSubstr("waves.vcd")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out/metrics.json"));
}

TEST(CliRun, AnEmptySequenceIsARunInWhichNothingHappens) {
  const TraceFolder folder;
  const std::string sequence = write_text(folder.path() / "s.csv", "seq,time,op_id,op_name,op_uid,payload\n");
  const std::string run = write_run_file(folder.path(), kDevice, sequence, "out: out\n");
  const ChildResult result = run_nandtlm({"run", run});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(run_nandtlm({"check", folder.file("out")}).status, 0);
}

// SUS-02: an op whose ISSUE takes no time can be cut at its own start; the checker follows that.
TEST(CliRun, AnOpThatIsCutAtItsOwnStartPassesTheChecker) {
  const TraceFolder folder;
  const ChildResult result =
      run_workload(folder,
                   "  - {at: 10, op: Block_Erase_SLC, target: {block: 4}, expect: {suspend: 10}}\n"
                   "  - {at: 10, op: Erase_Suspend_Reset, die: 0}\n"
                   "  - {at: 500, op: Erase_Resume, die: 0}\n",
                   "overrides: {op_names.Block_Erase_SLC.durations.ISSUE: 0}\n");
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const ChildResult check = run_nandtlm({"check", folder.file("out")});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
}

}  // namespace
}  // namespace nandtlm::test
