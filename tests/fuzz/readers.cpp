#include "tests/fuzz/readers.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "config/device_loader.h"
#include "config/device_writer.h"
#include "testbench/check/run_checker.h"
#include "testbench/replay/sequence_reader.h"
#include "testbench/scenario/load_scenario.h"

namespace nandtlm::fuzz {
namespace {

/// Of a file that exists in memory only.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : handle_(memfd_create("fuzz", 0)) {
    if (handle_ < 0 || write(handle_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  }
  ~MemoryFile() { close(handle_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return fmt::format("/proc/self/fd/{}", handle_); }

 private:
  int handle_;
};

/// The files of a run in a folder of their own.
class RunFolder {
 public:
  explicit RunFolder(std::string_view text) : path_(fmt::format("/tmp/nandtlm_fuzz_{}", getpid())) {
    std::filesystem::create_directory(path_);
    constexpr std::string_view kMark = "=== ";
    while (text.substr(0, kMark.size()) == kMark) {
      const std::size_t name_end = std::min(text.find('\n'), text.size());
      const std::string_view name = text.substr(kMark.size(), name_end - kMark.size());
      text.remove_prefix(std::min(name_end + 1, text.size()));
      const std::size_t next = std::min(text.find("\n=== "), text.size() - 1) + 1;
      write(name, text.substr(0, next));
      text.remove_prefix(std::min(next, text.size()));
    }
  }
  ~RunFolder() { std::filesystem::remove_all(path_); }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  /// Only under the names that a run has, or these with a date: a fuzzer writes nothing elsewhere.
  void write(std::string_view name, std::string_view text) const {
    const auto harmless = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
    };
    if (name.empty() || name.front() == '.' || name.size() > 60 || !std::all_of(name.begin(), name.end(), harmless))
      return;
    std::ofstream(path_ + "/" + std::string(name), std::ios::binary) << text;
  }

  std::string path_;
};

std::string judge_errors(const std::vector<ConfigError>& errors) {
  for (const ConfigError& error : errors) {
    const std::string text = error.text();
    if (error.line < 1 || error.column < 1) return "no position: " + text;
    if (error.what.empty()) return "says nothing: " + text;
    if (text.find('\n') != std::string::npos) return "more than one line: " + text;
  }
  return {};
}

/// CFG-02: what is printed of a device is the same device.
std::string judge_printed(const Device& device) {
  const std::string printed = to_yaml(device);
  const LoadedDevice again = load_device_text(printed, device.name + ".yaml");
  if (!again.device) {
    return fmt::format("the printed device has errors, first {}:\n{}", again.errors.front().text(), printed);
  }
  const std::string printed_again = to_yaml(*again.device);
  if (printed_again == printed) return {};
  return fmt::format("the printed device reads as another:\n{}\n-- then --\n{}", printed, printed_again);
}

const std::shared_ptr<const Device>& small_device() {
  static const auto device = [] {
    LoadedDevice loaded = load_device(NANDTLM_SOURCE_DIR "/config/devices/small_2plane.yaml");
    if (!loaded.device) std::abort();
    return std::make_shared<const Device>(std::move(*loaded.device));
  }();
  return device;
}

}  // namespace

std::string judge_device(std::string_view text) {
  for (const bool lenient : {false, true}) {
    LoadOptions options;
    options.lenient = lenient;
    const LoadedDevice loaded = load_device_text(std::string(text), "fuzz.yaml", options);
    if (loaded.device.has_value() != loaded.errors.empty()) return "errors and a device, or neither";
    std::string problem = judge_errors(loaded.errors) + judge_errors(loaded.warnings);
    if (problem.empty() && loaded.device) problem = judge_printed(*loaded.device);
    if (!problem.empty()) return problem;
  }
  return {};
}

std::string judge_scenario(std::string_view text) {
  const LoadedWorkload loaded = load_scenario_text(std::string(text), "fuzz.yaml", small_device());
  if (static_cast<bool>(loaded.make) != loaded.errors.empty()) return "errors and a workload, or neither";
  return judge_errors(loaded.errors);
}

std::string judge_sequence(std::string_view text) {
  const MemoryFile file(text);
  const ReadSequence read = read_sequence(file.path(), *small_device());
  if (read.errors.empty()) {
    Time last = 0;
    for (const SequenceRow& row : read.sequence.rows) {
      if (row.time < last || row.uid == 0) return fmt::format("line {} was taken as it stands", row.line);
      last = row.time;
    }
  }
  return judge_errors(read.errors);
}

std::string judge_run(std::string_view text) {
  const RunFolder folder(text);
  const CheckReport report = check_run(folder.path());
  if (report.lines.empty() == report.input_errors.empty()) return "verdicts and input errors, or neither";
  for (const std::string& error : report.input_errors) {
    if (error.empty() || error.find('\n') != std::string::npos) return "no single line: " + error;
  }
  return {};
}

void expect_none(const std::string& problem) {
  if (problem.empty()) return;
  fmt::print(stderr, "{}\n", problem);
  std::abort();
}

}  // namespace nandtlm::fuzz
