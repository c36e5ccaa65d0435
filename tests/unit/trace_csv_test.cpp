// OUT-00, OUT-01, SUS-03, MET-01: what stands in the CSV files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"
#include "traces/csv_sinks.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr Time kUs = kPsPerUs;

class TraceCsv : public ::testing::Test {
 protected:
  TraceCsv() { sinks_.emplace(device_, folder_.path()); }

  /// The rows of a file that hold `text`.
  std::vector<std::string> rows_with(const std::string& file_name, const std::string& text) {
    std::vector<std::string> rows;
    for (const std::string& line : folder_.lines(file_name)) {
      if (line.find(text) != std::string::npos) rows.push_back(line);
    }
    return rows;
  }

  test::TraceFolder folder_;
  Device device_ = test::make_trace_device();
  std::optional<CsvSinks> sinks_;
};

TEST_F(TraceCsv, SuspendedOpHasOneRowPerPiece) {  // section 9, SUS-03
  test::play_suspend_scenario(device_, *sinks_);
  EXPECT_THAT(rows_with("operation_timeline.csv", ",script,1,"),
              ElementsAre("0,100,0,0,2,0,Do_PROGRAM_SLC,PROGRAM_SLC,script,1,PROGRAM_SLC.ISSUE,,",
                          "0,100,0,1,3,0,Do_PROGRAM_SLC,PROGRAM_SLC,script,1,PROGRAM_SLC.ISSUE,,",
                          "380.185,590.0094,0,0,2,0,Do_PROGRAM_SLC,PROGRAM_SLC,script,1,PROGRAM_SLC.CORE_BUSY,,",
                          "380.185,590.0094,0,1,3,0,Do_PROGRAM_SLC,PROGRAM_SLC,script,1,PROGRAM_SLC.CORE_BUSY,,"));
  EXPECT_THAT(rows_with("operation_sequence.csv", "Do_PROGRAM_SLC,1,"), SizeIs(1));
}

TEST_F(TraceCsv, APieceThatBeginsAtABorderBeginsInTheNextState) {  // SUS-03
  test::TraceDriver driver(device_, *sinks_);
  driver.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0);
  driver.start(1, 0);
  driver.suspend(1, 9'824'400, 9'824'400);  // before CORE_BUSY was entered
  driver.resume(1, 400 * kUs, 300 * kUs);
  driver.end(1, 700 * kUs);
  sinks_->finish(700 * kUs);
  EXPECT_THAT(rows_with("operation_timeline.csv", "400,700"), ElementsAre(HasSubstr("PROGRAM_SLC.CORE_BUSY")));
}

TEST_F(TraceCsv, RowsOfOneInstantAreOrderedByUid) {  // OUT-00
  test::TraceDriver driver(device_, *sinks_);
  for (const Uid uid : {8U, 3U, 5U}) {
    driver.accept(uid, "Do_SR", 0, {}, 10 * kUs, 10 * kUs);
    driver.start(uid, 10 * kUs);
  }
  sinks_->finish(11 * kUs);
  EXPECT_THAT(folder_.lines("operation_sequence.csv"),
              ElementsAre("seq,time,op_id,op_name,op_uid,payload", HasSubstr("0,10,3,Do_SR,3,"),
                          HasSubstr("1,10,3,Do_SR,5,"), HasSubstr("2,10,3,Do_SR,8,")));
  EXPECT_THAT(rows_with("op_event_resume.csv", "OP_START"),
              ElementsAre(HasSubstr(",3,3,"), HasSubstr(",3,5,"), HasSubstr(",3,8,")));
  EXPECT_THAT(rows_with("operation_timeline.csv", "Do_SR"),
              ElementsAre(HasSubstr(",3,SR"), HasSubstr(",5,SR"), HasSubstr(",8,SR")));
}

TEST_F(TraceCsv, OverlappingPiecesAreOrderedByStart) {  // OUT-00
  test::TraceDriver driver(device_, *sinks_);
  driver.accept(1, "Do_ERASE", 0, {{0, 2, -1}}, 0, 0);
  driver.start(1, 0);
  driver.end_issue(1, 85'000);
  driver.run(2, "Do_READ", 1, {{0, 0, 0}}, 100 * kUs);
  driver.run(3, "Do_READ", 1, {{1, 1, 0}}, 200 * kUs);
  EXPECT_EQ(sinks_->held_back(), 8U) << "3 pieces; CORE_BUSY of the erase, 2 states per read";
  driver.end(1, 7000 * kUs + 85'000);
  EXPECT_EQ(sinks_->held_back(), 0U);
  sinks_->finish(8000 * kUs);
  EXPECT_THAT(
      folder_.lines("operation_timeline.csv"),
      ElementsAre(HasSubstr("start"), HasSubstr("0,7000.085,0"), HasSubstr("100,125.12,1"), HasSubstr("200,225.12,1")));
}

TEST_F(TraceCsv, HoldBackIsBoundedByWhatRuns) {  // section 9: memory does not grow with the run
  test::TraceDriver driver(device_, *sinks_);
  std::size_t longest = 0;
  Time now = 0;
  for (Uid uid = 1; uid < 20'000; ++uid) {
    now = driver.run(uid, "Do_READ", static_cast<std::uint32_t>(uid % 2), {{0, 0, 0}}, now);
    longest = std::max(longest, sinks_->held_back());
  }
  EXPECT_LE(longest, 4U);
  sinks_->finish(now);
  EXPECT_THAT(folder_.lines("operation_timeline.csv"), SizeIs(20'000));
}

TEST_F(TraceCsv, WhatRunsAtTheEndIsWrittenUpToTheEnd) {
  test::play_suspend_scenario(device_, *sinks_);
  EXPECT_THAT(rows_with("operation_timeline.csv", ",6,PROGRAM_SLC."), ElementsAre(HasSubstr("590.0094,700,0,0,2,1,")));
  EXPECT_THAT(rows_with("op_state_timeline.csv", ",700,"), ElementsAre(HasSubstr("599.8338,700,0,0,")));
}

TEST_F(TraceCsv, StatesOfAPlaneDoNotOverlap) {  // OUT-01
  test::play_suspend_scenario(device_, *sinks_);
  for (const char* lane : {"DIE0/PLANE0", "DIE0/PLANE1", "DIE1/PLANE0", "DIE1/PLANE1"}) {
    double last_end = 0;
    for (const std::string& row : rows_with("op_state_timeline.csv", lane)) {
      const double start = std::stod(row);
      EXPECT_GE(start, last_end) << row;
      last_end = std::stod(row.substr(row.find(',') + 1));
      EXPECT_GT(last_end, start) << row;
      EXPECT_EQ(row.find(".END"), std::string::npos);
    }
  }
}

TEST_F(TraceCsv, EveryPlaneOfAnOpHasARowPerState) {
  test::TraceDriver driver(device_, *sinks_);
  sinks_->finish(driver.run(1, "Do_READ", 1, {{0, 0, 0}, {1, 1, 0}}, 0));
  EXPECT_THAT(folder_.lines("op_state_timeline.csv"),
              ElementsAre(HasSubstr("start,"), "0,0.12,1,0,READ.ISSUE,DIE1/PLANE0,Do_READ,0.12",
                          "0,0.12,1,1,READ.ISSUE,DIE1/PLANE1,Do_READ,0.12",
                          "0.12,25.12,1,0,READ.CORE_BUSY,DIE1/PLANE0,Do_READ,25",
                          "0.12,25.12,1,1,READ.CORE_BUSY,DIE1/PLANE1,Do_READ,25"));
}

TEST_F(TraceCsv, BasesWithoutEffectOnTheStateAreNotInTheStateTimeline) {
  device_.bases[2].affect_state = false;  // READ
  sinks_.reset();
  sinks_.emplace(device_, folder_.path());
  test::TraceDriver driver(device_, *sinks_);
  sinks_->finish(driver.run(1, "Do_READ", 0, {{0, 0, 0}}, 0));
  EXPECT_THAT(folder_.lines("op_state_timeline.csv"), SizeIs(1));
}

TEST_F(TraceCsv, EventsKnowThatAnOpWasResumed) {
  test::play_suspend_scenario(device_, *sinks_);
  EXPECT_THAT(
      rows_with("op_event_resume.csv", ",1,1,0,1,3,0,"),
      ElementsAre("Do_PROGRAM_SLC,1,1,0,1,3,0,0,OP_START,0", "Do_PROGRAM_SLC,1,1,0,1,3,0,0,OP_SUSPEND,100",
                  "Do_PROGRAM_SLC,1,1,0,1,3,0,1,OP_RESUME,380.185", "Do_PROGRAM_SLC,1,1,0,1,3,0,1,OP_END,590.0094"));
  EXPECT_THAT(rows_with("op_event_resume.csv", "OP_ABORT"), ElementsAre("Do_ERASE,0,4,1,0,4,-1,0,OP_ABORT,500"));
}

TEST_F(TraceCsv, ASlotThatIsReusedForgetsTheResume) {
  test::TraceDriver driver(device_, *sinks_);
  driver.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0);
  driver.start(1, 0);
  driver.suspend(1, 50 * kUs, 50 * kUs);
  driver.resume(1, 60 * kUs, 250 * kUs);
  driver.abort(1, 70 * kUs, 60 * kUs);
  driver.run(2, "Do_READ", 0, {{0, 0, 0}}, 80 * kUs);
  sinks_->finish(200 * kUs);
  EXPECT_THAT(rows_with("op_event_resume.csv", "Do_READ"),
              ElementsAre(HasSubstr(",0,OP_START"), HasSubstr(",0,OP_END")));
}

TEST_F(TraceCsv, AnOpThatIsAbortedBeforeItsStartHasAnEventButNoPiece) {  // RES-06
  test::TraceDriver driver(device_, *sinks_);
  driver.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, kNever);
  driver.abort(1, 5 * kUs, 0);
  sinks_->finish(6 * kUs);
  EXPECT_THAT(folder_.lines("op_event_resume.csv"), SizeIs(2));
  EXPECT_THAT(folder_.lines("operation_timeline.csv"), SizeIs(1));
  EXPECT_THAT(folder_.lines("operation_sequence.csv"), SizeIs(1));
}

TEST_F(TraceCsv, NamesAreQuoted) {  // section 9: RFC 4180
  device_.ops[2].name = "read, \"fast\"";
  device_.celltypes[1] = "S\"L\\C";
  device_.index_names();
  sinks_.reset();
  sinks_.emplace(device_, folder_.path());
  test::TraceDriver driver(device_, *sinks_);
  sinks_->finish(driver.run(1, "read, \"fast\"", 0, {{0, 0, 0}}, 0));
  EXPECT_EQ(folder_.lines("operation_sequence.csv")[1],
            R"(0,0,2,"read, ""fast""",1,"[{""die"": 0, ""plane"": 0, ""block"": 0, ""page"": 0, )"
            R"(""celltype"": ""S\""L\\C""}]")");
}

TEST_F(TraceCsv, FilesAreReadableWhileTheRunGoesOn) {  // section 9: written while the run goes on
  EXPECT_THAT(folder_.lines("resume_errors.csv"), ElementsAre("time,family,die,op_uid,reason,wanted_start,remaining"));
  test::TraceDriver driver(device_, *sinks_);
  driver.run(1, "Do_READ", 0, {{0, 0, 0}}, 0);
  driver.run(2, "Do_READ", 0, {{0, 0, 0}}, 100 * kUs);
  sinks_->flush();
  EXPECT_THAT(rows_with("operation_timeline.csv", "Do_READ"), ElementsAre(HasSubstr("0,25.12,"), HasSubstr("100,")));
}

TEST_F(TraceCsv, AStoppedRunLeavesItsRows) {  // OUT-03
  test::TraceDriver driver(device_, *sinks_);
  driver.run(1, "Do_READ", 0, {{0, 0, 0}}, 0);
  driver.accept(2, "Do_ERASE", 0, {{0, 2, -1}}, 30 * kUs, 30 * kUs);
  driver.start(2, 30 * kUs);
  driver.end_issue(2, 40 * kUs);
  sinks_.reset();
  EXPECT_THAT(rows_with("operation_timeline.csv", "ERASE"), ElementsAre(HasSubstr("30,40,0,0,2,-1,")));
}

TEST_F(TraceCsv, GroupsCanBeSwitchedOff) {
  const test::TraceFolder other;
  CsvOptions options;
  options.counts = options.events = options.refusals = options.sequence = false;
  CsvSinks sinks(device_, other.path(), options);
  test::play_suspend_scenario(device_, sinks);
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(other.path())) files.push_back(entry.path().filename());
  EXPECT_THAT(files, ::testing::UnorderedElementsAre("operation_timeline.csv", "op_state_timeline.csv"));
}

TEST_F(TraceCsv, AnUnwritableFolderIsAnOutputError) {  // OUT-03
  EXPECT_THROW(CsvSinks(device_, folder_.path() / "operation_sequence.csv"), OutputError);
}

TEST_F(TraceCsv, AFileOnAFullDeviceIsAnOutputError) {  // OUT-03
  const test::TraceFolder other;
  std::filesystem::create_symlink("/dev/full", other.path() / "apply_pgm_log.csv");
  EXPECT_THROW(CsvSinks(device_, other.path()), OutputError);
}

TEST_F(TraceCsv, AFullDiskDuringTheRunIsReportedAtTheEnd) {  // OUT-03
  const test::TraceFolder other;
  std::filesystem::create_symlink("/dev/full", other.path() / "proposer_debug.log");  // has no header
  CsvSinks sinks(device_, other.path());
  EXPECT_THROW(test::play_suspend_scenario(device_, sinks), OutputError);
  EXPECT_EQ(other.lines("operation_sequence.csv").size(), 10U) << "the other files are complete";
  EXPECT_THROW(sinks.check(), OutputError);
}

}  // namespace
}  // namespace nandtlm
