// Reads an RFC 4180 file row by row in constant memory.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace nandtlm::check {

class CsvReader {
 public:
  enum class Row : std::uint8_t { Ok, End, Bad };

  explicit CsvReader(const std::string& path);

  bool is_open() const { return file_.is_open(); }
  /// Reads the next row. After Bad, error() says why and nothing more can be read.
  Row next();

  /// Fields of the row, valid until the next call of next().
  const std::vector<std::string_view>& fields() const { return fields_; }
  /// Line on which the row begins, from 1.
  std::uint32_t line() const { return line_; }
  const std::string& error() const { return error_; }

 private:
  /// Where the row that begins at begin_ ends (its '\n'); Ok, End or Bad.
  Row find_end(std::size_t& end);
  bool refill();
  Row fail(const char* why);
  /// Cuts `row` into fields_; false where quotes are misplaced.
  bool split(std::string_view row);
  bool take_quoted(std::string_view& rest);

  std::ifstream file_;
  std::string buffer_;
  std::size_t begin_ = 0;   // first byte of the next row
  std::size_t filled_ = 0;  // bytes in buffer_
  bool at_end_ = false;
  std::vector<std::string_view> fields_;
  std::string unescaped_;  // fields with doubled quotes live here
  std::uint32_t line_ = 0;
  std::uint32_t next_line_ = 1;
  std::string error_;
};

}  // namespace nandtlm::check
