#include "traces/buffered_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
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

}  // namespace

BufferedFile::BufferedFile(std::string path, const OutputOptions& options)
    : path_(std::move(path)), on_error_(options.on_error), writer_(options.writer), threshold_(options.buffer_bytes) {
  // A row that crosses the threshold shall seldom make the buffer grow.
  open_.capacity = options.buffer_bytes + kBlock;
  open_.text.reset(new char[open_.capacity]);
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
  const std::size_t behind = (static_cast<std::size_t>(open_.begin) + complete_rows) % kBlock;
  const std::size_t bytes = behind < complete_rows ? complete_rows - behind : complete_rows;
  if (writer_ != nullptr) {
    hand_over(bytes);
  } else {
    write(bytes);
  }
}

/// The first `bytes` of the buffer.
void BufferedFile::write(std::size_t bytes) {
  settle();
  if (!failed()) {
    const WriteResult result = write_all(fd_, open_.text.get(), bytes);
    if (result.error != 0) fail(result, open_);
  }
  drop(bytes);
}

/// The first `bytes` go to the writer, what is behind them begins the other buffer.
void BufferedFile::hand_over(std::size_t bytes) {
  settle();
  if (failed()) {
    drop(bytes);
    return;
  }
  std::swap(open_, handed_over_);
  if (open_.capacity < handed_over_.capacity) {
    open_.capacity = handed_over_.capacity;
    open_.text.reset(new char[open_.capacity]);
  }
  std::memcpy(open_.text.get(), handed_over_.text.get() + bytes, size_ - bytes);
  size_ -= bytes;
  const auto first_left = std::upper_bound(handed_over_.row_ends.begin(), handed_over_.row_ends.end(), bytes);
  open_.row_ends.assign(first_left, handed_over_.row_ends.end());
  for (std::size_t& end : open_.row_ends) end -= bytes;
  handed_over_.row_ends.erase(first_left, handed_over_.row_ends.end());
  open_.begin = handed_over_.begin + static_cast<std::int64_t>(bytes);
  open_.whole_rows = handed_over_.last_row_end(bytes);
  job_.fd = fd_;
  job_.data = handed_over_.text.get();
  job_.bytes = bytes;
  writer_->start(job_);
}

/// Waits for what the writer has.
void BufferedFile::settle() {
  if (job_.data == nullptr) return;
  writer_->wait(job_);
  job_.data = nullptr;
  if (job_.result.error != 0) fail(job_.result, handed_over_);
}

/// The first `bytes` leave the buffer.
void BufferedFile::drop(std::size_t bytes) {
  open_.whole_rows = open_.last_row_end(bytes);
  std::vector<std::size_t>& ends = open_.row_ends;
  ends.erase(ends.begin(), std::upper_bound(ends.begin(), ends.end(), bytes));
  for (std::size_t& end : ends) end -= bytes;
  open_.begin += static_cast<std::int64_t>(bytes);
  size_ -= bytes;
  std::memmove(open_.text.get(), open_.text.get() + bytes, size_);
}

/// In the file, when the first `written` bytes of this have been written to it.
std::int64_t BufferedFile::Block::last_row_end(std::size_t written) const {
  const auto next_row = std::upper_bound(row_ends.begin(), row_ends.end(), written);
  return next_row == row_ends.begin() ? whole_rows : begin + static_cast<std::int64_t>(*std::prev(next_row));
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
  open_.capacity = std::max(2 * open_.capacity, size_ + bytes);
  std::unique_ptr<char[]> larger(new char[open_.capacity]);
  std::memcpy(larger.get(), open_.text.get(), size_);
  open_.text = std::move(larger);
}

/// Asks for room on the disk in large steps, behind the end of the file: the file system then does not look for room
/// block by block, which costs as much as the copying. Where room is scarce it is left to who writes first: a file that
/// has reserved what another needs would make a run fail on a disk that is not full.
void BufferedFile::reserve_ahead([[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  const std::int64_t end = open_.begin + static_cast<std::int64_t>(bytes);
  if (end <= reserved_) return;
  const std::int64_t wanted = end + kReserveStep;
  const bool has_room = free_bytes(fd_) >= kPlenty;
  has_reserved_ = has_reserved_ || has_room;  // also what fails may have taken a part
  const bool reserved = has_room && ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, open_.begin, wanted - open_.begin) == 0;
  reserved_ = reserved ? wanted : kNeverAgain;
#endif
}

/// Gives back what was reserved and not used.
void BufferedFile::give_back() {
  if (!has_reserved_) return;
  [[maybe_unused]] const int ignored = ::ftruncate(fd_, static_cast<::off_t>(open_.begin));
}

void BufferedFile::fail(const WriteResult& result, const Block& block) {
  error_ = describe("write", path_, result.error);
  const auto keep = static_cast<::off_t>(block.last_row_end(result.written));
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
