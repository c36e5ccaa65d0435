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
      buffer_(options.buffer_bytes + 4096),
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
  const std::size_t complete = row_ends_.empty() ? 0 : row_ends_.back();
  if (complete >= threshold_) reserve_ahead(complete);
  std::size_t written = 0;
  while (!failed() && written < complete) {
    const ::ssize_t n = ::write(fd_, buffer_.data() + written, complete - written);
    if (n > 0) {
      written += static_cast<std::size_t>(n);
    } else if (n < 0 && errno != EINTR) {
      fail(errno, written);
    }
  }
  file_size_ += static_cast<std::int64_t>(complete);
  size_ -= complete;
  std::memmove(buffer_.data(), buffer_.data() + complete, size_);  // the row that is being written
  row_ends_.clear();
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
  buffer_.resize(std::max(2 * buffer_.size(), size_ + bytes));
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
  const auto next_row = std::upper_bound(row_ends_.begin(), row_ends_.end(), written);
  const std::size_t complete = next_row == row_ends_.begin() ? 0 : *std::prev(next_row);
  const auto keep = static_cast<::off_t>(file_size_ + static_cast<std::int64_t>(complete));
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
