// Writes to files behind the back of a run: the kernel's copying takes a second core's time and not the simulation's.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>

namespace nandtlm {

/// What became of a write() of all of a block.
struct WriteResult {
  std::size_t written = 0;
  int error = 0;  ///< errno, 0: all of it was written
};

/// Until all is written or an error comes.
WriteResult write_all(int fd, const char* data, std::size_t bytes);

/// One thread that writes the blocks of any number of files, in the order in which they come. It starts with the first
/// block. All calls come from one thread. It hears no signals: those belong to the program's own threads.
class BackgroundWriter {
 public:
  /// One write; at most one per file at a time.
  struct Job {
    int fd = -1;
    const char* data = nullptr;  ///< stays until wait() returns
    std::size_t bytes = 0;
    WriteResult result;
    bool done = true;
  };

  BackgroundWriter() = default;
  /// Writes what is left.
  ~BackgroundWriter();
  BackgroundWriter(const BackgroundWriter&) = delete;
  BackgroundWriter& operator=(const BackgroundWriter&) = delete;

  /// The job lives until wait() returns. Where no thread can be had, it is done at once.
  void start(Job& job);
  /// Until the job is done.
  void wait(const Job& job);

 private:
  bool run_thread();
  void work();

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::condition_variable finished_;
  std::deque<Job*> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nandtlm
