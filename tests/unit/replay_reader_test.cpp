// Reading operation_sequence.csv as a whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "testbench/replay/sequence_reader.h"
#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"

namespace nandtlm {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kHeader = "seq,time,op_id,op_name,op_uid,payload\n";
const std::string kDie0 = ",\"[{\"\"die\"\": 0}]\"\n";

class ReplayReader : public ::testing::Test {
 protected:
  ReadSequence read(const std::string& text) {
    std::ofstream(folder_.file("s.csv")) << text;
    return read_sequence(folder_.file("s.csv"), device_);
  }
  /// Errors of a file, without its path.
  std::vector<std::string> errors(const std::string& text) {
    std::vector<std::string> lines;
    for (const ConfigError& error : read(text).errors) lines.push_back(error.text().substr(folder_.file("").size()));
    return lines;
  }
  std::vector<Uid> uids(const std::string& text) {
    std::vector<Uid> result;
    for (const SequenceRow& row : read(text).sequence.rows) result.push_back(row.uid);
    return result;
  }

  test::TraceFolder folder_;
  Device device_ = test::make_trace_device();
};

TEST_F(ReplayReader, AWholeRow) {
  const ReadSequence result = read(kHeader +
                                   "0,9.8244,2,Do_READ,17,\"[{\"\"die\"\": 1, \"\"plane\"\": 1, \"\"block\"\": 3, "
                                   "\"\"page\"\": 7, \"\"celltype\"\": \"\"SLC\"\"}]\"\n");
  ASSERT_THAT(result.errors, IsEmpty());
  ASSERT_EQ(result.sequence.rows.size(), 1U);
  const SequenceRow& row = result.sequence.rows[0];
  EXPECT_EQ(row.time, 9'824'400);
  EXPECT_EQ(row.uid, 17U);
  EXPECT_EQ(row.line, 2U);
  EXPECT_EQ(row.die, 1U);
  EXPECT_EQ(device_.op(row.op).name, "Do_READ");
  EXPECT_EQ(result.sequence.targets_of(row), (TargetList{{1, 3, 7}}));
}

// What the writer of traces writes is what the reader reads.
TEST_F(ReplayReader, TheGoldenSequence) {
  const ReadSequence result = read_sequence(NANDTLM_SOURCE_DIR "/traces/golden/operation_sequence.csv", device_);
  EXPECT_THAT(result.errors, IsEmpty());
  EXPECT_GT(result.sequence.rows.size(), 5U);
  EXPECT_LE(sizeof(SequenceRow), 32U) << "files have millions of rows";
}

TEST_F(ReplayReader, FloatNoiseIsRoundedToOnePicosecond) {
  const ReadSequence result = read(kHeader + "0,9.824399999999999,0,Do_READ,1" + kDie0 + "1,9.8244,0,Do_READ,2" +
                                   kDie0 + "2,1e3,0,Do_READ,3" + kDie0);
  EXPECT_THAT(result.errors, IsEmpty());
  ASSERT_EQ(result.sequence.rows.size(), 3U);
  EXPECT_EQ(result.sequence.rows[0].time, 9'824'400);
  EXPECT_EQ(result.sequence.rows[2].time, 1000 * kPsPerUs);
}

TEST_F(ReplayReader, UidsThatAreMissingFollowTheLargestGiven) {
  EXPECT_THAT(uids(kHeader + "0,0,0,Do_READ," + kDie0 + "1,1,0,Do_READ,7" + kDie0 + "2,2,0,Do_READ," + kDie0),
              ElementsAre(8U, 7U, 9U));
  const std::string old_header = "seq,time,op_id,op_name,payload\n";
  EXPECT_THAT(uids(old_header + "0,0,0,Do_READ" + kDie0 + "1,1,0,Do_READ" + kDie0), ElementsAre(1U, 2U));
}

// CFG-04
TEST_F(ReplayReader, EveryWrongFieldIsReportedWithItsLineAndColumn) {
  EXPECT_THAT(errors(kHeader + "x,0,0,Do_READ,1" + kDie0), ElementsAre(StartsWith("s.csv:2:1: seq: 'x'")));
  EXPECT_THAT(errors(kHeader + "0,soon,0,Do_READ,1" + kDie0), ElementsAre(StartsWith("s.csv:2:3: time: 'soon'")));
  EXPECT_THAT(errors(kHeader + "0,-1,0,Do_READ,1" + kDie0), ElementsAre(HasSubstr("time: '-1'")));
  EXPECT_THAT(errors(kHeader + "0,inf,0,Do_READ,1" + kDie0), ElementsAre(HasSubstr("time: 'inf'")));
  EXPECT_THAT(errors(kHeader + "0,1e30,0,Do_READ,1" + kDie0), ElementsAre(HasSubstr("time: '1e30'")));
  EXPECT_THAT(errors(kHeader + "0,0,1.5,Do_READ,1" + kDie0), ElementsAre(StartsWith("s.csv:2:5: op_id: '1.5'")));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_REED,1" + kDie0), ElementsAre(StartsWith("s.csv:2:7: op_name: 'Do_REED'")));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,one" + kDie0), ElementsAre(StartsWith("s.csv:2:15: op_uid: 'one'")));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,0" + kDie0), ElementsAre(HasSubstr("op_uid: '0'")));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,99999999999999999999" + kDie0), ElementsAre(HasSubstr("op_uid: ")));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,1,\"[{\"\n"), ElementsAre(StartsWith("s.csv:2:17: payload: no JSON")));
}

// CFG-04: all of a row, all rows.
TEST_F(ReplayReader, AllErrorsInOneGo) {
  EXPECT_THAT(
      errors(kHeader + "a,b,c,d,e,f\n" + "1,2\n" + "3,4,0,Do_READ,1" + kDie0),
      ElementsAre(HasSubstr("2:1: seq"), HasSubstr("2:3: time"), HasSubstr("2:5: op_id"), HasSubstr("2:7: op_name"),
                  HasSubstr("2:9: op_uid"), HasSubstr("2:11: payload"), HasSubstr("3:1: (file): 2 fields")));
}

TEST_F(ReplayReader, AFileFullOfErrorsIsCutShortWithACount) {
  std::string text = kHeader;
  for (int i = 0; i < 1000; ++i) text += "x,0,0,Do_READ," + kDie0;
  const std::vector<std::string> lines = errors(text);
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_THAT(lines.back(), HasSubstr("900 more errors"));
}

// CFG-04
TEST_F(ReplayReader, TimesThatGoBack) {
  EXPECT_THAT(errors(kHeader + "0,5,0,Do_READ,1" + kDie0 + "1,4.999999,0,Do_READ,2" + kDie0),
              ElementsAre(AllOf(StartsWith("s.csv:3:3: time: '4.999999'"), HasSubstr("5 us, the time of line 2"))));
  EXPECT_THAT(errors(kHeader + "0,5,0,Do_READ,1" + kDie0 + "1,5,0,Do_READ,2" + kDie0), IsEmpty());
}

// CFG-04
TEST_F(ReplayReader, UidsThatStandTwice) {
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,9" + kDie0 + "1,1,0,Do_READ,3" + kDie0 + "2,2,0,Do_READ,9" + kDie0),
              ElementsAre(AllOf(StartsWith("s.csv:4:1: op_uid: 9"), HasSubstr("line 2"))));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,9" + kDie0 + "1,1,0,Do_READ,3" + kDie0), IsEmpty());
}

// CFG-04
TEST_F(ReplayReader, Columns) {
  EXPECT_THAT(errors(""), ElementsAre(HasSubstr("is empty")));
  EXPECT_THAT(errors("seq,time,op_id,op_name,op_uid\n"), ElementsAre(HasSubstr("no column 'payload'")));
  EXPECT_THAT(errors("seq,time,op_id,op_name,op_uid,payload,extra\n"),
              ElementsAre(HasSubstr("unknown column 'extra'")));
  EXPECT_THAT(errors("seq,time,time,op_id,op_name,payload\n"), ElementsAre(HasSubstr("'time' stands twice")));
  EXPECT_THAT(errors("payload,op_name,time,op_id,seq\n\"[{\"\"die\"\": 0}]\",Do_READ,3,0,0\n"), IsEmpty());
}

// CFG-04
TEST_F(ReplayReader, FilesThatCannotBeRead) {
  const ReadSequence missing = read_sequence(folder_.file("missing.csv"), device_);
  ASSERT_EQ(missing.errors.size(), 1U);
  EXPECT_THAT(missing.errors[0].text(), HasSubstr("missing.csv:1:1: (file): does not exist"));
  const ReadSequence folder = read_sequence(folder_.path().string(), device_);
  ASSERT_EQ(folder.errors.size(), 1U);
  EXPECT_THAT(folder.errors[0].text(), HasSubstr("is a folder"));
  EXPECT_THAT(errors(kHeader + "0,0,0,Do_READ,1"), ElementsAre(HasSubstr("the last row is cut")));
  EXPECT_THAT(errors(kHeader + "0,0,0,\"Do_READ,1" + kDie0), ElementsAre(StartsWith("s.csv:2:1: (file): ")));
}

}  // namespace
}  // namespace nandtlm
