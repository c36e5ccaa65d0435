// OUT-03 with a thread that writes: the same files, the same errors, nothing half.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/trace_files.h"
#include "traces/buffered_file.h"

namespace nandtlm {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

OutputOptions in_background(std::size_t buffer_bytes, std::function<void()> on_error = {}) {
  OutputOptions options;
  options.buffer_bytes = buffer_bytes;
  options.on_error = std::move(on_error);
  options.writer = std::make_shared<BackgroundWriter>();
  return options;
}

void add_row(BufferedFile& file, int number) {
  file.append("row ");
  file.append_integer(number);
  file.append('\n');
  file.end_row();
}

std::string rows(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "row " + std::to_string(i) + '\n';
  return text;
}

// OUT-03: several files share one writer; each gets its rows, in order, all of them.
TEST(BackgroundWriter, FilesGetTheirRowsInOrder) {
  const test::TraceFolder folder;
  const OutputOptions options = in_background(100);
  BufferedFile a(folder.file("a.csv"), options);
  BufferedFile b(folder.file("b.csv"), options);
  for (int i = 0; i < 20'000; ++i) {
    add_row(a, i);
    if (i % 3 == 0) add_row(b, i / 3);
    if (i % 5'000 == 4'999) a.flush();
  }
  a.close();
  b.close();
  EXPECT_EQ(folder.text("a.csv"), rows(0, 20'000));
  EXPECT_EQ(folder.text("b.csv"), rows(0, 6'667));
}

// OUT-03: what flush() returned from is in the file.
TEST(BackgroundWriter, FlushWaits) {
  const test::TraceFolder folder;
  BufferedFile file(folder.file("a.csv"), in_background(8'192));
  for (int i = 0; i < 3'000; ++i) add_row(file, i);
  file.append("half");
  file.flush();
  EXPECT_EQ(folder.text("a.csv"), rows(0, 3'000));
}

// OUT-03: a file that is destroyed while the writer is at work is whole; half a row is left out.
TEST(BackgroundWriter, DestructionWaits) {
  const test::TraceFolder folder;
  for (const int count : {1, 10, 1'000, 50'000}) {
    {
      BufferedFile file(folder.file("a.csv"), in_background(4'096));
      for (int i = 0; i < count; ++i) add_row(file, i);
      file.append("not comp");
    }
    EXPECT_EQ(folder.text("a.csv"), rows(0, count));
  }
}

// OUT-03: a row may be longer than the buffer.
TEST(BackgroundWriter, RowsLongerThanTheBuffer) {
  const test::TraceFolder folder;
  const std::string text(10'000, 'x');
  BufferedFile file(folder.file("a.csv"), in_background(64));
  std::string expected;
  for (int i = 0; i < 5; ++i) {
    file.append(text);
    file.append('\n');
    file.end_row();
    add_row(file, i);
    expected += text + "\nrow " + std::to_string(i) + '\n';
  }
  file.close();
  EXPECT_EQ(folder.text("a.csv"), expected);
}

// OUT-03: a disk that fills up leaves whole rows, is told once, and named at the end.
TEST(BackgroundWriter, AFullDiskLeavesWholeRows) {
  for (const rlim_t bytes : {rlim_t{4'096}, rlim_t{10'000}, rlim_t{50'001}}) {
    const test::TraceFolder folder;
    int told = 0;
    BufferedFile file(folder.file("a.csv"), in_background(5'000, [&told] { ++told; }));
    auto* const old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit limit{bytes, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 20'000; ++i) add_row(file, i);
    std::string message;
    try {
      file.close();
    } catch (const OutputError& error) {
      message = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, old_handler);
    EXPECT_THAT(message, StartsWith("cannot write '" + folder.file("a.csv")));
    EXPECT_EQ(told, 1);
    const std::string text = folder.text("a.csv");
    EXPECT_LE(text.size(), bytes);
    EXPECT_GT(text.size(), bytes - 20) << "all rows that have room";
    EXPECT_EQ(text, rows(0, 20'000).substr(0, text.size()));
    EXPECT_EQ(text.back(), '\n');
  }
}

}  // namespace
}  // namespace nandtlm
