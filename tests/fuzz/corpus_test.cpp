// Every input that a fuzzer once found worth keeping, fed to its reader again; among them all that ever broke one.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "tests/fuzz/readers.h"
#include "tests/support/trace_files.h"

namespace nandtlm::fuzz {
namespace {

struct Corpus {
  const char* reader;
  std::string (*judge)(std::string_view);
};

class FuzzCorpus : public testing::TestWithParam<Corpus> {};

std::vector<std::filesystem::path> files_of(const char* reader) {
  const auto folder = std::filesystem::path(NANDTLM_SOURCE_DIR) / "tests/fuzz/corpus" / reader;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// CFG-04, OUT-00: no input crashes a reader or keeps it for long, and errors are one line each with a position.
TEST_P(FuzzCorpus, IsReadOrRefusedInOrder) {
  constexpr std::chrono::seconds kLong(20);  // under sanitizers and on a busy machine
  const std::vector<std::filesystem::path> files = files_of(GetParam().reader);
  ASSERT_GT(files.size(), 10U);
  for (const std::filesystem::path& file : files) {
    const std::string text = test::read_text(file);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(GetParam().judge(text), "") << file;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Readers, FuzzCorpus,
                         testing::Values(Corpus{"device", judge_device}, Corpus{"scenario", judge_scenario},
                                         Corpus{"sequence", judge_sequence}, Corpus{"run", judge_run}),
                         [](const auto& corpus) { return std::string(corpus.param.reader); });

}  // namespace
}  // namespace nandtlm::fuzz
