#include "tests/support/child_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/trace_files.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared by its user

namespace nandtlm::test {

std::vector<std::string> ChildResult::error_lines() const {
  std::istringstream stream(err);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const std::filesystem::path& folder)
    : out_(folder / "stdout"), err_(folder / "stderr") {
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), kFlags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), kFlags, 0600);
  const int result = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (result != 0) throw std::runtime_error("cannot start " + program);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool ChildProcess::wait_for_file(const std::filesystem::path& path) {
  std::error_code ignored;
  while (!std::filesystem::exists(path, ignored) || std::filesystem::file_size(path, ignored) == 0) {
    if (ended()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

void ChildProcess::send(int signal) {
  if (pid_ > 0) ::kill(pid_, signal);
}

bool ChildProcess::ended() {
  if (pid_ > 0 && ::waitpid(pid_, &wait_status_, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

ChildResult ChildProcess::wait() {
  constexpr std::chrono::seconds kPatience{100};
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!ended()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (std::chrono::steady_clock::now() < deadline) continue;
    ADD_FAILURE() << "the child does not end";
    send(SIGKILL);
    ::waitpid(pid_, &wait_status_, 0);
    pid_ = -1;
  }
  ChildResult result;
  result.status = WIFEXITED(wait_status_) ? WEXITSTATUS(wait_status_) : 128 + WTERMSIG(wait_status_);
  result.out = read_text(out_);
  result.err = read_text(err_);
  return result;
}

ChildResult run_nandtlm(const std::vector<std::string>& arguments) {
  const TraceFolder folder;
  return ChildProcess(NANDTLM_BINARY, arguments, folder.path()).wait();
}

std::string write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
  return path.string();
}

std::string project_file(const std::string& path) {
  return std::string(NANDTLM_SOURCE_DIR "/") + path;
}

std::string write_run_file(const std::filesystem::path& folder, const std::string& device, const std::string& workload,
                           const std::string& more) {
  const auto absolute = [](const std::string& path) { return path.front() == '/' ? path : project_file(path); };
  return write_text(folder / "run.yaml",
                    "device: " + absolute(device) + "\nworkload: " + absolute(workload) + "\n" + more);
}

}  // namespace nandtlm::test
