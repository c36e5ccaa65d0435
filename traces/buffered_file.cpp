#include "traces/buffered_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>
#include <system_error>
#include <utility>

namespace nandtlm {
namespace {

constexpr std::size_t kBlock = 4096;  // of a file system, mostly
constexpr std::int64_t kReserveStep = std::int64_t{4} << 20;
constexpr std::int64_t kPlenty = std::int64_t{2} << 30;  ///< free on the disk: far more than all files reserve
constexpr std::int64_t kNeverAgain = std::numeric_limits<std::int64_t>::max();
constexpr ::mode_t kFileMode = 0666;  // the user's umask takes away what is not wanted

std::int64_t free_bytes(int fd) {
  struct ::statvfs disk {};
  if (::fstatvfs(fd, &disk) != 0) return 0;
  return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
}

std::string describe(const char* what, const std::string& path, int error_number) {
  return std::string("cannot ") + what + " '" + path + "': " + std::generic_category().message(error_number);
}

/// Until all is written or an error comes: then `error_number` is set. Returns how much was written.
std::size_t write_all(int fd, const char* data, std::size_t bytes, int& error_number) {
  std::size_t written = 0;
  while (written < bytes) {
    const ::ssize_t n = ::write(fd, data + written, bytes - written);
    if (n > 0) {
      written += static_cast<std::size_t>(n);
    } else if (n < 0 && errno != EINTR) {
      error_number = errno;
      break;
    }
  }
  return written;
}

}  // namespace

BufferedFile::BufferedFile(std::string path, const OutputOptions& options)
    : path_(std::move(path)), on_error_(options.on_error), threshold_(options.buffer_bytes) {
  // A row that crosses the threshold shall seldom make the buffer grow.
  capacity_ = options.buffer_bytes + kBlock;
  text_.reset(new char[capacity_]);
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
  const std::size_t complete_rows = complete();
  reserve_ahead(complete_rows);
  const std::size_t behind = (static_cast<std::size_t>(begin_) + complete_rows) % kBlock;
  write(behind < complete_rows ? complete_rows - behind : complete_rows);
}

/// The first `bytes` of the buffer.
void BufferedFile::write(std::size_t bytes) {
  if (!failed()) {
    int error_number = 0;
    const std::size_t written = write_all(fd_, text_.get(), bytes, error_number);
    if (error_number != 0) fail(error_number, written);
  }
  drop(bytes);
}

/// The first `bytes` leave the buffer.
void BufferedFile::drop(std::size_t bytes) {
  last_row_end_ = whole_rows(bytes);
  row_ends_.erase(row_ends_.begin(), std::upper_bound(row_ends_.begin(), row_ends_.end(), bytes));
  for (std::size_t& end : row_ends_) end -= bytes;
  begin_ += static_cast<std::int64_t>(bytes);
  size_ -= bytes;
  std::memmove(text_.get(), text_.get() + bytes, size_);
}

/// Bytes of the file up to its last complete row, when the first `written` bytes of the buffer have been written to it.
std::int64_t BufferedFile::whole_rows(std::size_t written) const {
  const auto next_row = std::upper_bound(row_ends_.begin(), row_ends_.end(), written);
  return next_row == row_ends_.begin() ? last_row_end_ : begin_ + static_cast<std::int64_t>(*std::prev(next_row));
}

/// As it was created.
void BufferedFile::empty() {
  size_ = 0;
  row_ends_.clear();
  begin_ = 0;
  last_row_end_ = 0;
  if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0) {
    throw OutputError(describe("write", path_, errno));
  }
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
  std::memcpy(larger.get(), text_.get(), size_);
  text_ = std::move(larger);
}

/// Asks for room on the disk in large steps, behind the end of the file: the file system then does not look for room
/// block by block, which costs as much as the copying. Where room is scarce it is left to who writes first: a file that
/// has reserved what another needs would make a run fail on a disk that is not full.
void BufferedFile::reserve_ahead([[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  const std::int64_t end = begin_ + static_cast<std::int64_t>(bytes);
  if (end <= reserved_) return;
  const std::int64_t wanted = end + kReserveStep;
  const bool has_room = free_bytes(fd_) >= kPlenty;
  has_reserved_ = has_reserved_ || has_room;  // also what fails may have taken a part
  const bool reserved = has_room && ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, begin_, wanted - begin_) == 0;
  reserved_ = reserved ? wanted : kNeverAgain;
#endif
}

/// Gives back what was reserved and not used.
void BufferedFile::give_back() {
  if (!has_reserved_) return;
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, static_cast<::off_t>(begin_));
}

void BufferedFile::fail(int error_number, std::size_t written) {
  error_ = describe("write", path_, error_number);
  const auto keep = static_cast<::off_t>(whole_rows(written));
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
