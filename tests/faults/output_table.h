// A CSV file of a run as rows that a test can spoil.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tlm/types.h"

namespace nandtlm::faults {

/// Columns by name. Only the last may hold commas or quotes (the payload of operation_sequence.csv).
class OutputTable {
 public:
  using Row = std::vector<std::string>;
  using Filter = std::function<bool(const OutputTable&, const Row&)>;

  explicit OutputTable(const std::string& text);
  std::string text() const;

  std::string& field(Row& row, const std::string& column) const { return row.at(index_of(column)); }
  const std::string& field(const Row& row, const std::string& column) const { return row.at(index_of(column)); }
  Time time(const Row& row, const std::string& column) const;
  /// Adds `ps` to a time.
  void shift(Row& row, const std::string& column, Time ps) const;

  /// Number of the row that is the `nth` (from 0) to have this value; throws where there is none.
  std::size_t find(const std::string& column, const std::string& value, std::size_t nth = 0) const;
  std::size_t find(const Filter& filter) const;
  void drop(std::size_t row) { rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row)); }
  void repeat(std::size_t row) { rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(row), Row(rows[row])); }

  std::vector<Row> rows;

 private:
  std::size_t index_of(const std::string& column) const;

  Row columns_;
};

}  // namespace nandtlm::faults
