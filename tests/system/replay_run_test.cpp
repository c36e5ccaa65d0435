// What a run did, played again from its operation_sequence.csv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kHeader = "seq,time,op_id,op_name,op_uid,payload\n";

/// Plays `sequence` on the small device into `folder`/out.
ChildResult replay(const TraceFolder& folder, const std::string& rows) {
  const std::string sequence = write_text(folder.path() / "sequence.csv", kHeader + rows);
  return run_nandtlm(
      {"run", write_run_file(folder.path(), "config/devices/small_2plane.yaml", sequence, "out: out\n")});
}

/// The timeline without the columns that say how an op came to its place: `source`, and the phases at its proposal,
/// which comes earlier than its start where a scenario plans ahead.
std::string without_origin(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    std::istringstream stream(line);
    std::size_t column = 0;
    for (std::string field; std::getline(stream, field, ','); ++column) {
      if (column != 8 && column < 11) text += field + ',';
    }
    text += '\n';
  }
  return text;
}

struct Recorded {
  const char* device;
  const char* workload;
};

class ReplayOfRun : public ::testing::TestWithParam<Recorded> {};

// EVT-03, OUT-00
TEST_P(ReplayOfRun, HasTheSameTimelineAndEvents) {
  const TraceFolder folder;
  const std::string workload = std::string("config/workloads/") + GetParam().workload + ".yaml";
  const std::string run = write_run_file(folder.path(), std::string("config/devices/") + GetParam().device + ".yaml",
                                         workload, "out: first\n");
  const ChildResult first = run_nandtlm({"run", run});
  ASSERT_EQ(first.status, 0) << first.out << first.err;
  const std::string sequence = folder.file("first/operation_sequence.csv");
  const ChildResult again = run_nandtlm({"run", run, "--set", "workload=" + sequence, "--out", folder.file("again")});
  ASSERT_EQ(again.status, 0) << again.out << again.err;
  EXPECT_THAT(again.out, Not(HasSubstr("warning")));

  EXPECT_GT(folder.lines("first/operation_sequence.csv").size(), 5U);
  EXPECT_EQ(without_origin(folder.lines("first/operation_timeline.csv")),
            without_origin(folder.lines("again/operation_timeline.csv")));
  for (const char* name : {"operation_sequence.csv", "op_event_resume.csv", "op_state_timeline.csv",
                           "apply_pgm_log.csv", "address_touch_count.csv"}) {
    EXPECT_EQ(folder.text(std::string("first/") + name), folder.text(std::string("again/") + name)) << name;
  }
  const ChildResult check = run_nandtlm({"check", folder.file("again")});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
}

INSTANTIATE_TEST_SUITE_P(
    Workloads, ReplayOfRun,
    ::testing::Values(Recorded{"small_2plane", "nested_suspend"}, Recorded{"small_2plane", "suspend_1000_times"},
                      Recorded{"small_2plane", "suspend_instants"}, Recorded{"small_2plane", "cache_batch_cut"},
                      Recorded{"small_2plane", "resume_cancelled"}, Recorded{"tlc_4plane", "suspend_all_dies"}),
    [](const auto& test) { return std::string(test.param.workload); });

// The demo aborts nothing that never started: its replay is whole, too.
INSTANTIATE_TEST_SUITE_P(Demo, ReplayOfRun, ::testing::Values(Recorded{"tlc_4plane", "demo"}),
                         [](const auto& test) { return std::string(test.param.workload); });

// CFG-04: all of them in one go, with their lines.
TEST(Replay, AWrongFileIsReportedAndNothingIsSimulated) {
  const TraceFolder folder;
  const ChildResult result = replay(folder,
                                    "0,0,0,No_Such_Op,1,\"[{\"\"die\"\": 0}]\"\n"
                                    "1,10,0,Reset_LUN,2,\"[{\"\"die\"\": 7}]\"\n"
                                    "2,9,0,Reset_LUN,3,\"[{\"\"die\"\": 0}\"\n");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  const std::string file = folder.file("sequence.csv");
  EXPECT_THAT(result.error_lines(), ElementsAre(AllOf(HasSubstr(file + ":2:"), HasSubstr("No_Such_Op")),
                                                AllOf(HasSubstr(file + ":3:"), HasSubstr("die")),
                                                AllOf(HasSubstr(file + ":4:"), HasSubstr("time")),
                                                AllOf(HasSubstr(file + ":4:"), HasSubstr("payload"))));
  EXPECT_FALSE(std::filesystem::exists(folder.file("out")));
}

// RES-01: a row that may not start then is not moved.
TEST(Replay, ARefusedRowFailsTheRunWithItsReason) {
  const TraceFolder folder;
  const ChildResult result =
      replay(folder,
             "0,0,0,Block_Erase_SLC,1,\"[{\"\"die\"\": 0, \"\"plane\"\": 0, \"\"block\"\": 4}]\"\n"
             "1,100,0,Block_Erase_SLC,2,\"[{\"\"die\"\": 0, \"\"plane\"\": 0, \"\"block\"\": 6}]\"\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr(folder.file("sequence.csv") + ":3: Block_Erase_SLC at 100 us, uid 2: refused: planescope"),
            HasSubstr("uid 1 stands in the way from 0 to 7000.11 us"), HasSubstr("1 rows were refused")));
}

TEST(Replay, OfManyRefusedRowsTenAreShownAndAllCounted) {
  const TraceFolder folder;
  std::string rows;
  for (int i = 0; i < 30; ++i) {
    rows.append(std::to_string(i)).append(",").append(std::to_string(i)).append(",0,Erase_Resume,");
    rows.append(std::to_string(i + 1)).append(",\"[{\"\"die\"\": 0}]\"\n");
  }
  const ChildResult result = replay(folder, rows);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("sequence.csv:11: "), Not(HasSubstr("sequence.csv:12: ")),
                                HasSubstr("nothing_to_resume"), HasSubstr("30 rows were refused")));
}

// SUS-09: the resumed op goes on by itself; the file has a row for the RESUME only.
TEST(Replay, OldFilesWithoutUidsAndWithFloatNoiseArePlayed) {
  const TraceFolder folder;
  const ChildResult result =
      replay(folder,
             "0,0.0,0,Block_Erase_SLC,,\"[{\"\"die\"\": 0, \"\"plane\"\": 0, \"\"block\"\": 4, \"\"page\"\": -1}]\"\n"
             "1,1000.1999999999998,0,Erase_Suspend_Reset,,\"[{\"\"die\"\": 0}]\"\n"
             "2,1.5e3,0,Erase_Resume,,\"[{\"\"die\"\": 0}]\"\n");
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const std::vector<std::string> events = folder.lines("out/op_event_resume.csv");
  // Of 7000.11 us, 1000.2 are done at the cut; the RESUME takes 150.185.
  EXPECT_THAT(events, ::testing::Contains(::testing::EndsWith(",1,0,0,4,-1,0,OP_SUSPEND,1000.2")));
  EXPECT_THAT(events, ::testing::Contains(::testing::EndsWith(",1,0,0,4,-1,1,OP_RESUME,1650.185")));
  EXPECT_THAT(events, ::testing::Contains(::testing::EndsWith(",1,0,0,4,-1,1,OP_END,7650.095")));
}

// A status read that answers otherwise is told, but fails nothing.
TEST(Replay, AnotherStatusThanExpectedIsAWarning) {
  const TraceFolder folder;
  const ChildResult result =
      replay(folder,
             "0,0,0,Block_Erase_SLC,1,\"[{\"\"die\"\": 0, \"\"plane\"\": 0, \"\"block\"\": 4}]\"\n"
             "1,100,0,Read_Status_Enhanced_70h,2,\"[{\"\"die\"\": 0, \"\"exp_val\"\": \"\"ready\"\"}]\"\n"
             "2,200,0,Read_Status_Enhanced_70h,3,\"[{\"\"die\"\": 0, \"\"exp_val\"\": \"\"busy\"\"}]\"\n");
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("sequence.csv:3: Read_Status_Enhanced_70h at 100 us, uid 2: answered busy, expected ready"),
            HasSubstr("1 status reads answered otherwise"), Not(HasSubstr("uid 3"))));
}

}  // namespace
}  // namespace nandtlm::test
