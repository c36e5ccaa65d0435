// What cannot be read is said in one clear line, and what users of other tools have can be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "tests/unit/check_fixture.h"

namespace nandtlm::check_story {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string header_of(const std::string& text) {
  return text.substr(0, text.find('\n') + 1);
}

/// Bad input is told once, exits with 2, and nothing is judged.
void expect_error(const Story& story, const std::string& start, const std::string& what) {
  const CheckReport report = check_story(story);
  EXPECT_THAT(report.input_errors, ElementsAre(AllOf(StartsWith(start), HasSubstr(what)))) << all_of(report);
  EXPECT_TRUE(report.lines.empty());
  EXPECT_FALSE(report.pass());
  EXPECT_EQ(print_report(report), 2);
}

// MET-03
TEST(CheckInput, FolderIsMissing) {
  const CheckReport report = check_run("/nowhere/to/be/found");
  EXPECT_THAT(report.input_errors, ElementsAre("/nowhere/to/be/found: no such folder"));
  EXPECT_EQ(print_report(report), 2);
}

// MET-03
TEST(CheckInput, FolderIsEmpty) {
  Story story;
  story.files.clear();
  const CheckReport report = check_story(story);
  EXPECT_EQ(report.input_errors.size(), 5U) << all_of(report);  // resume_errors.csv only with a metrics.json
  EXPECT_THAT(report.input_errors, testing::Each(HasSubstr("file missing")));
}

// MET-03
TEST(CheckInput, EachFileIsNeeded) {
  for (const std::string& file : {kSequence, kTimeline, kStates, kEvents, kPrograms}) {
    Story story;
    story.files.erase(file);
    expect_error(story, "", file + ": file missing");
  }
}

// MET-03
TEST(CheckInput, ResumeErrorsAreNeededWhereMetricsAre) {
  Story story;
  story.files.erase(kResumeErrors);
  EXPECT_TRUE(check_story(story).pass());
  story.files["metrics.json"] = "{}";
  expect_error(story, "", "resume_errors.csv: file missing");
}

// MET-03
TEST(CheckInput, FileIsEmpty) {
  Story story;
  story.files[kEvents].clear();
  expect_error(story, "op_event_resume.csv: ", "empty file");
}

// MET-03
TEST(CheckInput, ColumnIsMissing) {
  Story story;
  story.replace(kEvents, "triggered_us", "time_us");
  expect_error(story, "op_event_resume.csv:1: ", "column missing in the header: triggered_us");
}

// MET-03
TEST(CheckInput, LastRowIsCut) {
  Story story;
  story.files[kTimeline].resize(story.files[kTimeline].size() - 30);
  expect_error(story, "operation_timeline.csv:40: ", "cut");
}

// MET-03
TEST(CheckInput, FieldsAreMissing) {
  Story story;
  story.replace(kPrograms, ",false,4\n", "\n");
  expect_error(story, "apply_pgm_log.csv:5: ", "9 fields, the header has 11");
}

// MET-03
TEST(CheckInput, FieldsAreNoNumbers) {
  struct Case {
    std::string file, from, to, start, what;
  };
  const Case cases[] = {
      {kEvents, "false,OP_END,100.085", "false,OP_END,soon", "op_event_resume.csv:3: ", "triggered_us: 'soon'"},
      {kEvents, "false,OP_END,100.085", "false,OP_END,-1", "op_event_resume.csv:3: ", "is negative"},
      {kEvents, "false,OP_END,100.085", "false,OP_END,1e30", "op_event_resume.csv:3: ", "is too large"},
      {kEvents, "false,OP_END,100.085", "false,OP_STOP,100.085",
       "op_event_resume.csv:3: ", "event: 'OP_STOP' is no event"},
      {kEvents, "false,OP_END,100.085", "maybe,OP_END,100.085", "op_event_resume.csv:3: ", "is_resumed: 'maybe'"},
      {kTimeline, "SCRIPT,1,", "SCRIPT,x1,", "operation_timeline.csv:2: ", "op_uid: 'x1' is not a whole number"},
      {kTimeline, "0,100.085,0,0,0,0,", "0,100.085,0,zero,0,0,", "operation_timeline.csv:2: ", "plane: 'zero'"},
      {kTimeline, "0,100.085,0,0,0,0,", "101,100.085,0,0,0,0,", "operation_timeline.csv:2: ", "before the start"},
      {kStates, "110,119.8244,0,0,PROGRAM_SLC.ISSUE", "110,119.8244,0,0,ISSUE",
       "op_state_timeline.csv:6: ", "BASE.STATE"},
      {kSequence, "1,0,0,Block_Erase,1,\"[{", "1,0,0,Block_Erase,1,\"[",
       "operation_sequence.csv:2: ", "is no JSON list"},
      {kSequence, "1,0,0,Block_Erase,1,\"[{", "1,0,0,Block_Erase,1,[{", "operation_sequence.csv:2: ", "quotes"},
      {kResumeErrors, "610,PROGRAM", "610,READ", "resume_errors.csv:2: ", "family: 'READ' is no family"},
  };
  for (const Case& one : cases) {
    Story story;
    ASSERT_NO_FATAL_FAILURE(story.replace(one.file, one.from, one.to));
    expect_error(story, one.start, one.what);
  }
}

// MET-03: every bad row is told, up to a bound
TEST(CheckInput, AllErrorsInOneGo) {
  Story story;
  story.replace(kEvents, "false,OP_END,100.085", "false,OP_END,soon");
  story.replace(kPrograms, "419.8244,2", "later,2");
  const CheckReport report = check_story(story);
  EXPECT_EQ(report.input_errors.size(), 2U) << all_of(report);
  std::string rows = header_of(kEventsCsv);
  for (int i = 0; i < 1000; ++i) rows += "a,b\n";
  story.files[kEvents] = rows;
  EXPECT_THAT(check_story(story).input_errors,
              Contains("op_event_resume.csv: too many errors, the rest of the file is not read"));
}

// MET-03
TEST(CheckInput, BinaryFile) {
  Story story;
  story.files[kStates] = std::string(
      "\x7F"
      "ELF\x02\x01\x00\x00\n",
      9);
  expect_error(story, "op_state_timeline.csv:1: ", "not a text file");
  story.files[kStates] = std::string(std::size_t{5} << 20, 'x');
  expect_error(story, "op_state_timeline.csv:1: ", "more than 4 MiB");
  story.files[kStates] = "\"start";
  expect_error(story, "op_state_timeline.csv:1: ", "inside quotes");
}

// MET-03
TEST(CheckInput, MetricsAreNoJson) {
  Story story;
  story.files["metrics.json"] = "{\"suspends\":";
  expect_error(story, "metrics.json: ", "not a JSON object");
}

// MET-03: a run in which nothing happened
TEST(CheckInput, HeadersOnlyPass) {
  Story story;
  for (auto& [name, text] : story.files) text = header_of(text);
  const CheckReport report = check_story(story);
  EXPECT_TRUE(report.pass()) << all_of(report);
}

// MET-03: of two runs in one folder none is judged
TEST(CheckInput, TwoRunsInOneFolder) {
  Story story;
  story.files["operation_timeline_250101_0000001.csv"] = story.files[kTimeline];
  EXPECT_TRUE(check_story(story).pass());  // the plain name is meant
  story.files["operation_timeline_250101_0000002.csv"] = story.files[kTimeline];
  story.files.erase(kTimeline);
  expect_error(story, "", "operation_timeline_250101_0000001.csv and operation_timeline_250101_0000002.csv");
}

/// The rows of the established generator's timeline are sorted by op.
std::string sorted_by_uid(const std::string& timeline) {
  std::istringstream in(timeline);
  std::string header;
  std::getline(in, header);
  std::multimap<int, std::string> rows;
  for (std::string row; std::getline(in, row);) {
    std::istringstream fields(row);
    std::string field;
    for (int i = 0; i < 10; ++i) std::getline(fields, field, ',');
    rows.emplace(std::stoi(field), row);
  }
  std::string out = header + "\n";
  for (const auto& [uid, row] : rows) out += row + "\n";
  return out;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// As the established generator writes it: dated names, CRLF, rows by op, float noise, endless END states, bases in
/// place of op names in the states, no resume_errors.csv.
Story established_story() {
  Story story;
  story.replace(kPrograms, "419.8244,2", "419.82439999999997,2");
  story.replace(kStates, "0,0.085,0,0,ERASE.ISSUE,d0-p0,Block_Erase,0.085",
                "0.0,8.5e-02,0,0,ERASE.ISSUE,d0-p0,Block_Erase,0.08500000000000001");
  story.files[kStates] = replace_all(story.files[kStates], ",Block_Erase,", ",ERASE,") +
                         "1940.0,inf,1,0,PLANE_PROGRAM.END,d1-p0,PLANE_PROGRAM,inf\n";
  Story dated;
  dated.files.clear();
  for (const auto& [name, text] : story.files) {
    const bool has_date = name != kEvents && name != kPrograms;
    const std::string rows = name == kTimeline ? sorted_by_uid(text) : text;
    dated.files[has_date ? replace_all(name, ".csv", "_250928_0000001.csv") : name] = replace_all(rows, "\n", "\r\n");
  }
  dated.files.erase("resume_errors_250928_0000001.csv");
  return dated;
}

// MET-03
TEST(CheckInput, EstablishedFilesCanBeRead) {
  const CheckReport report = check_story(established_story());
  EXPECT_TRUE(report.pass()) << all_of(report);
  EXPECT_THAT(all_of(report),
              HasSubstr("note: 2 times finer than 1 ps were rounded, first op_state_timeline_250928_0000001.csv:2"));
}

// MET-03: what is tolerated in established files is a fault in ours
TEST(CheckInput, OurFilesAreHeldToOurOrder) {
  Story story;
  story.files[kTimeline] = sorted_by_uid(story.files[kTimeline]);
  EXPECT_EQ(failed(check_story(story)), std::set<std::string>{"row_order"});
}

// MET-03: quotes, a byte order mark, other columns and another order of columns
TEST(CheckInput, OtherFormsOfCsv) {
  Story story;
  std::string& errors = story.files[kResumeErrors];
  errors =
      "\xEF\xBB\xBF\"reason\",remaining,time,family,die,op_uid,wanted_start,more\r\n"
      "\"a \"\"quoted\"\"\nreason, on two lines\",190.0094,610,PROGRAM,0,3,620.185,\r\n";
  const CheckReport report = check_story(story);
  EXPECT_TRUE(report.pass()) << all_of(report);
  story.replace(kResumeErrors, "190.0094", "190");
  EXPECT_EQ(failed(check_story(story)), std::set<std::string>{"resume_errors"});
}

}  // namespace
}  // namespace nandtlm::check_story
