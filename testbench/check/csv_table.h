// One CSV file with named columns: typed fields, and one clear line for whatever is wrong with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "testbench/check/csv_reader.h"
#include "testbench/check/decimal.h"

namespace nandtlm::check {

/// Times that were finer than 1 ps, over all files of a run.
struct Rounding {
  std::size_t count = 0;
  std::string first;  ///< `file:line: text`
};

/// Usage: while (table.next()) { row.x = table.time(0); ...; if (table.row_ok()) keep(row); }
class CsvTable {
 public:
  /// `columns` are looked for by name in the header, in any order; others may stand between them. Fields are addressed
  /// by their index in `columns`. Errors are appended to `errors`.
  CsvTable(const std::string& path, const std::vector<const char*>& columns, std::vector<std::string>& errors,
           Rounding& rounding);

  /// False at the end of the file and where it cannot be read on.
  bool next();
  /// False where a field of this row was not what it should be.
  bool row_ok() const { return row_ok_; }
  std::uint32_t line() const { return reader_.line(); }
  const std::string& file() const { return file_; }

  std::string_view text(std::size_t column) const;
  /// µs, not negative. With `allow_infinite`, "inf" is the largest time.
  Ps time(std::size_t column, bool allow_infinite = false);
  std::uint64_t uid(std::size_t column);
  /// Die, plane, block or page; an empty field is -1.
  std::int32_t coordinate(std::size_t column);
  /// true/false, 1/0, yes/no in any case; an empty field is false.
  bool flag(std::size_t column);
  /// Reports that the field is wrong, e.g. `file:7: event: 'OP_STOP' is no event`.
  void reject(std::size_t column, const char* why);

 private:
  void error(const std::string& what);
  void read_header();

  std::string file_;  // name without folder, for messages
  std::vector<const char*> columns_;
  std::vector<std::size_t> position_;
  std::vector<std::string>& errors_;
  Rounding& rounding_;
  CsvReader reader_;
  std::size_t width_ = 0;
  std::size_t error_count_ = 0;
  bool usable_ = false;
  bool row_ok_ = false;
};

}  // namespace nandtlm::check
