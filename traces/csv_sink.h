// What all CSV files have in common: a file with a header, rows of fields, an end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "traces/buffered_file.h"
#include "traces/csv_names.h"
#include "traces/ready_text.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// What the CSV files of one run share. The names outlive the sinks.
struct CsvContext {
  const CsvNames& names;
  std::filesystem::path dir;
  OutputOptions output;
};

/// One row being written, in place. Every field is followed by a comma; the last comma becomes the line end (LF).
class CsvRow {
 public:
  explicit CsvRow(BufferedFile& file)
      : file_(file), begin_(file.room(kNumbers)), out_(begin_), limit_(out_ + kNumbers) {}

  /// Empty where there is no such moment (kNever).
  CsvRow& us(Time time) {
    if (time != kNever) out_ = format_us(out_, time);
    *out_++ = ',';
    return *this;
  }
  template <typename Integer>
  CsvRow& integer(Integer value) {
    out_ = format_integer(out_, value);
    *out_++ = ',';
    return *this;
  }
  /// A number without its comma.
  CsvRow& digits(std::int64_t value) {
    out_ = format_integer(out_, value);
    return *this;
  }
  /// plane, block and page.
  CsvRow& address(const Target& target) { return integer(target.plane).integer(target.block).integer(target.page); }
  /// `field` is quoted already, see csv_field().
  CsvRow& text(std::string_view field) {
    make_room(field.size());
    std::memcpy(out_, field.data(), field.size());
    out_ += field.size();
    *out_++ = ',';
    return *this;
  }
  /// One field or several, or a part of one, with the commas that it needs.
  CsvRow& ready(const ReadyText& part) {
    make_room(part.room());
    out_ = part.copy(out_);
    return *this;
  }
  void end() {
    end_line();
    end_lines();
  }

  // Rows that differ in a few characters only are written as one.

  /// The last comma becomes the line end.
  void end_line() { out_[-1] = '\n'; }
  /// Characters so far.
  std::size_t length() const { return before_ + static_cast<std::size_t>(out_ - begin_); }
  /// Writes the last `length` characters once more.
  void repeat(std::size_t length) {
    make_room(length);
    std::memcpy(out_, out_ - length, length);
    out_ += length;
  }
  /// The character that stands `distance` before the end.
  void replace(std::size_t distance, char c) { *(out_ - distance) = c; }
  void end_lines() {
    file_.advance_to(out_);
    file_.end_row();
  }

 private:
  /// Behind every text there is room for so much: more numbers than any row has between two texts.
  static constexpr std::size_t kNumbers = 12 * (kMaxNumberText + 1);

  void make_room(std::size_t bytes) {
    if (static_cast<std::size_t>(limit_ - out_) >= bytes + kNumbers) return;
    before_ = length();
    file_.advance_to(out_);
    begin_ = out_ = file_.room(2 * bytes + 2 * kNumbers);
    limit_ = out_ + 2 * bytes + 2 * kNumbers;
  }

  BufferedFile& file_;
  char* begin_;
  char* out_;
  char* limit_;
  std::size_t before_ = 0;  ///< characters of the row before begin_
};

/// Base of the sinks that write one file each. The header goes to the disk at once.
class CsvSink : public TraceSink {
 public:
  /// Throws OutputError where the file cannot be written.
  CsvSink(const CsvContext& context, const char* file_name, std::string_view header);

  /// Writes what is held back and closes; later calls are not allowed. Throws OutputError if any write failed.
  void finish(Time at) final;

  BufferedFile& file() { return file_; }

 protected:
  const CsvNames& names() const { return names_; }
  CsvRow row() { return CsvRow(file_); }
  /// Rows that are still to be written at the end of the run.
  virtual void write_rest(Time /*at*/) {}

 private:
  const CsvNames& names_;
  BufferedFile file_;
  bool finished_ = false;
};

/// Calls `write(target)` for every target, or once with an address of -1 where there is none.
template <typename Write>
void for_each_target(const TargetList& targets, Write&& write) {
  if (targets.empty()) write(Target{});
  for (const Target& target : targets) write(target);
}

}  // namespace nandtlm
