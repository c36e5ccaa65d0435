// A text file of whole rows, written through one large buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "traces/format.h"

namespace nandtlm {

class StateArchive;

/// An output that cannot be created or written. what() is one line that names the file.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How outputs are written; the same for all outputs of a run.
struct OutputOptions {
  /// Per file, and how much is written at once. Writes of less cost the kernel more per byte; with more, what is
  /// written does not stay near the processor until then.
  std::size_t buffer_bytes = std::size_t{128} * 1024;
  /// Called once per file, from inside a trace call, when a write fails: a run can ask its kernel to stop. Must not
  /// throw and must not call the sink.
  std::function<void()> on_error;
};

/// Append-only file. It ends with a whole row after flush(), after close(), after its destruction and after a write
/// that failed (OUT-03); in between it is written in whole blocks of the disk, because those cost the kernel less, and
/// may end within a row. A write that fails while a run goes on throws nothing: it is remembered, the file is cut back
/// to its last complete row, later rows are thrown away, and check() or close() report it. Calls after close() are not
/// allowed.
class BufferedFile {
 public:
  /// Creates or empties the file. Throws OutputError.
  explicit BufferedFile(std::string path, const OutputOptions& options = {});
  /// Writes the complete rows that are left; an error is not reported, call close() to hear of it.
  ~BufferedFile();
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;

  void append(char c) {
    *room(1) = c;
    ++size_;
  }
  void append(std::string_view text) {
    if (text.empty()) return;  // may have no address
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  template <typename Integer>
  void append_integer(Integer value) {
    advance_to(format_integer(room(kMaxNumberText), value));
  }
  /// `time` in µs, see format_us().
  void append_us(Time time) { advance_to(format_us(room(kMaxNumberText), time)); }

  /// Where the next character goes, for text that is formatted in place: `bytes` characters may be written there, and
  /// advance_to() says how many were. Valid until the next call of anything else.
  char* room(std::size_t bytes) {
    if (capacity_ - size_ < bytes) grow(bytes);
    return text_.get() + size_;
  }
  /// `end` is in the room().
  void advance_to(const char* end) { size_ = static_cast<std::size_t>(end - text_.get()); }

  /// What was appended since the last end_row() is one row: from now on it may go to the disk.
  void end_row() {
    row_ends_.push_back(size_);
    if (size_ >= threshold_) write_blocks();
  }

  /// What was appended since the last end_row(); valid until the next call of anything else.
  const char* open_text() const { return text_.get() + complete(); }
  std::size_t open_size() const { return size_ - complete(); }
  /// The same, in another order: `text` has open_size() characters.
  void replace_open_text(const char* text) { std::memcpy(text_.get() + complete(), text, open_size()); }

  /// Writes the complete rows to the file.
  void flush();
  /// SNP-01. Saving: flushes, and keeps what was appended since. Loading: this file goes on where the other one ended;
  /// what it holds so far is taken away. Throws OutputError.
  void transfer(StateArchive& archive);
  /// Flushes and closes; throws OutputError if this or any earlier write failed. Does nothing the second time.
  void close();

  bool failed() const { return !error_.empty(); }
  /// Throws OutputError if a write has failed.
  void check() const;
  const std::string& path() const { return path_; }

 private:
  void grow(std::size_t bytes);
  std::size_t complete() const { return row_ends_.empty() ? 0 : row_ends_.back(); }
  std::int64_t whole_rows(std::size_t written) const;
  void write_blocks();
  void write(std::size_t bytes);
  void drop(std::size_t bytes);
  void empty();
  void reserve_ahead(std::size_t bytes);
  void give_back();
  void fail(int error_number, std::size_t written);
  void release();

  std::string path_;
  std::function<void()> on_error_;
  std::unique_ptr<char[]> text_;  ///< memory that is not used is never touched
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::vector<std::size_t> row_ends_;  ///< where the rows in the buffer end
  std::size_t threshold_;              ///< from here on it is written
  std::int64_t begin_ = 0;             ///< where the buffer begins in the file
  std::int64_t last_row_end_ = 0;      ///< in the file: of the last row that was complete before the buffer
  std::int64_t reserved_ = 0;          ///< bytes of the file that have room on the disk
  bool has_reserved_ = false;
  int fd_ = -1;
  std::string error_;
};

}  // namespace nandtlm
