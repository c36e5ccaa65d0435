#include "traces/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "traces/buffered_file.h"

namespace nandtlm {
namespace {

/// The temporary file. What is not committed is taken away again.
class PartFile {
 public:
  explicit PartFile(const std::filesystem::path& path) : path_(path.string()), part_(path_ + ".part") {
    fd_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd_ < 0) fail("cannot create");
  }
  ~PartFile() {
    if (fd_ >= 0) close(fd_);
    if (!committed_) unlink(part_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void commit() {
    if (fsync(fd_) != 0 || close(std::exchange(fd_, -1)) != 0) fail("cannot write");
    if (rename(part_.c_str(), path_.c_str()) != 0) fail("cannot write");
    committed_ = true;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw OutputError(std::string(what) + " '" + path_ + "': " + std::strerror(errno));
  }

  std::string path_;
  std::string part_;
  int fd_ = -1;
  bool committed_ = false;
};

/// So that the new name outlives a loss of power; not every file system can do that.
void sync_folder_of(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  static_cast<void>(fsync(fd));
  close(fd);
}

}  // namespace

void write_whole_file(const std::filesystem::path& path, std::initializer_list<std::string_view> parts) {
  PartFile file(path);
  for (const std::string_view part : parts) file.write(part);
  file.commit();
  sync_folder_of(path);
}

}  // namespace nandtlm
