// A second thread for work that comes in blocks of memory.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace nandtlm {

/// Blocks that one thread fills and another works off, in the order in which they were filled. Memory is bounded: who
/// fills waits for the other one where it is far ahead. The thread starts with the first block; it hears no signals:
/// those belong to the program's own threads. Where no thread can be had, blocks are worked off as they are handed
/// over. What the work throws is kept, and the blocks behind are dropped. All calls come from one thread.
class BlockWorker {
 public:
  /// So many blocks there are: with fewer the threads wait for each other more often, with more they need more memory.
  static constexpr std::size_t kBlocks = 16;
  /// So many must have come for the thread to wake up, unless somebody waits: to be woken costs more than a block.
  static constexpr std::size_t kWakingBlocks = kBlocks / 2;
  /// Called for each block with its content.
  using Work = std::function<void(const char* begin, const char* end)>;

  BlockWorker(std::size_t block_bytes, Work work);
  /// Works off what was handed over.
  ~BlockWorker();
  BlockWorker(const BlockWorker&) = delete;
  BlockWorker& operator=(const BlockWorker&) = delete;

  /// The block that is to be filled.
  char* begin() const { return filling_.get(); }
  char* end() const { return begin() + block_bytes_; }
  /// Hands over what was filled, up to `end`: another block is then to be filled.
  void hand_over(const char* end);
  /// Waits until all that was handed over is worked off. Throws what the work has thrown.
  void drain();

 private:
  char* block(std::uint64_t number) const { return filled_.get() + number % kBlocks * block_bytes_; }
  bool has_thread();
  void run();
  void work_off(std::uint64_t number);
  void wait_for(std::unique_lock<std::mutex>& lock, std::uint64_t done);

  const std::size_t block_bytes_;
  const Work work_;
  /// Of the thread that fills alone. It is copied when it is full: to write bit by bit what the other thread has read
  /// before means to wait, time and again, until its processor gives it back.
  const std::unique_ptr<char[]> filling_;
  const std::unique_ptr<char[]> filled_;
  std::array<const char*, kBlocks> ends_{};
  std::mutex mutex_;
  std::condition_variable more_;
  std::condition_variable done_enough_;
  std::uint64_t handed_over_ = 0;  ///< blocks
  std::uint64_t done_ = 0;         ///< blocks
  std::uint64_t awaited_ = 0;      ///< blocks that must be done for the other thread to go on
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace nandtlm
