#include "traces/block_worker.h"

#include <cstring>
#include <utility>

#include "traces/quiet_thread.h"

namespace nandtlm {

BlockWorker::BlockWorker(std::size_t block_bytes, Work work)
    : block_bytes_(block_bytes),
      work_(std::move(work)),
      filling_(new char[block_bytes]),
      filled_(new char[kBlocks * block_bytes]) {}

BlockWorker::~BlockWorker() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void BlockWorker::hand_over(const char* end) {
  const auto bytes = static_cast<std::size_t>(end - begin());
  std::memcpy(block(handed_over_), begin(), bytes);
  ends_[handed_over_ % kBlocks] = block(handed_over_) + bytes;
  if (!has_thread()) {
    work_off(handed_over_);
    done_ = ++handed_over_;
    return;
  }
  std::unique_lock<std::mutex> lock(mutex_);
  ++handed_over_;
  if (handed_over_ - done_ >= kWakingBlocks) more_.notify_one();
  // Not for one block: two threads that wake each other for each block are slower than one.
  if (handed_over_ - done_ == kBlocks) wait_for(lock, handed_over_ - kBlocks / 2);
}

void BlockWorker::drain() {
  std::unique_lock<std::mutex> lock(mutex_);
  wait_for(lock, handed_over_);
  if (failure_) std::rethrow_exception(failure_);
}

void BlockWorker::wait_for(std::unique_lock<std::mutex>& lock, std::uint64_t done) {
  awaited_ = done;
  more_.notify_one();
  done_enough_.wait(lock, [this] { return done_ >= awaited_; });
}

bool BlockWorker::has_thread() {
  if (thread_.joinable()) return true;
  const QuietThreads quiet;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::exception&) {
    // No thread to be had, or no memory for one: the caller works for itself.
  }
  return thread_.joinable();
}

void BlockWorker::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  do {
    more_.wait(lock, [this] { return stopping_ || done_ < awaited_ || handed_over_ - done_ >= kWakingBlocks; });
    while (done_ != handed_over_) {
      lock.unlock();
      work_off(done_);
      lock.lock();
      if (++done_ == awaited_) done_enough_.notify_one();
    }
  } while (!stopping_);
}

void BlockWorker::work_off(std::uint64_t number) {
  if (failure_) return;
  try {
    work_(block(number), ends_[number % kBlocks]);
  } catch (...) {
    failure_ = std::current_exception();
  }
}

}  // namespace nandtlm
