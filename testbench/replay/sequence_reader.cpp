#include "testbench/replay/sequence_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include "config/scalars.h"
#include "testbench/check/csv_reader.h"
#include "testbench/check/decimal.h"
#include "testbench/replay/payload.h"

namespace nandtlm {
namespace {

using check::CsvReader;

enum Column : std::size_t { kSeq, kTime, kOpId, kOpName, kOpUid, kPayload, kColumns };
constexpr std::array<std::string_view, kColumns> kNames = {"seq", "time", "op_id", "op_name", "op_uid", "payload"};

constexpr std::size_t kMostErrors = 100;
/// No run is longer; leaves room for the durations that are added to it.
constexpr Time kLatestTime = kNever / 4;

class SequenceReader {
 public:
  SequenceReader(const std::string& path, const Device& device) : device_(device), reader_(path) {
    result_.sequence.file = path;
  }

  ReadSequence read() {
    if (open() && read_header()) read_rows();
    number_rows();
    reject_repeated_uids();
    count_other_errors();
    return std::move(result_);
  }

 private:
  bool open() {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(result_.sequence.file, error);
    if (!std::filesystem::exists(status)) return fail(1, kNoColumn, "does not exist");
    if (std::filesystem::is_directory(status)) return fail(1, kNoColumn, "is a folder, expected a file");
    return reader_.is_open() || fail(1, kNoColumn, "cannot be read");
  }

  bool read_header() {
    position_.fill(kAbsent);
    if (!next_row()) return result_.errors.empty() ? fail(1, kNoColumn, "is empty, expected a header") : false;
    const std::vector<std::string_view>& fields = reader_.fields();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto found = std::find(kNames.begin(), kNames.end(), fields[i]);
      if (found == kNames.end()) {
        fail(1, kNoColumn, fmt::format("unknown column '{}', expected {}", fields[i], fmt::join(kNames, ",")));
        continue;
      }
      std::size_t& position = position_[static_cast<std::size_t>(found - kNames.begin())];
      if (position != kAbsent) fail(1, kNoColumn, fmt::format("the column '{}' stands twice", fields[i]));
      position = i;
    }
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (position_[i] != kAbsent || i == kOpUid) continue;
      fail(1, kNoColumn, fmt::format("no column '{}', expected {}", kNames[i], fmt::join(kNames, ",")));
    }
    width_ = fields.size();
    return result_.errors.empty();
  }

  void read_rows() {
    while (next_row()) {
      if (reader_.fields().size() != width_) {
        fail(reader_.line(), kNoColumn,
             fmt::format("{} fields, expected {} as in the header", reader_.fields().size(), width_));
        continue;
      }
      read_row();
    }
  }

  bool next_row() {
    const CsvReader::Row row = reader_.next();
    if (row == CsvReader::Row::Bad) fail(reader_.line(), kNoColumn, reader_.error());
    return row == CsvReader::Row::Ok;
  }

  void read_row() {
    SequenceRow row;
    row.line = reader_.line();
    // Each reports for itself: all of them, not the first that fails.
    bool ok = check_number(kSeq);
    ok = read_time(row) && ok;
    ok = check_number(kOpId) && ok;
    ok = read_op(row) && ok;
    ok = read_uid(row) && ok;
    SequencePayload payload;
    ok = read_payload(payload) && ok;
    if (ok) add(row, payload);
  }

  void add(SequenceRow& row, const SequencePayload& payload) {
    std::vector<Target>& targets = result_.sequence.targets;
    row.die = payload.die;
    row.expected_status = payload.expected_status;
    row.first_target = static_cast<std::uint32_t>(targets.size());
    row.target_count = static_cast<std::uint8_t>(payload.targets.size());
    targets.insert(targets.end(), payload.targets.begin(), payload.targets.end());
    result_.sequence.rows.push_back(row);
  }

  std::string_view text(Column column) const { return reader_.fields()[position_[column]]; }

  bool check_number(Column column) {
    std::int64_t number = 0;
    if (check::parse_integer(text(column), number) && number >= 0) return true;
    return fail_field(column, "a whole number");
  }

  bool read_time(SequenceRow& row) {
    const check::Parsed parsed = check::parse_us(text(kTime), row.time);
    if (parsed == check::Parsed::NotANumber || row.time < 0) return fail_field(kTime, "a time in us, 0 or later");
    if (parsed == check::Parsed::OutOfRange || row.time > kLatestTime) {
      return fail_field(kTime, fmt::format("at most {} us", us_text(kLatestTime)));
    }
    if (row.time < last_time_) {
      return fail_field(kTime, fmt::format("{} us, the time of line {}, or later", us_text(last_time_), last_line_));
    }
    last_time_ = row.time;
    last_line_ = row.line;
    return true;
  }

  bool read_op(SequenceRow& row) {
    const std::string_view op_name = text(kOpName);
    // Sequences repeat their ops: most rows need no look into the table.
    if (!last_op_ || op_name != device_.op(*last_op_).name) last_op_ = device_.find_op(std::string(op_name));
    if (!last_op_) return fail_field(kOpName, fmt::format("an op of the device '{}'", device_.name));
    row.op = *last_op_;
    return true;
  }

  bool read_uid(SequenceRow& row) {
    if (position_[kOpUid] == kAbsent || text(kOpUid).empty()) return true;
    std::int64_t uid = 0;
    if (!check::parse_integer(text(kOpUid), uid) || uid <= 0) return fail_field(kOpUid, "a whole number from 1 on");
    row.uid = static_cast<Uid>(uid);
    return true;
  }

  bool read_payload(SequencePayload& payload) {
    const std::optional<std::string> problem = parse_sequence_payload(text(kPayload), device_, payload);
    return !problem || fail_at(kPayload, *problem);
  }

  /// Rows without a uid get one, above all that are given.
  void number_rows() {
    Uid last = 0;
    for (const SequenceRow& row : result_.sequence.rows) last = std::max(last, row.uid);
    for (SequenceRow& row : result_.sequence.rows) {
      if (row.uid == 0) row.uid = ++last;
    }
  }

  void reject_repeated_uids() {
    const std::vector<SequenceRow>& rows = result_.sequence.rows;
    const auto rising = [](const SequenceRow& a, const SequenceRow& b) { return a.uid >= b.uid; };
    if (std::adjacent_find(rows.begin(), rows.end(), rising) == rows.end()) return;
    std::vector<std::uint32_t> by_uid(rows.size());
    for (std::uint32_t i = 0; i < by_uid.size(); ++i) by_uid[i] = i;
    std::sort(by_uid.begin(), by_uid.end(), [&rows](std::uint32_t a, std::uint32_t b) {
      return rows[a].uid != rows[b].uid ? rows[a].uid < rows[b].uid : a < b;
    });
    for (std::size_t i = 1; i < by_uid.size(); ++i) {
      const SequenceRow& first = rows[by_uid[i - 1]];
      const SequenceRow& again = rows[by_uid[i]];
      if (first.uid != again.uid) continue;
      fail(again.line, kOpUid, fmt::format("{} stands on line {} too, expected each once", again.uid, first.line));
    }
  }

  bool fail_field(Column column, const std::string& expected) {
    return fail_at(column, fmt::format("'{}' is not expected, expected {}", text(column), expected));
  }

  /// Of the row that was read last.
  bool fail_at(Column column, const std::string& what) {
    std::size_t offset = 0;  // fields before the payload are seldom quoted
    for (std::size_t i = 0; i < position_[column]; ++i) offset += reader_.fields()[i].size() + 1;
    return fail(reader_.line(), column, what, static_cast<int>(offset + 1));
  }

  bool fail(std::uint32_t line, std::size_t column, const std::string& what, int character = 1) {
    if (++error_count_ > kMostErrors) return false;
    const std::string key(column < kColumns ? kNames[column] : "(file)");
    result_.errors.push_back({result_.sequence.file, static_cast<int>(line), character, key, what});
    return false;
  }

  void count_other_errors() {
    if (error_count_ <= kMostErrors) return;
    const std::string what = fmt::format("{} more errors, not shown", error_count_ - kMostErrors);
    result_.errors.push_back({result_.sequence.file, result_.errors.back().line, 1, "(file)", what});
  }

  static constexpr std::size_t kAbsent = SIZE_MAX;
  static constexpr std::size_t kNoColumn = kColumns;

  const Device& device_;
  CsvReader reader_;
  ReadSequence result_;
  std::array<std::size_t, kColumns> position_{};
  std::size_t width_ = 0;
  std::size_t error_count_ = 0;
  Time last_time_ = 0;
  std::uint32_t last_line_ = 1;
  std::optional<OpId> last_op_;
};

}  // namespace

ReadSequence read_sequence(const std::string& path, const Device& device) {
  return SequenceReader(path, device).read();
}

}  // namespace nandtlm
