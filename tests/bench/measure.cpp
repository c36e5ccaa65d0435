#include "tests/bench/measure.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
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

namespace {

std::uintmax_t free_memory() {
  return static_cast<std::uintmax_t>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<std::uintmax_t>(sysconf(_SC_PAGESIZE));
}

/// Traces are written as fast as they come, gigabytes of them: a disk would be measured, and how it is shared.
std::filesystem::path scratch_place() {
  constexpr std::uintmax_t kEnough = std::uintmax_t{5} << 30U;
  const std::filesystem::path memory = "/dev/shm";
  std::error_code none;
  const bool fits = std::filesystem::space(memory, none).available >= kEnough && !none && free_memory() >= 2 * kEnough;
  const bool own_wish = std::getenv("TMPDIR") != nullptr;
  return fits && !own_wish ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

ScratchFolder::ScratchFolder() : path_(scratch_place() / ("nandtlm-bench-" + std::to_string(getpid()))) {
  std::filesystem::create_directories(path_);
}

}  // namespace nandtlm::bench
