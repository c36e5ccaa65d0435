// The program nandtlm as a child process: what a user of the command line sees.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace nandtlm::test {

/// What a finished child left. A child that a signal ended has status 128 + signal.
struct ChildResult {
  int status = -1;
  std::string out;
  std::string err;

  std::vector<std::string> error_lines() const;
};

/// One running child; `folder` is where its stdout and stderr go, as files.
class ChildProcess {
 public:
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
               const std::filesystem::path& folder);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Waits until the file exists and has content; false where the child ended before.
  bool wait_for_file(const std::filesystem::path& path);
  void send(int signal);
  /// Waits for its end; one that takes longer than any test may is killed and fails the test.
  ChildResult wait();

 private:
  bool ended();

  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  int wait_status_ = 0;
};

/// Runs `nandtlm` with these arguments to its end.
ChildResult run_nandtlm(const std::vector<std::string>& arguments);

/// A run file in `folder` for a device and a workload; paths of the project start at its root. Returns its path.
std::string write_run_file(const std::filesystem::path& folder, const std::string& device, const std::string& workload,
                           const std::string& more = {});
/// Writes a file and returns its path.
std::string write_text(const std::filesystem::path& path, const std::string& text);
/// A file of the project by its path from the root.
std::string project_file(const std::string& path);

}  // namespace nandtlm::test
