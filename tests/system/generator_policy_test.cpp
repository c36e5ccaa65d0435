// The suspend policy from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The columns of the table's row for `policy`: reads, mean, p50, p99, p99.9, max, suspends, writes.
std::vector<double> row_of(const std::string& out, const std::string& policy) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != policy) continue;
    std::vector<double> row;
    for (double number = 0; words >> number;) row.push_back(number);
    return row;
  }
  return {};
}

ChildResult run_policy(const TraceFolder& folder, const std::string& policy,
                       const std::vector<std::string>& arguments = {}) {
  const std::string run =
      write_text(folder.path() / "run.yaml", "device: " + project_file("config/devices/small_2plane.yaml") +
                                                 "\nworkload: suspend_policy\nsuspend_policy: {" + policy + "}\n");
  std::vector<std::string> all = {"run", run, "--out", folder.file("out")};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_nandtlm(all);
}

// GEN-03: reads that wait have writes suspended for them: the tail of their latency goes down, for a price in writes.
TEST(GeneratorPolicy, BringsTheTailOfTheReadLatencyDown) {
  const TraceFolder folder;
  const ChildResult result = run_policy(folder, "reads: 5000");
  ASSERT_EQ(result.status, 0) << result.out << result.err;
  const std::vector<double> off = row_of(result.out, "off");
  const std::vector<double> on = row_of(result.out, "on");
  ASSERT_EQ(off.size(), 8U) << result.out;
  ASSERT_EQ(on.size(), 8U) << result.out;
  EXPECT_EQ(off[0], 5000);
  EXPECT_EQ(on[0], 5000);
  EXPECT_LT(on[3] * 10, off[3]) << "p99";
  EXPECT_LT(on[4], off[4]) << "p99.9";
  EXPECT_EQ(off[6], 0);
  EXPECT_GT(on[6], 1000);
  EXPECT_LT(on[7], off[7]);
  EXPECT_EQ(run_nandtlm({"check", folder.file("out")}).status, 0);
}

// GEN-03: what ends sooner than min_remaining is left alone.
TEST(GeneratorPolicy, KeepsToItsBounds) {
  const TraceFolder folder;
  const ChildResult result = run_policy(folder, "reads: 500, compare: false, min_remaining_us: 8000");
  ASSERT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(row_of(result.out, "on").at(6), 0) << "nothing has 8000 us left";
  EXPECT_THAT(row_of(result.out, "off"), ::testing::IsEmpty());
}

// GEN-03: the longest suspension: arrivals without end do not keep a write from going on.
TEST(GeneratorPolicy, ResumesAtTheLongestSuspension) {
  const TraceFolder folder;
  const ChildResult result =
      run_policy(folder, "reads: 3000, compare: false, read_interval_us: 30, max_suspended_us: 500, max_wait_us: 100");
  ASSERT_EQ(result.status, 0) << result.out << result.err;
  std::istringstream rows(folder.text("out/op_event_resume.csv"));
  std::map<std::string, double> suspended_at;
  int suspensions = 0;
  for (std::string row; std::getline(rows, row);) {
    std::vector<std::string> cells;
    std::istringstream text(row);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (cells[8] == "OP_SUSPEND") suspended_at[cells[2]] = std::stod(cells[9]);
    if (cells[8] != "OP_RESUME") continue;
    ++suspensions;
    // 500 us, what was being read then, and the RESUME's own time.
    EXPECT_LT(std::stod(cells[9]) - suspended_at[cells[2]], 500 + 150 + 1000);
  }
  EXPECT_GT(suspensions, 50);
}

// GEN-03, GEN-06
TEST(GeneratorPolicy, IsTheSameForTheSameSeed) {
  const TraceFolder folder;
  const std::string first = run_policy(folder, "reads: 1000").out;
  const std::string sequence = folder.text("out/operation_sequence.csv");
  const std::string second = run_policy(folder, "reads: 1000").out;
  EXPECT_EQ(row_of(first, "on"), row_of(second, "on"));
  EXPECT_EQ(sequence, folder.text("out/operation_sequence.csv"));
}

// GEN-03: reads from a trace; a wrong one is told with its place.
TEST(GeneratorPolicy, TakesArrivalsFromATrace) {
  const TraceFolder folder;
  std::string trace = "time,die\n";
  for (int i = 0; i < 100; ++i) trace += std::to_string(8000 + 500 * i) + ".25,0\n";
  write_text(folder.path() / "reads.csv", trace);
  const ChildResult result = run_policy(folder, "trace: reads.csv");
  ASSERT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_EQ(row_of(result.out, "on").at(0), 100);
  write_text(folder.path() / "reads.csv", "time,die\n5,0\n4,0\n6,1\nx,0\n");
  const ChildResult wrong = run_policy(folder, "trace: reads.csv");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.error_lines(), ElementsAre(HasSubstr("reads.csv:3:1: time: before the row above"),
                                               HasSubstr("reads.csv:4:3: die"), HasSubstr("reads.csv:5:1: time")));
}

}  // namespace
}  // namespace nandtlm::test
