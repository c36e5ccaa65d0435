// A folder for the outputs of one test, and their content.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nandtlm::test {

/// A fresh folder that goes away with its owner.
class TraceFolder {
 public:
  TraceFolder();
  ~TraceFolder();
  TraceFolder(const TraceFolder&) = delete;
  TraceFolder& operator=(const TraceFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& file_name) const { return (path_ / file_name).string(); }
  /// The whole content of a file in the folder.
  std::string text(const std::string& file_name) const;
  /// Its lines without line ends.
  std::vector<std::string> lines(const std::string& file_name) const;

 private:
  std::filesystem::path path_;
};

/// The whole content of a file; a test failure where it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace nandtlm::test
