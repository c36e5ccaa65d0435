#include "testbench/check/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "testbench/check/payload.h"

namespace nandtlm::check {
namespace {

namespace fs = std::filesystem;

constexpr Ps kInfinite = std::numeric_limits<Ps>::max();

/// A file of the run: `<stem>.csv`, or the only `<stem>*.csv`.
struct Found {
  std::string path;
  bool plain_name = true;  ///< no date or number behind the stem
};

std::vector<std::string> names_in(const std::string& dir) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(dir, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Reader {
 public:
  Reader(const std::string& dir, RunFiles& run) : dir_(dir), run_(run), names_(names_in(dir)) {}

  void read_all() {
    read_metrics();
    read_sequence();
    read_pieces();
    read_states();
    read_events();
    read_programs();
    read_resume_errors();
  }

 private:
  std::optional<Found> find(const std::string& stem, bool required = true);
  bool is_there(const std::string& name) const { return std::binary_search(names_.begin(), names_.end(), name); }
  CsvTable open(const Found& file, const std::vector<const char*>& columns) {
    return {file.path, columns, run_.errors, run_.rounding};
  }
  /// OUT-00: compares with the row before.
  void expect_order(const CsvTable& table, Ps time, OpUid uid);

  void read_metrics();
  void read_sequence();
  void read_pieces();
  void read_states();
  void read_events();
  void read_programs();
  void read_resume_errors();
  void keep_state(CsvTable& table, StateRow row, Ps duration, std::string_view state, bool plain_name);

  const std::string& dir_;
  RunFiles& run_;
  std::vector<std::string> names_;
  std::pair<Ps, OpUid> before_{0, 0};
};

std::optional<Found> Reader::find(const std::string& stem, bool required) {
  before_ = {0, 0};
  const std::string plain = stem + ".csv";
  if (is_there(plain)) return Found{(fs::path(dir_) / plain).string(), true};
  std::vector<std::string> matches;
  for (const std::string& name : names_) {
    if (name.compare(0, stem.size(), stem) == 0 && fs::path(name).extension() == ".csv") matches.push_back(name);
  }
  if (matches.size() == 1) return Found{(fs::path(dir_) / matches.front()).string(), false};
  if (matches.size() > 1) {
    run_.errors.push_back(fmt::format("{}: {} and {}: more than one run in the folder", dir_, matches[0], matches[1]));
  } else if (required) {
    run_.errors.push_back(fmt::format("{}: file missing", (fs::path(dir_) / plain).string()));
  }
  return std::nullopt;
}

void Reader::expect_order(const CsvTable& table, Ps time, OpUid uid) {
  const std::pair<Ps, OpUid> now{time, uid};
  if (now < before_) {
    run_.row_order.add("{}:{}: {} us, op {} after {} us, op {}", table.file(), table.line(), us_text(time), uid,
                       us_text(before_.first), before_.second);
  }
  before_ = now;
}

void Reader::read_metrics() {
  if (!is_there("metrics.json")) {
    run_.notes.emplace_back("no metrics.json: counters are not compared, and the bus is judged per die");
    return;
  }
  std::string error;
  run_.metrics = MetricsFile::read((fs::path(dir_) / "metrics.json").string(), error);
  if (!run_.metrics) run_.errors.push_back(error);
}

void Reader::read_sequence() {
  const auto file = find("operation_sequence");
  if (!file) return;
  CsvTable table = open(*file, {"seq", "time", "op_id", "op_name", "op_uid", "payload"});
  std::uint64_t last_seq = 0;
  while (table.next()) {
    SequenceRow row;
    const std::uint64_t seq = table.uid(0);
    row.time = table.time(1);
    table.coordinate(2);
    row.name = run_.names.id(table.text(3));
    row.uid = table.uid(4);
    row.line = table.line();
    row.payload.first = static_cast<std::uint32_t>(run_.payloads.size());
    if (!read_payload(table.text(5), run_.payloads)) table.reject(5, "is no JSON list of objects");
    row.payload.last = static_cast<std::uint32_t>(run_.payloads.size());
    if (!table.row_ok()) continue;
    if (seq <= last_seq && !run_.sequence.empty()) {
      run_.row_order.add("{}:{}: seq {} after {}", table.file(), table.line(), seq, last_seq);
    }
    last_seq = seq;
    expect_order(table, row.time, row.uid);
    run_.sequence.push_back(row);
  }
}

Place place_at(CsvTable& table, std::size_t die_column) {
  Place place;
  place.die = table.coordinate(die_column);
  place.plane = table.coordinate(die_column + 1);
  place.block = table.coordinate(die_column + 2);
  place.page = table.coordinate(die_column + 3);
  return place;
}

void Reader::read_pieces() {
  const auto file = find("operation_timeline");
  if (!file) return;
  CsvTable table = open(*file, {"start", "end", "die", "plane", "block", "page", "op_name", "op_base", "op_uid"});
  while (table.next()) {
    PieceRow row;
    row.start = table.time(0);
    row.end = table.time(1);
    row.place = place_at(table, 2);
    row.name = run_.names.id(table.text(6));
    row.base = run_.names.id(table.text(7));
    row.uid = table.uid(8);
    row.line = table.line();
    if (table.row_ok() && row.end < row.start) table.reject(1, "is before the start");
    if (!table.row_ok()) continue;
    // Established files are sorted by op: there the uid leads.
    if (file->plain_name) expect_order(table, row.start, row.uid);
    run_.pieces.push_back(row);
  }
}

void Reader::keep_state(CsvTable& table, StateRow row, Ps duration, std::string_view state, bool plain_name) {
  const bool endless = row.end == kInfinite || state == "END";
  if (endless) {
    // OUT-01: virtual states occupy nothing; established files carry them to infinity.
    if (plain_name) run_.state_rows.add("{}:{}: virtual or endless state", table.file(), table.line());
    return;
  }
  if (duration != row.end - row.start) {
    run_.state_rows.add("{}:{}: [{}, {}) us has duration {} us", table.file(), table.line(), us_text(row.start),
                        us_text(row.end), us_text(duration));
  }
  run_.states.push_back(row);
}

void Reader::read_states() {
  const auto file = find("op_state_timeline");
  if (!file) return;
  CsvTable table = open(*file, {"start", "end", "die", "plane", "op_state", "op_name", "duration"});
  while (table.next()) {
    StateRow row;
    row.start = table.time(0);
    row.end = table.time(1, true);
    row.die = table.coordinate(2);
    row.plane = table.coordinate(3);
    const std::string_view op_state = table.text(4);
    const std::size_t dot = op_state.rfind('.');
    if (dot == std::string_view::npos) table.reject(4, "is not BASE.STATE");
    row.name = run_.names.id(table.text(5));
    const Ps duration = table.time(6, true);
    row.line = table.line();
    if (table.row_ok() && row.end < row.start) table.reject(1, "is before the start");
    if (!table.row_ok()) continue;
    expect_order(table, row.start, 0);
    row.base = run_.names.id(op_state.substr(0, dot));
    row.issue = op_state.substr(dot + 1) == "ISSUE";
    keep_state(table, row, duration, op_state.substr(dot + 1), file->plain_name);
  }
}

std::optional<EventKind> event_kind(std::string_view word) {
  for (const EventKind kind :
       {EventKind::Start, EventKind::Resume, EventKind::Suspend, EventKind::End, EventKind::Abort}) {
    if (word == text(kind)) return kind;
  }
  return std::nullopt;
}

void Reader::read_events() {
  const auto file = find("op_event_resume");
  if (!file) return;
  CsvTable table = open(
      *file, {"op_name", "op_uid", "die", "plane", "block", "page", "is_resumed", "event", "triggered_us", "op_id"});
  while (table.next()) {
    EventRow row;
    row.name = run_.names.id(table.text(0));
    row.uid = table.uid(1);
    row.place = place_at(table, 2);
    row.is_resumed = table.flag(6);
    const auto kind = event_kind(table.text(7));
    if (!kind) table.reject(7, "is no event");
    row.at = table.time(8);
    table.coordinate(9);
    row.line = table.line();
    if (!table.row_ok()) continue;
    row.kind = *kind;
    expect_order(table, row.at, row.uid);
    run_.events.push_back(row);
  }
}

void Reader::read_programs() {
  const auto file = find("apply_pgm_log");
  if (!file) return;
  CsvTable table =
      open(*file, {"triggered_us", "op_uid", "op_name", "base", "die", "plane", "block", "page", "resume", "call_seq"});
  while (table.next()) {
    ProgramRow row;
    row.at = table.time(0);
    row.uid = table.uid(1);
    row.name = run_.names.id(table.text(2));
    row.base = run_.names.id(table.text(3));
    row.place = place_at(table, 4);
    row.resumed = table.flag(8);
    table.coordinate(9);
    row.line = table.line();
    if (!table.row_ok()) continue;
    expect_order(table, row.at, row.uid);
    run_.programs.push_back(row);
  }
}

void Reader::read_resume_errors() {
  const bool required = is_there("metrics.json");  // established runs have neither
  const auto file = find("resume_errors", required);
  if (!file) {
    if (!required) run_.notes.emplace_back("no resume_errors.csv");
    return;
  }
  CsvTable table = open(*file, {"time", "family", "die", "op_uid", "reason", "wanted_start", "remaining"});
  while (table.next()) {
    ErrorRow row;
    row.time = table.time(0);
    row.kin = kin_named_in(table.text(1));
    if (row.kin == Kin::None) table.reject(1, "is no family");
    row.die = table.coordinate(2);
    row.uid = table.uid(3);
    row.wanted_start = table.time(5);
    row.remaining = table.time(6);
    row.line = table.line();
    if (!table.row_ok()) continue;
    expect_order(table, row.time, row.uid);
    run_.resume_errors.push_back(row);
  }
}

}  // namespace

RunFiles read_run(const std::string& dir) {
  RunFiles run;
  std::error_code error;
  if (!fs::is_directory(dir, error)) {
    run.errors.push_back(fmt::format("{}: no such folder", dir));
    return run;
  }
  Reader(dir, run).read_all();
  return run;
}

}  // namespace nandtlm::check
