#include "traces/buffered_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace nandtlm {
namespace {

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
  const int result = ::close(fd_);
  fd_ = -1;
  if (result != 0 && errno != EINTR && !failed()) error_ = describe("close", path_, errno);
}

}  // namespace nandtlm
