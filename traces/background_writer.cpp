#include "traces/background_writer.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace nandtlm {

WriteResult write_all(int fd, const char* data, std::size_t bytes) {
  WriteResult result;
  while (result.error == 0 && result.written < bytes) {
    const ::ssize_t n = ::write(fd, data + result.written, bytes - result.written);
    if (n > 0) {
      result.written += static_cast<std::size_t>(n);
    } else if (n < 0 && errno != EINTR) {
      result.error = errno;
    }
  }
  return result;
}

BackgroundWriter::~BackgroundWriter() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_one();
  thread_.join();
}

void BackgroundWriter::start(Job& job) {
  job.done = false;
  if (!run_thread()) {
    job.result = write_all(job.fd, job.data, job.bytes);
    job.done = true;
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(&job);
  }
  wanted_.notify_one();
}

void BackgroundWriter::wait(const Job& job) {
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [&job] { return job.done; });
}

/// A thread inherits the mask of signals of the one that makes it.
bool BackgroundWriter::run_thread() {
  if (thread_.joinable()) return true;
  ::sigset_t all;
  ::sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { work(); });
  } catch (const std::system_error&) {
    // No thread to be had: the caller writes for itself.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread_.joinable();
}

void BackgroundWriter::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job& job = *jobs_.front();
    jobs_.pop_front();
    lock.unlock();
    const WriteResult result = write_all(job.fd, job.data, job.bytes);
    lock.lock();
    job.result = result;
    job.done = true;
    finished_.notify_one();
  }
}

}  // namespace nandtlm
