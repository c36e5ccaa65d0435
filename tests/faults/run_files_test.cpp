// The checker is checked on the files of a real run: one fault at a time, exit status 1, and the line that tells of it.
// tests/unit/check_faults_test.cpp has more kinds, on a story made for it, and asks that no other line fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "tests/faults/output_table.h"
#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::faults {
namespace {

using Table = OutputTable;
using Spoil = std::function<void(Table&)>;

const char* const kSequence = "operation_sequence.csv";
const char* const kPieces = "operation_timeline.csv";
const char* const kStates = "op_state_timeline.csv";
const char* const kEvents = "op_event_resume.csv";
const char* const kPrograms = "apply_pgm_log.csv";
const char* const kErrors = "resume_errors.csv";
const char* const kNoUid = "9999";

struct Fault {
  const char* name;
  const char* file;
  Spoil spoil;
  const char* line;  ///< that must fail
};

/// A row from the middle of the file.
void lose(Table& table) {
  table.drop(table.rows.size() / 2);
}
void repeat(Table& table) {
  table.repeat(table.rows.size() / 2);
}
Spoil set(const char* column, const char* from, const char* to) {
  return [=](Table& table) { table.field(table.rows[table.find(column, from)], column) = to; };
}
Spoil lose_where(const char* column, const char* value) {
  return [=](Table& table) { table.drop(table.find(column, value)); };
}
Spoil in_the_middle(const char* column, const char* value) {
  return [=](Table& table) { table.field(table.rows[table.rows.size() / 2], column) = value; };
}
Spoil shift_event(const char* event, Time ps) {
  return [=](Table& table) { table.shift(table.rows[table.find("event", event)], "triggered_us", ps); };
}

/// The first two rows of different times, in the wrong order.
Spoil swap_times(const char* column) {
  return [=](Table& table) {
    const std::string first = table.field(table.rows.front(), column);
    const std::size_t next =
        table.find([&](const Table& t, const Table::Row& row) { return t.field(row, column) != first; });
    std::swap(table.rows[next - 1], table.rows[next]);
  };
}

/// The last piece of an op that was cut.
Table::Row& resumed_piece(Table& table) {
  const std::string uid = table.field(table.rows[table.find("op_state", "ERASE.CORE_BUSY")], "op_uid");
  std::size_t last = 0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (table.field(table.rows[i], "op_uid") == uid) last = i;
  }
  return table.rows[last];
}

/// A state that stands on its plane at the very end of another one begins 1 ps earlier.
void overlap_states(Table& table) {
  const auto follows = [](const Table& t, const Table::Row& row) {
    if (t.field(row, "start") == "0") return false;
    const auto ends_then = [&](const Table& all, const Table::Row& other) {
      return all.field(other, "end") == all.field(row, "start") && all.field(other, "lane") == all.field(row, "lane");
    };
    return std::any_of(t.rows.begin(), t.rows.end(), [&](const Table::Row& other) { return ends_then(t, other); });
  };
  Table::Row& row = table.rows[table.find(follows)];
  table.shift(row, "start", -1);
  table.shift(row, "duration", 1);
}

/// The state that a SUSPEND cut goes on for 1 us, as a tail of its own.
void leave_tail(Table& table) {
  const std::size_t suspend = table.find("op_state", "ERASE_SUSPEND.ISSUE");
  const std::string cut_at = table.field(table.rows[suspend], "start");
  const std::string lane = table.field(table.rows[suspend], "lane");
  Table::Row tail = table.rows[table.find([&](const Table& t, const Table::Row& row) {
    return t.field(row, "end") == cut_at && t.field(row, "lane") == lane;
  })];
  table.field(tail, "start") = table.field(tail, "end");
  table.shift(tail, "end", kPsPerUs);
  table.field(tail, "duration") = "1";
  table.rows.insert(table.rows.begin() + static_cast<std::ptrdiff_t>(suspend), tail);
}

/// Of the two dies that were suspended alike: the one's op comes back as the other's.
void resume_another(Table& table) {
  const std::size_t resume = table.find("event", "OP_RESUME");
  const std::string uid = table.field(table.rows[resume], "op_uid");
  table.field(table.rows[resume], "op_uid") =
      table.field(table.rows[table.find([&](const Table& t, const Table::Row& row) {
        return t.field(row, "event") == "OP_SUSPEND" && t.field(row, "op_uid") != uid;
      })],
                  "op_uid");
}

/// A program that waited in the backlog starts when its family was suspended.
void start_while_suspended(Table& table) {
  const std::size_t cut = table.find([](const Table& t, const Table::Row& row) {
    return t.field(row, "event") == "OP_SUSPEND" && t.field(row, "op_name") == "Cache_Program_SLC";
  });
  const std::string die = table.field(table.rows[cut], "die");
  const Time at = table.time(table.rows[cut], "triggered_us");
  Table::Row& follower = table.rows[table.find([&](const Table& t, const Table::Row& row) {
    return t.field(row, "event") == "OP_START" && t.field(row, "die") == die && t.time(row, "triggered_us") > at &&
           t.field(row, "op_name") == "Cache_Program_SLC";
  })];
  table.field(follower, "triggered_us") = table.field(table.rows[cut], "triggered_us");
  table.shift(follower, "triggered_us", kPsPerUs);
}

const std::vector<Fault> kFaults = {
    {"sequence_row_lost", kSequence, lose, "sequence"},
    {"sequence_row_twice", kSequence, repeat, "sequence"},
    {"sequence_rows_swapped", kSequence, swap_times("time"), "row_order"},
    {"sequence_uid_wrong", kSequence, in_the_middle("op_uid", kNoUid), "sequence"},
    {"sequence_time_1_ps_off", kSequence, [](Table& t) { t.shift(t.rows.back(), "time", 1); }, "sequence"},
    {"sequence_name_wrong", kSequence, set("op_name", "Program_Resume", "Erase_Resume"), "names"},
    {"sequence_name_of_another_cell_type", kSequence, set("op_name", "Block_Erase_SLC", "Block_Erase_TLC"), "names"},

    {"piece_lost", kPieces, lose, "pieces"},
    {"piece_twice", kPieces, repeat, "targets"},
    {"pieces_swapped", kPieces, swap_times("start"), "row_order"},
    {"piece_1_ps_too_long", kPieces, [](Table& t) { t.shift(resumed_piece(t), "end", 1); }, "pieces"},
    {"piece_1_ps_too_short", kPieces, [](Table& t) { t.shift(resumed_piece(t), "end", -1); }, "nominal_time"},
    {"piece_of_another_uid", kPieces, in_the_middle("op_uid", kNoUid), "pieces"},
    {"piece_on_another_die", kPieces, [](Table& t) { t.field(resumed_piece(t), "die") = "3"; }, "targets"},
    {"suspend_of_the_other_family", kPieces, set("op_base", "ERASE_SUSPEND", "PROGRAM_SUSPEND"), "suspend_command"},
    {"resume_of_the_other_family", kPieces, set("op_base", "PROGRAM_RESUME", "ERASE_RESUME"), "resume_command"},

    {"state_lost", kStates, lose, "state_pieces"},
    {"states_swapped", kStates, swap_times("start"), "row_order"},
    {"state_duration_wrong", kStates, in_the_middle("duration", "0.0001"), "state_rows"},
    {"states_overlap", kStates, overlap_states, "plane_occupancy"},
    {"state_of_another_op", kStates, set("op_state", "ERASE.CORE_BUSY", "READ.CORE_BUSY"), "state_pieces"},
    {"tail_after_the_cut", kStates, leave_tail, "plane_occupancy"},

    {"start_lost", kEvents, lose_where("event", "OP_START"), "op_start_once"},
    {"end_lost", kEvents, lose_where("event", "OP_END"), "op_outcome"},
    {"end_twice", kEvents, [](Table& t) { t.repeat(t.find("event", "OP_END")); }, "op_end_once"},
    {"suspend_lost", kEvents, lose_where("event", "OP_SUSPEND"), "event_order"},
    {"resume_lost", kEvents, lose_where("event", "OP_RESUME"), "stack_balance"},
    {"abort_lost", kEvents, lose_where("event", "OP_ABORT"), "op_outcome"},
    {"abort_late", kEvents, shift_event("OP_ABORT", 1), "resets"},
    {"abort_becomes_an_end", kEvents, set("event", "OP_ABORT", "OP_END"), "nominal_time"},
    {"end_becomes_an_abort", kEvents, set("event", "OP_END", "OP_ABORT"), "metrics"},
    {"events_swapped", kEvents, swap_times("triggered_us"), "row_order"},
    {"event_of_another_uid", kEvents, in_the_middle("op_uid", kNoUid), "op_start_once"},
    {"suspend_1_ps_late", kEvents, shift_event("OP_SUSPEND", 1), "suspend_command"},
    {"resume_1_ps_early", kEvents, shift_event("OP_RESUME", -1), "resume_command"},
    {"resume_of_another_op", kEvents, resume_another, "event_order"},
    {"resumed_flag_wrong", kEvents,
     [](Table& t) { t.field(t.rows[t.find("event", "OP_END", 40)], "is_resumed") = "1"; }, "resumed_flag"},
    {"page_changes_at_the_resume", kEvents,
     [](Table& t) { t.field(t.rows[t.find("event", "OP_RESUME")], "block") = "5"; }, "targets"},
    {"start_while_suspended", kEvents, start_while_suspended, "start_while_suspended"},

    {"page_lost", kPrograms, lose, "page_programmed"},
    {"page_twice", kPrograms, repeat, "page_programmed"},
    {"page_of_another_op", kPrograms, in_the_middle("op_uid", "1"), "page_programmed"},
    {"page_1_ps_early", kPrograms, [](Table& t) { t.shift(t.rows.front(), "triggered_us", -1); }, "page_programmed"},

    {"error_lost", kErrors, lose, "metrics"},
    {"error_with_1_ps_more_remaining", kErrors, [](Table& t) { t.shift(t.rows.front(), "remaining", 1); },
     "resume_errors"},
    {"error_of_the_other_family", kErrors, set("family", "ERASE", "PROGRAM"), "resume_errors"},
    {"error_of_another_op", kErrors, [](Table& t) { t.field(t.rows.front(), "op_uid") = "1"; }, "resume_errors"},
};

test::ChildResult check(const test::TraceFolder& folder) {
  return test::run_nandtlm({"check", folder.file("out")});
}

/// Into the folder "out".
void run_demo(const test::TraceFolder& folder) {
  const std::string run = test::write_run_file(folder.path(), "config/devices/tlc_4plane.yaml",
                                               "config/workloads/demo.yaml", "outputs: {csv: on, vcd: off}\n");
  ASSERT_EQ(test::run_nandtlm({"run", run, "--out", folder.file("out")}).status, 0);
  const test::ChildResult pristine = check(folder);
  ASSERT_EQ(pristine.status, 0) << pristine.out;
}

// MET-02, MET-03
TEST(RunFilesFault, IsFoundAndNamed) {
  const test::TraceFolder folder;
  run_demo(folder);
  for (const Fault& fault : kFaults) {
    SCOPED_TRACE(fault.name);
    const std::string file = std::string("out/") + fault.file;
    const std::string good = folder.text(file);
    Table table(good);
    fault.spoil(table);
    EXPECT_NE(table.text(), good);
    test::write_text(folder.file(file), table.text());
    const test::ChildResult result = check(folder);
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_THAT(result.out, testing::HasSubstr(std::string("FAIL ") + fault.line + ":"));
    test::write_text(folder.file(file), good);
  }
  EXPECT_EQ(check(folder).status, 0);
}

// MET-02: counters that the files do not bear out
TEST(RunFilesFault, WrongCounterIsFound) {
  const test::TraceFolder folder;
  run_demo(folder);
  const std::string good = folder.text("out/metrics.json");
  for (const char* counter : {"ops_completed", "ops_aborted", "suspends", "resumes", "program_resume_page_mismatch"}) {
    const std::string key = std::string("\"") + counter + "\": ";
    const std::size_t at = good.find(key);
    ASSERT_NE(at, std::string::npos);
    std::string wrong = good;
    wrong.insert(at + key.size(), "1");
    test::write_text(folder.file("out/metrics.json"), wrong);
    const test::ChildResult result = check(folder);
    EXPECT_EQ(result.status, 1) << counter;
    EXPECT_THAT(result.out, testing::HasSubstr(std::string("FAIL metrics: ")));
  }
}

}  // namespace
}  // namespace nandtlm::faults
