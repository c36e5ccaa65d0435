// A run's files in memory, changed one row at a time and written to a folder of their own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "testbench/check/run_checker.h"
#include "tests/unit/check_story.h"

namespace nandtlm::check_story {

inline const std::string kSequence = "operation_sequence.csv";
inline const std::string kTimeline = "operation_timeline.csv";
inline const std::string kStates = "op_state_timeline.csv";
inline const std::string kEvents = "op_event_resume.csv";
inline const std::string kPrograms = "apply_pgm_log.csv";
inline const std::string kResumeErrors = "resume_errors.csv";

/// The good run, to be spoiled.
struct Story {
  std::map<std::string, std::string> files{{kSequence, kSequenceCsv}, {kTimeline, kTimelineCsv},
                                           {kStates, kStatesCsv},     {kEvents, kEventsCsv},
                                           {kPrograms, kProgramsCsv}, {kResumeErrors, kResumeErrorsCsv}};

  /// `from` must stand in the file exactly once, so that no change is one of nothing.
  void replace(const std::string& file, const std::string& from, const std::string& to) {
    std::string& text = files.at(file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << file << " has no " << from;
    ASSERT_EQ(text.find(from, at + 1), std::string::npos) << file << " has more than one " << from;
    text.replace(at, from.size(), to);
  }
};

/// A folder that lives as long as the object.
class RunFolder {
 public:
  explicit RunFolder(const Story& story) {
    static int number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("nandtlm_check_" + std::to_string(::getpid()) + "_" + std::to_string(number++));
    std::filesystem::create_directories(path_);
    for (const auto& [name, text] : story.files) std::ofstream(path_ / name, std::ios::binary) << text;
  }
  ~RunFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline CheckReport check_story(const Story& story) {
  return check_run(RunFolder(story).path());
}

inline std::set<std::string> failed(const CheckReport& report) {
  std::set<std::string> names;
  for (const RunCheckLine& line : report.lines) {
    if (!line.pass) names.insert(line.name);
  }
  return names;
}

/// The whole report, to be shown where a test fails.
inline std::string all_of(const CheckReport& report) {
  std::string out;
  for (const RunCheckLine& line : report.lines)
    out += (line.pass ? "PASS " : "FAIL ") + line.name + ": " + line.detail + "\n";
  for (const std::string& error : report.input_errors) out += error + "\n";
  return out;
}

}  // namespace nandtlm::check_story
