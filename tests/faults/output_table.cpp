#include "tests/faults/output_table.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "config/scalars.h"

namespace nandtlm::faults {
namespace {

OutputTable::Row split(const std::string& line, std::size_t most) {
  OutputTable::Row row;
  std::size_t begin = 0;
  while (row.size() + 1 < most) {
    const std::size_t comma = line.find(',', begin);
    if (comma == std::string::npos) break;
    row.push_back(line.substr(begin, comma - begin));
    begin = comma + 1;
  }
  row.push_back(line.substr(begin));
  return row;
}

std::string joined(const OutputTable::Row& row) {
  std::string line;
  for (const std::string& field : row) line += (&field == &row.front() ? "" : ",") + field;
  return line + "\n";
}

}  // namespace

OutputTable::OutputTable(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  columns_ = split(line, SIZE_MAX);
  while (std::getline(lines, line)) rows.push_back(split(line, columns_.size()));
}

std::string OutputTable::text() const {
  std::string text = joined(columns_);
  for (const Row& row : rows) text += joined(row);
  return text;
}

Time OutputTable::time(const Row& row, const std::string& column) const {
  return parse_duration(field(row, column)).value.value();
}

void OutputTable::shift(Row& row, const std::string& column, Time ps) const {
  field(row, column) = us_text(time(row, column) + ps);
}

std::size_t OutputTable::find(const std::string& column, const std::string& value, std::size_t nth) const {
  return find(
      [&](const OutputTable& table, const Row& row) { return table.field(row, column) == value && nth-- == 0; });
}

std::size_t OutputTable::find(const Filter& filter) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return filter(*this, row); });
  if (found == rows.end()) throw std::runtime_error("the run has no row for this fault");
  return static_cast<std::size_t>(found - rows.begin());
}

std::size_t OutputTable::index_of(const std::string& column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) throw std::runtime_error("no column " + column);
  return static_cast<std::size_t>(found - columns_.begin());
}

}  // namespace nandtlm::faults
