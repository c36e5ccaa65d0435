#include "tests/support/trace_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace nandtlm::test {

TraceFolder::TraceFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "nandtlm_trace_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TraceFolder::~TraceFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TraceFolder::text(const std::string& file_name) const {
  return read_text(path_ / file_name);
}

std::vector<std::string> TraceFolder::lines(const std::string& file_name) const {
  std::istringstream stream(text(file_name));
  std::vector<std::string> result;
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

std::string read_text(const std::filesystem::path& path) {
  const std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.good()) << "cannot read " << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace nandtlm::test
