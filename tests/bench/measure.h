// What the cases share: a clock, the memory, a folder for outputs.
#pragma once

#include <filesystem>

#include "model/observe/self_check.h"

namespace nandtlm::bench {

/// What a user waits for: traces are written by a second thread, whose time counts where it holds the run up.
double seconds_now();

/// The most that this process ever had.
double peak_memory_mib();

/// False where a line of the self-check failed; says which.
bool checks_pass(const SelfCheck& self_check);

/// A folder for one case's outputs, gone with it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace nandtlm::bench
