#include "traces/buffered_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

namespace nandtlm {
namespace {

constexpr std::size_t kBlock = 4096;  // of a file system, mostly
constexpr std::int64_t kReserveStep = std::int64_t{4} << 20;
constexpr std::int64_t kNeverAgain = std::numeric_limits<std::int64_t>::max();
constexpr ::mode_t kFileMode = 0666;  // the user's umask takes away what is not wanted

std::string describe(const char* what, const std::string& path, int error_number) {
  return std::string("cannot ") + what + " '" + path + "': " + std::generic_category().message(error_number);
}

}  // namespace

BufferedFile::BufferedFile(std::string path, const OutputOptions& options)
    : path_(std::move(path)),
      on_error_(options.on_error),
      // A row that crosses the threshold shall seldom make the buffer grow.
      buffer_(new char[options.buffer_bytes + 4096]),
      capacity_(options.buffer_bytes + 4096),
      threshold_(options.buffer_bytes) {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode);
  if (fd_ < 0) throw OutputError(describe("create", path_, errno));
}

BufferedFile::~BufferedFile() {
  on_error_ = nullptr;
  if (fd_ >= 0) flush();
  release();
}

void BufferedFile::flush() {
  write(complete());
}

/// Leaves what is behind the last border of a block in the buffer. A buffer that has no border goes out whole.
void BufferedFile::write_blocks() {
  const std::size_t bytes = complete();
  reserve_ahead(bytes);
  const std::size_t behind = (static_cast<std::size_t>(file_size_) + bytes) % kBlock;
  write(behind < bytes ? bytes - behind : bytes);
}

/// The first `bytes` of the buffer.
void BufferedFile::write(std::size_t bytes) {
  std::size_t written = 0;
  while (!failed() && written < bytes) {
    const ::ssize_t n = ::write(fd_, buffer_.get() + written, bytes - written);
    if (n > 0) {
      written += static_cast<std::size_t>(n);
    } else if (n < 0 && errno != EINTR) {
      fail(errno, written);
    }
  }
  drop(bytes);
}

/// The first `bytes` leave the buffer.
void BufferedFile::drop(std::size_t bytes) {
  whole_rows_ = last_row_end(bytes);
  row_ends_.erase(row_ends_.begin(), std::upper_bound(row_ends_.begin(), row_ends_.end(), bytes));
  for (std::size_t& end : row_ends_) end -= bytes;
  file_size_ += static_cast<std::int64_t>(bytes);
  size_ -= bytes;
  std::memmove(buffer_.get(), buffer_.get() + bytes, size_);
}

/// In the file, when the first `written` bytes of the buffer have been written to it.
std::int64_t BufferedFile::last_row_end(std::size_t written) const {
  const auto next_row = std::upper_bound(row_ends_.begin(), row_ends_.end(), written);
  if (next_row == row_ends_.begin()) return whole_rows_;
  return file_size_ + static_cast<std::int64_t>(*std::prev(next_row));
}

void BufferedFile::close() {
  if (fd_ >= 0) {
    flush();
    release();
  }
  check();
}

void BufferedFile::check() const {
  if (failed()) throw OutputError(error_);
}

void BufferedFile::grow(std::size_t bytes) {
  capacity_ = std::max(2 * capacity_, size_ + bytes);
  std::unique_ptr<char[]> larger(new char[capacity_]);
  std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
}

/// Asks for room on the disk in large steps, behind the end of the file: the file system then does not look for room
/// block by block, which costs as much as the copying. Where it cannot be had, writing goes on without.
void BufferedFile::reserve_ahead([[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  const std::int64_t end = file_size_ + static_cast<std::int64_t>(bytes);
  if (end <= reserved_) return;
  const std::int64_t wanted = end + kReserveStep;
  const int result = ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, file_size_, wanted - file_size_);
  reserved_ = result == 0 ? wanted : kNeverAgain;
#endif
}

/// Gives back what was reserved and not used.
void BufferedFile::give_back() {
  if (reserved_ > file_size_ && reserved_ != kNeverAgain) {
    [[maybe_unused]] const int ignored = ::ftruncate(fd_, static_cast<::off_t>(file_size_));
  }
}

void BufferedFile::fail(int error_number, std::size_t written) {
  error_ = describe("write", path_, error_number);
  const auto keep = static_cast<::off_t>(last_row_end(written));
  // A device or a pipe has no length to cut: nothing more can be done for it.
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, keep);
  if (on_error_) on_error_();
}

void BufferedFile::release() {
  if (fd_ < 0) return;
  if (!failed()) give_back();
  const int result = ::close(fd_);
  fd_ = -1;
  if (result != 0 && errno != EINTR && !failed()) error_ = describe("close", path_, errno);
}

}  // namespace nandtlm
