#include "tests/bench/measure.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

namespace nandtlm::bench {

double seconds_now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

bool checks_pass(const SelfCheck& self_check) {
  bool ok = true;
  for (const CheckLine& line : self_check.report()) {
    if (!line.pass) std::cerr << "self-check: " << line.name << ": " << line.detail << '\n';
    ok = ok && line.pass;
  }
  return ok;
}

ScratchFolder::ScratchFolder()
    : path_(std::filesystem::temp_directory_path() / ("nandtlm-bench-" + std::to_string(getpid()))) {
  std::filesystem::create_directories(path_);
}

}  // namespace nandtlm::bench
