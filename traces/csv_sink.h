// What all CSV files have in common: a file with a header, rows of fields, an end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "traces/buffered_file.h"
#include "traces/csv_names.h"
#include "traces/number_texts.h"
#include "traces/ready_text.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// What the CSV files of one run share. The names and texts outlive the sinks.
struct CsvContext {
  const CsvNames& names;
  SharedTexts& texts;
  std::filesystem::path dir;
  OutputOptions output;
};

/// One row being written, in place. Every field is followed by a comma; the last comma becomes the line end (LF).
class CsvRow {
 public:
  /// A row for which `room` characters are enough, blocks of ready texts counted whole.
  CsvRow(BufferedFile& file, SharedTexts& texts, std::size_t room)
      : file_(file), texts_(texts), out_(file.room(room)) {}

  /// Empty where there is no such moment (kNever).
  CsvRow& us(Time time) {
    if (time == kNever) {
      *out_++ = ',';
    } else {
      out_ = texts_.times.put(out_, time);
    }
    return *this;
  }
  CsvRow& uid(Uid uid) {
    out_ = texts_.uids.put(out_, uid);
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
    std::memcpy(out_, field.data(), field.size());
    out_ += field.size();
    *out_++ = ',';
    return *this;
  }
  /// One field or several, or a part of one, with the commas that it needs.
  CsvRow& ready(const ReadyText& part) {
    out_ = part.copy(out_);
    return *this;
  }
  void end() {
    end_text();
    file_.end_row();
  }
  /// Of a row that is one of several of an instant, see InstantText.
  void end_text() {
    out_[-1] = '\n';
    file_.advance_to(out_);
  }
  /// The first `size` characters at `text`, not more than kBlock, of which kBlock are copied.
  static constexpr std::size_t kBlock = 64;
  CsvRow& block(const char* text, std::size_t size) {
    std::memcpy(out_, text, kBlock);
    out_ += size;
    return *this;
  }

 private:
  BufferedFile& file_;
  SharedTexts& texts_;
  char* out_;
};

/// Base of the sinks that write one file each. The header goes to the disk at once.
class CsvSink : public TraceSink {
 public:
  /// Throws OutputError where the file cannot be written.
  CsvSink(const CsvContext& context, const char* file_name, std::string_view header);

  /// Writes what is held back and closes; later calls are not allowed. Throws OutputError if any write failed.
  void finish(Time at) final;

  /// SNP-01: what is held back; see BufferedFile::transfer(). A file that goes on has no header.
  void transfer(StateArchive& archive);
  /// Closes without what is held back: a snapshot has it. Throws OutputError.
  void leave();

  BufferedFile& file() { return file_; }

 protected:
  const CsvNames& names() const { return names_; }
  SharedTexts& texts() { return texts_; }
  /// A row of any file that has nothing but numbers and up to six texts of the names.
  CsvRow row() { return row(names_.row_room()); }
  CsvRow row(std::size_t room) { return CsvRow(file_, texts_, room); }
  /// Rows that are still to be written at the end of the run.
  virtual void write_rest(Time /*at*/) {}
  virtual void transfer_rows(StateArchive& /*archive*/) {}

 private:
  const CsvNames& names_;
  SharedTexts& texts_;
  BufferedFile file_;
  bool finished_ = false;
};

/// Calls `write(target)` for every target, or once with an address of -1 where there is none.
template <typename Targets, typename Write>
void for_each_target(const Targets& targets, Write&& write) {
  if (targets.empty()) write(Target{});
  for (const Target& target : targets) write(target);
}

}  // namespace nandtlm
