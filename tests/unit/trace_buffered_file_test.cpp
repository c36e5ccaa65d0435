// OUT-03: complete rows and one message, whatever happens to the disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <string>
#include <string_view>

#include "tests/support/trace_files.h"
#include "traces/buffered_file.h"

namespace nandtlm {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A disk that is full after `bytes` of every file.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

void add_row(BufferedFile& file, std::string_view text) {
  file.append(text);
  file.append('\n');
  file.end_row();
}

std::string message_of(BufferedFile& file) {
  try {
    file.close();
  } catch (const OutputError& error) {
    return error.what();
  }
  return "";
}

TEST(BufferedFile, RowsReachTheFileWhileItIsOpen) {  // OUT-03
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), {16, {}});
  add_row(file, "0123456789");
  EXPECT_EQ(folder.text("a.csv"), "");
  add_row(file, "abcdefghij");
  EXPECT_EQ(folder.text("a.csv"), "0123456789\nabcdefghij\n");
  file.append("half a ");
  file.flush();
  EXPECT_EQ(folder.text("a.csv"), "0123456789\nabcdefghij\n");
  add_row(file, "row");
  file.close();
  EXPECT_EQ(folder.text("a.csv"), "0123456789\nabcdefghij\nhalf a row\n");
}

TEST(BufferedFile, DestructionKeepsCompleteRowsOnly) {  // OUT-03
  const test::TraceFolder folder;
  {
    BufferedFile file(folder.file("a.csv"));
    add_row(file, "complete");
    file.append("not comp");
  }
  EXPECT_EQ(folder.text("a.csv"), "complete\n");
}

TEST(BufferedFile, RowsLongerThanTheBuffer) {
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), {1, {}});
  const std::string row(100'000, 'x');
  add_row(file, row);
  file.close();
  EXPECT_EQ(folder.text("a.csv"), row + "\n");
}

TEST(BufferedFile, RoomAskedForAheadIsNoPartOfTheFile) {
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), {1000, {}});
  for (int i = 0; i < 1000; ++i) add_row(file, "0123456789");
  EXPECT_LE(folder.text("a.csv").size(), 11'000U);
  file.close();
  EXPECT_EQ(folder.text("a.csv").size(), 11'000U);
  struct ::stat info {};
  ASSERT_EQ(::stat(folder.file("a.csv").c_str(), &info), 0);
  EXPECT_LT(info.st_blocks * 512, 1'000'000) << "what was not used is given back";
}

TEST(BufferedFile, FullDeviceIsReportedOnceWithTheFile) {  // OUT-03
  int calls = 0;
  BufferedFile file("/dev/full", {16, [&] { ++calls; }});
  for (int i = 0; i < 100; ++i) add_row(file, "0123456789abcdef");
  EXPECT_TRUE(file.failed());
  EXPECT_EQ(calls, 1);
  EXPECT_THROW(file.check(), OutputError);
  EXPECT_THAT(message_of(file),
              AllOf(StartsWith("cannot write '/dev/full': "), HasSubstr("No space left"), Not(HasSubstr("\n"))));
}

TEST(BufferedFile, PartOfARowIsCutOffWhenTheDiskFills) {  // OUT-03
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), {100, {}});
  std::string expected;
  {
    const FileSizeLimit limit(1005);  // in the middle of a row, in a later buffer
    for (int i = 100; i < 999; ++i) {
      add_row(file, "row " + std::to_string(i));
      if (expected.size() + 8 <= 1005) expected += "row " + std::to_string(i) + "\n";
    }
  }
  add_row(file, "there is room again, but rows are missing before this one");
  EXPECT_THAT(message_of(file), HasSubstr(folder.file("a.csv")));
  EXPECT_EQ(folder.text("a.csv"), expected);
}

TEST(BufferedFile, WholeBlocksAreWrittenWhileTheRunGoesOn) {
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), {10'000, {}});
  std::string expected;
  for (int i = 1000; i < 5000; ++i) {
    add_row(file, "row " + std::to_string(i));
    expected += "row " + std::to_string(i) + "\n";
  }
  const std::string seen = folder.text("a.csv");
  EXPECT_GT(seen.size(), 20'000U);
  EXPECT_EQ(seen.size() % 4096, 0U);
  EXPECT_EQ(seen, expected.substr(0, seen.size()));
  file.flush();
  EXPECT_EQ(folder.text("a.csv"), expected) << "whole rows again";
}

TEST(BufferedFile, ARowThatBeganInAnEarlierBlockIsCutOffWhenTheDiskFills) {  // OUT-03
  for (const rlim_t bytes : {rlim_t{12'289}, rlim_t{20'480}, rlim_t{20'485}}) {
    const test::TraceFolder folder;
    BufferedFile file(folder.file("a.csv"), {10'000, {}});
    std::string expected;
    {
      const FileSizeLimit limit(bytes);
      for (int i = 1000; i < 5000; ++i) {
        add_row(file, "row " + std::to_string(i));
        if (expected.size() + 9 <= bytes) expected += "row " + std::to_string(i) + "\n";
      }
    }
    EXPECT_THROW(file.close(), OutputError);
    EXPECT_EQ(folder.text("a.csv"), expected);
  }
}

TEST(BufferedFile, AFileThatCannotBeCreatedIsAnOutputError) {
  const test::TraceFolder folder;
  EXPECT_THROW(BufferedFile(folder.file("missing/a.csv")), OutputError);
  EXPECT_THROW(BufferedFile(folder.path().string()), OutputError);
}

}  // namespace
}  // namespace nandtlm
