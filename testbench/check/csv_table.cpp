#include "testbench/check/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>

namespace nandtlm::check {
namespace {

/// After so many errors a file is not read on: it is another kind of file.
constexpr std::size_t kMostErrors = 10;
constexpr std::size_t kLongestQuote = 40;

/// A field as it may stand in a message: short, and no control characters.
std::string quoted(std::string_view field) {
  std::string out = "'";
  for (const char c : field.substr(0, kLongestQuote)) out += std::isprint(static_cast<unsigned char>(c)) != 0 ? c : '?';
  return out + (field.size() > kLongestQuote ? "...'" : "'");
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

CsvTable::CsvTable(const std::string& path, const std::vector<const char*>& columns, std::vector<std::string>& errors,
                   Rounding& rounding)
    : file_(std::filesystem::path(path).filename().string()),
      columns_(columns),
      errors_(errors),
      rounding_(rounding),
      reader_(path) {
  read_header();
}

void CsvTable::error(const std::string& what) {
  row_ok_ = false;
  if (++error_count_ <= kMostErrors) errors_.push_back(fmt::format("{}:{}: {}", file_, reader_.line(), what));
  if (error_count_ == kMostErrors) {
    errors_.push_back(fmt::format("{}: too many errors, the rest of the file is not read", file_));
    usable_ = false;
  }
}

void CsvTable::reject(std::size_t column, const char* why) {
  error(fmt::format("{}: {} {}", columns_[column], quoted(text(column)), why));
}

void CsvTable::read_header() {
  if (!reader_.is_open()) {
    errors_.push_back(fmt::format("{}: cannot be opened", file_));
    return;
  }
  const CsvReader::Row row = reader_.next();
  if (row == CsvReader::Row::End) errors_.push_back(fmt::format("{}: empty file, expected a header", file_));
  if (row == CsvReader::Row::Bad) error(reader_.error());
  if (row != CsvReader::Row::Ok) return;
  const auto& header = reader_.fields();
  width_ = header.size();
  std::string missing;
  for (const char* column : columns_) {
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end()) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", column);
    position_.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  if (!missing.empty()) return error("column missing in the header: " + missing);
  usable_ = true;
}

bool CsvTable::next() {
  while (usable_) {
    const CsvReader::Row row = reader_.next();
    row_ok_ = row == CsvReader::Row::Ok;
    if (row == CsvReader::Row::Bad) error(reader_.error());
    if (row != CsvReader::Row::Ok) return false;
    if (reader_.fields().size() == width_) return true;
    error(fmt::format("{} fields, the header has {}", reader_.fields().size(), width_));
  }
  return false;
}

std::string_view CsvTable::text(std::size_t column) const {
  return reader_.fields()[position_[column]];
}

Ps CsvTable::time(std::size_t column, bool allow_infinite) {
  const std::string_view field = text(column);
  if (allow_infinite && lower(field.substr(0, 3)) == "inf") return std::numeric_limits<Ps>::max();
  Ps value = 0;
  switch (parse_us(field, value)) {
    case Parsed::Exact:
      break;
    case Parsed::Rounded:
      if (rounding_.count++ == 0) rounding_.first = fmt::format("{}:{}: {}", file_, line(), quoted(field));
      break;
    case Parsed::NotANumber:
      reject(column, "is not a number of us");
      return 0;
    case Parsed::OutOfRange:
      reject(column, "is too large");
      return 0;
  }
  if (value < 0) reject(column, "is negative");
  return value;
}

std::uint64_t CsvTable::uid(std::size_t column) {
  std::uint64_t value = 0;
  if (!parse_unsigned(text(column), value)) reject(column, "is not a whole number");
  return value;
}

std::int32_t CsvTable::coordinate(std::size_t column) {
  const std::string_view field = text(column);
  if (field.empty()) return -1;
  std::int64_t value = 0;
  if (parse_integer(field, value) && value >= -1 && value <= std::numeric_limits<std::int32_t>::max()) {
    return static_cast<std::int32_t>(value);
  }
  reject(column, "is not a whole number from -1");
  return -1;
}

bool CsvTable::flag(std::size_t column) {
  const std::string word = lower(text(column));
  if (word == "true" || word == "1" || word == "yes") return true;
  if (!word.empty() && word != "false" && word != "0" && word != "no") reject(column, "is neither true nor false");
  return false;
}

}  // namespace nandtlm::check
