// What all CSV files have in common: a file with a header, rows of fields, an end.
#pragma once

#include <filesystem>
#include <string_view>

#include "traces/buffered_file.h"
#include "traces/csv_names.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// What the CSV files of one run share. The names outlive the sinks.
struct CsvContext {
  const CsvNames& names;
  std::filesystem::path dir;
  OutputOptions output;
};

/// One row being written. Every field is followed by a comma; the last comma becomes the line end (LF).
class CsvRow {
 public:
  explicit CsvRow(BufferedFile& file) : file_(file) {}

  /// Empty where there is no such moment (kNever).
  CsvRow& us(Time time) {
    if (time != kNever) file_.append_us(time);
    file_.append(',');
    return *this;
  }
  template <typename Integer>
  CsvRow& integer(Integer value) {
    file_.append_integer(value);
    file_.append(',');
    return *this;
  }
  /// `field` is quoted already, see csv_field().
  CsvRow& text(std::string_view field) {
    file_.append(field);
    file_.append(',');
    return *this;
  }
  /// plane, block and page.
  CsvRow& address(const Target& target) { return integer(target.plane).integer(target.block).integer(target.page); }
  void end() {
    file_.replace_last('\n');
    file_.end_row();
  }

 private:
  BufferedFile& file_;
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
