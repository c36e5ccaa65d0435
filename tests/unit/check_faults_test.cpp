// One fault at a time in a good run: exactly the lines that it concerns fail, and no others.
#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "tests/unit/check_fixture.h"

namespace nandtlm::check_story {
namespace {

struct Edit {
  std::string file;
  std::string from;
  std::string to;
};

struct Fault {
  const char* name;
  std::vector<Edit> edits;
  std::set<std::string> lines;  ///< that fail
};

Edit drop(const std::string& file, const std::string& row) {
  return {file, "\n" + row + "\n", "\n"};
}
Edit add(const std::string& file, const std::string& row, const std::string& more) {
  return {file, "\n" + row + "\n", "\n" + row + "\n" + more + "\n"};
}
Edit change(const std::string& file, const std::string& from, const std::string& to) {
  return {file, from, to};
}
Edit swap(const std::string& file, const std::string& row, const std::string& next) {
  return {file, "\n" + row + "\n" + next + "\n", "\n" + next + "\n" + row + "\n"};
}

// Rows that more than one fault uses.
const char* const kEnd10 = "Page_Program_SLC,1,10,0,0,0,2,false,OP_END,1139.8244";
const char* const kStart10 = "Page_Program_SLC,1,10,0,0,0,2,false,OP_START,830";
const char* const kResume13 = "Page_Program_SLC,1,13,0,0,0,3,true,OP_RESUME,1350.185";
const char* const kAbort19 = "Page_Program_SLC,1,19,0,0,0,4,false,OP_ABORT,1760";
const char* const kLog10 = "1139.8244,10,Page_Program_SLC,PROGRAM_SLC,SLC,0,0,0,2,false,4";
const char* const kPiece10 = "830,1139.8244,0,0,0,2,Page_Program_SLC,PROGRAM_SLC,SCRIPT,10,PROGRAM_SLC.ISSUE,,";
const char* const kPiece13b = "1350.185,1620.0094,0,0,0,3,Page_Program_SLC,PROGRAM_SLC,SCRIPT,13,PROGRAM_SLC.ISSUE,,";
const char* const kState10 = "839.8244,1139.8244,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,300";

const std::vector<Fault> kFaults = {
    // Order and form of the rows: OUT-00, OUT-01
    {"sequence_rows_swapped",
     {swap(kSequence, "17,1630,7,Erase_Resume,17,\"[{\"\"die\"\":0}]\"",
           "18,1700,6,Erase_Suspend,18,\"[{\"\"die\"\":0}]\"")},
     {"row_order"}},
    {"events_of_one_instant_swapped",
     {swap(kEvents, kAbort19, "Page_Program_SLC,1,21,0,0,0,5,false,OP_ABORT,1760")},
     {"row_order"}},
    {"state_duration_wrong",
     {change(kStates, ",ERASE.ISSUE,d0-p0,Block_Erase,0.085\n0,0.085,0,1",
             ",ERASE.ISSUE,d0-p0,Block_Erase,0.084\n0,0.085,0,1")},
     {"state_rows"}},
    {"endless_end_state",
     {add(kStates, "1932.12,1940,1,1,READ.CORE_BUSY,d1-p1,Page_Read,7.88",
          "1940,inf,1,0,READ.END,d1-p0,Page_Read,inf")},
     {"state_rows"}},

    // The life of an op: SUS-13, MET-02
    {"start_lost", {drop(kEvents, kStart10)}, {"op_start_once"}},
    {"started_twice", {add(kEvents, kStart10, "Page_Program_SLC,1,10,0,0,0,2,false,OP_START,831")}, {"op_start_once"}},
    {"start_row_doubled", {add(kEvents, kStart10, kStart10)}, {"op_start_once"}},
    {"ended_twice", {add(kEvents, kEnd10, "Page_Program_SLC,1,10,0,0,0,2,false,OP_END,1140")}, {"op_end_once"}},
    {"end_row_doubled", {add(kEvents, kEnd10, kEnd10)}, {"op_end_once"}},
    {"ended_after_abort",
     {add(kEvents, "Reset_Lun,8,22,0,-1,-1,-1,false,OP_END,1760.025",
          "Page_Program_SLC,1,19,0,0,0,4,false,OP_END,1761")},
     {"op_end_once"}},
    {"resumed_after_end",
     {add(kEvents, kEnd10, "Page_Program_SLC,1,10,0,0,0,2,true,OP_RESUME,1150")},
     {"op_end_once", "stack_balance"}},
    {"end_lost", {drop(kEvents, kEnd10)}, {"op_outcome", "page_programmed"}},
    {"end_and_piece_lost",
     {drop(kEvents, "Page_Read,2,15,0,1,5,1,false,OP_END,1335.12"),
      drop(kTimeline, "1310,1335.12,0,1,5,1,Page_Read,READ,SCRIPT,15,READ.ISSUE,,")},
     {"op_outcome"}},
    {"resume_event_lost", {drop(kEvents, kResume13)}, {"event_order", "stack_balance"}},
    {"suspend_event_lost",
     {drop(kEvents, "Block_Erase,0,11,0,1,3,0,false,OP_SUSPEND,1250")},
     {"event_order", "stack_balance"}},
    {"ended_while_suspended",
     {change(kEvents, "3,true,OP_RESUME,1350.185", "3,true,OP_END,1350.185"),
      drop(kEvents, "Page_Program_SLC,1,13,0,0,0,3,true,OP_END,1620.0094")},
     {"event_order", "stack_balance"}},

    // Pieces: SUS-03, MET-02
    {"last_piece_1_ps_too_long",
     {change(kTimeline, "1350.185,1620.0094,", "1350.185,1620.009401,")},
     {"pieces", "nominal_time", "state_pieces"}},
    {"piece_1_ps_too_short",
     {change(kTimeline, "1200,1250,", "1200,1249.999999,")},
     {"pieces", "nominal_time", "state_pieces"}},
    {"piece_lost", {drop(kTimeline, kPiece13b)}, {"pieces", "nominal_time", "state_pieces"}},
    {"piece_row_doubled", {add(kTimeline, kPiece10, kPiece10)}, {"targets"}},
    {"piece_without_events",
     {add(kTimeline, kPiece10, "1150,1160,0,0,0,9,Page_Program_SLC,PROGRAM_SLC,SCRIPT,40,PROGRAM_SLC.ISSUE,,")},
     {"pieces", "state_pieces"}},
    {"ran_1_ps_too_long_in_all_files",
     {change(kTimeline, "1350.185,1620.0094,", "1350.185,1620.009401,"),
      change(kEvents, "3,true,OP_END,1620.0094", "3,true,OP_END,1620.009401"),
      change(kStates, "1350.185,1620.0094,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,269.8244",
             "1350.185,1620.009401,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,269.824401"),
      change(kStates, "1350.185,1620.0094,0,1,PROGRAM_SLC.CORE_BUSY,d0-p1,Page_Program_SLC,269.8244",
             "1350.185,1620.009401,0,1,PROGRAM_SLC.CORE_BUSY,d0-p1,Page_Program_SLC,269.824401"),
      change(kPrograms, "1620.0094,13", "1620.009401,13")},
     {"nominal_time"}},

    // The files agree: OUT-00, SUS-12
    {"sequence_row_lost", {drop(kSequence, "18,1700,6,Erase_Suspend,18,\"[{\"\"die\"\":0}]\"")}, {"sequence"}},
    {"sequence_row_doubled",
     {add(kSequence, "18,1700,6,Erase_Suspend,18,\"[{\"\"die\"\":0}]\"",
          "19,1700,6,Erase_Suspend,18,\"[{\"\"die\"\":0}]\"")},
     {"row_order", "sequence"}},
    {"sequence_time_wrong", {change(kSequence, "18,1700,6", "18,1700.000001,6")}, {"sequence"}},
    {"never_started_in_sequence",
     {add(kSequence, "20,1750,4,Program_Suspend,20,\"[{\"\"die\"\":0}]\"", "21,1760,1,Page_Program_SLC,21,\"[]\"")},
     {"row_order", "sequence"}},
    {"uid_wrong_at_the_end",
     {change(kEvents, "1,10,0,0,0,2,false,OP_END,1139.8244", "1,21,0,0,0,2,false,OP_END,1139.8244")},
     {"op_start_once", "sequence", "op_outcome", "page_programmed", "targets"}},
    {"name_changes",
     {change(kEvents, "Page_Read,2,15,0,1,5,1,false,OP_END,1335.12", "Data_Out,2,15,0,1,5,1,false,OP_END,1335.12")},
     {"names"}},
    {"base_changes",
     {change(kTimeline, "110,419.8244,0,0,0,0,Page_Program_SLC,PROGRAM_SLC",
             "110,419.8244,0,0,0,0,Page_Program_SLC,ERASE")},
     {"names", "state_pieces"}},
    {"page_changes_after_resume",
     {change(kEvents, "Page_Program_SLC,1,13,0,0,0,3,true,OP_RESUME,1350.185",
             "Page_Program_SLC,1,13,0,0,0,4,true,OP_RESUME,1350.185")},
     {"targets"}},
    {"payload_has_another_page",
     {change(kSequence, "{\"\"die\"\":0,\"\"plane\"\":1,\"\"block\"\":3,\"\"page\"\":0}",
             "{\"\"die\"\":0,\"\"plane\"\":1,\"\"block\"\":3,\"\"page\"\":1}")},
     {"targets"}},
    {"payload_of_another_die",
     {change(kSequence, "24,1810,4,Program_Suspend,25,\"[{\"\"die\"\":1}]\"",
             "24,1810,4,Program_Suspend,25,\"[{\"\"die\"\":0}]\"")},
     {"targets"}},
    {"seq_number_comes_again", {change(kSequence, "\n24,1810,4", "\n23,1810,4")}, {"row_order"}},
    {"target_row_lost", {drop(kEvents, "Page_Program_SLC,1,3,0,1,1,1,true,OP_RESUME,560.185")}, {"targets"}},
    {"resumed_flag_wrong", {change(kEvents, "3,true,OP_END,1620.0094", "3,false,OP_END,1620.0094")}, {"resumed_flag"}},

    // Commands: SUS-01, SUS-02, SUS-09
    {"suspend_of_the_other_family",
     {change(kTimeline, "Erase_Suspend,ERASE_SUSPEND,SCRIPT,30", "Erase_Suspend,PROGRAM_SUSPEND,SCRIPT,30")},
     {"names", "suspend_command", "state_pieces"}},
    {"suspend_late",
     {change(kEvents, "Page_Program_SLC,1,13,0,0,0,3,false,OP_SUSPEND,1300",
             "Page_Program_SLC,1,13,0,0,0,3,false,OP_SUSPEND,1299.999999")},
     {"pieces", "suspend_command"}},
    {"suspend_passed_over",
     {drop(kEvents, "Block_Erase,0,29,0,0,6,0,false,OP_SUSPEND,1910"),
      change(kTimeline, "1903,1910,0,0,6,0", "1903,1940,0,0,6,0"),
      change(kStates, "1903.085,1910,0,0,ERASE.CORE_BUSY,d0-p0,Block_Erase,6.915",
             "1903.085,1910,0,0,ERASE.CORE_BUSY,d0-p0,Block_Erase,6.915")},
     {"suspend_command"}},
    {"resume_command_lost",
     {drop(kEvents, "Program_Resume,5,16,0,-1,-1,-1,false,OP_START,1340"),
      drop(kEvents, "Program_Resume,5,16,0,-1,-1,-1,false,OP_END,1350.185"),
      drop(kSequence, "16,1340,5,Program_Resume,16,\"[{\"\"die\"\":0}]\""),
      drop(kTimeline, "1340,1350.185,0,-1,-1,-1,Program_Resume,PROGRAM_RESUME,SCRIPT,16,PROGRAM_RESUME.ISSUE,,"),
      change(kStates,
             "1340,1340.185,0,0,PROGRAM_RESUME.ISSUE,d0-p0,Program_Resume,0.185\n1340,1340.185,0,1,PROGRAM_RESUME."
             "ISSUE,d0-p1,Program_Resume,0.185\n1340.185,1350.185,0,0,PROGRAM_RESUME.CORE_BUSY,d0-p0,Program_Resume,"
             "10\n1340.185,1350.185,0,1,PROGRAM_RESUME.CORE_BUSY,d0-p1,Program_Resume,10\n",
             "")},
     {"resume_command"}},
    {"resumed_before_the_command_ends",
     {change(kEvents, "Page_Program_SLC,1,13,0,0,0,3,true,OP_RESUME,1350.185",
             "Page_Program_SLC,1,13,0,0,0,3,true,OP_RESUME,1350.184")},
     {"pieces", "resume_command"}},

    // Stacks: SUS-06, SUS-08, SUS-09, BKL-02
    {"resumed_in_the_wrong_order",
     {change(kEvents, "Plane_Program,9,24,1,1,5,0,true,OP_RESUME,1830.185",
             "Plane_Program,9,23,1,0,4,0,true,OP_RESUME,1830.185"),
      change(kEvents, "Plane_Program,9,23,1,0,4,0,true,OP_RESUME,1870.185",
             "Plane_Program,9,24,1,1,5,0,true,OP_RESUME,1870.185"),
      change(kEvents, "Plane_Program,9,24,1,1,5,0,true,OP_END,1853.185",
             "Plane_Program,9,23,1,0,4,0,true,OP_END,1853.185"),
      change(kEvents, "Plane_Program,9,23,1,0,4,0,true,OP_END,1891.185",
             "Plane_Program,9,24,1,1,5,0,true,OP_END,1891.185")},
     {"stack_order", "pieces", "page_programmed"}},
    {"erase_resumed_while_program_suspended",
     {change(kEvents, "Block_Erase,0,11,0,1,3,0,true,OP_RESUME,1640.185",
             "Block_Erase,0,11,0,1,3,0,true,OP_RESUME,1330"),
      change(kTimeline, "1640.185,1690.27,0,1,3,0", "1330,1380.085,0,1,3,0"),
      change(kEvents, "0,1,3,0,true,OP_END,1690.27", "0,1,3,0,true,OP_END,1380.085")},
     {"nesting", "resume_command", "row_order", "state_pieces"}},
    {"follower_starts_while_suspended",
     {change(kEvents, kStart10, "Page_Program_SLC,1,10,0,0,0,2,false,OP_START,545")},
     {"start_while_suspended", "row_order", "pieces", "sequence"}},
    {"follower_starts_before_the_first_has_finished",
     {change(kEvents, kStart10, "Page_Program_SLC,1,10,0,0,0,2,false,OP_START,590")},
     {"finish_order", "row_order", "pieces", "sequence"}},

    {"reset_passes_over_a_suspended_op", {drop(kEvents, kAbort19)}, {"nesting", "resets"}},  // RES-06

    // Planes, bus, states: SUS-03, MET-02
    {"two_occupants_of_a_plane",
     {change(kStates, "839.8244,1139.8244,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,300",
             "839.8243,1139.8244,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,300.0001")},
     {"plane_occupancy", "state_pieces"}},
    {"state_tail_after_the_cut",
     {add(kStates, "1300.185,1305.185,0,1,PROGRAM_SUSPEND.CORE_BUSY,d0-p1,Program_Suspend,5",
          "1305.185,1309,0,0,PROGRAM_SLC.DATA_IN,d0-p0,Page_Program_SLC,3.815")},
     {"state_pieces"}},
    {"state_runs_on_after_the_cut",
     {change(kStates, "1269.8244,1300,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,30.1756",
             "1269.8244,1302,0,0,PROGRAM_SLC.CORE_BUSY,d0-p0,Page_Program_SLC,32.1756")},
     {"plane_occupancy", "state_pieces"}},
    {"state_lost", {drop(kStates, kState10)}, {"state_pieces"}},
    {"state_of_another_plane",
     {change(kStates, "506.12,531.12,0,0,READ.CORE_BUSY,d0-p0", "506.12,531.12,0,1,READ.CORE_BUSY,d0-p1")},
     {"state_pieces"}},
    {"two_issues_at_once",
     {change(kEvents, "Plane_Program,9,24,1,1,5,0,false,OP_START,1802",
             "Plane_Program,9,24,1,1,5,0,false,OP_START,1800.5"),
      change(kSequence, "23,1802,9", "23,1800.5,9"), change(kTimeline, "1802,1810,1,1,5,0", "1800.5,1810,1,1,5,0"),
      change(kTimeline, "1830.185,1853.185,", "1830.185,1851.685,"),
      change(kEvents, "true,OP_END,1853.185", "true,OP_END,1851.685"), change(kPrograms, "1853.185,24", "1851.685,24"),
      change(kStates,
             "1801,1810,1,0,PLANE_PROGRAM.CORE_BUSY,d1-p0,Plane_Program,9\n1802,1803,1,1,PLANE_PROGRAM.ISSUE,d1-p1,"
             "Plane_Program,1\n1803,1810,1,1,PLANE_PROGRAM.CORE_BUSY,d1-p1,Plane_Program,7\n",
             "1800.5,1801.5,1,1,PLANE_PROGRAM.ISSUE,d1-p1,Plane_Program,1\n1801,1810,1,0,PLANE_PROGRAM.CORE_BUSY,d1-p0,"
             "Plane_Program,9\n1801.5,1810,1,1,PLANE_PROGRAM.CORE_BUSY,d1-p1,Plane_Program,8.5\n"),
      change(kStates, "1830.185,1853.185,1,1,PLANE_PROGRAM.CORE_BUSY,d1-p1,Plane_Program,23",
             "1830.185,1851.685,1,1,PLANE_PROGRAM.CORE_BUSY,d1-p1,Plane_Program,21.5")},
     {"bus"}},

    // Pages and resume errors: SUS-10, SUS-13, MET-01
    {"page_lost", {drop(kPrograms, kLog10)}, {"page_programmed"}},
    {"page_twice", {add(kPrograms, kLog10, kLog10)}, {"page_programmed"}},
    {"page_of_an_aborted_op",
     {add(kPrograms, kLog10, "1760,19,Page_Program_SLC,PROGRAM_SLC,SLC,0,0,0,4,false,5"),
      swap(kPrograms, "1760,19,Page_Program_SLC,PROGRAM_SLC,SLC,0,0,0,4,false,5",
           "1620.0094,13,Page_Program_SLC,PROGRAM_SLC,SLC,0,0,0,3,true,5")},
     {"page_programmed"}},
    {"page_before_the_end", {change(kPrograms, "1139.8244,10", "1139.8243,10")}, {"page_programmed"}},
    {"error_of_an_op_that_ran",
     {change(kResumeErrors, "610,PROGRAM,0,3,bus,620.185", "640,PROGRAM,0,3,bus,650")},
     {"resume_errors"}},
    {"error_with_wrong_remaining", {change(kResumeErrors, "190.0094", "190.009401")}, {"resume_errors"}},
    {"error_of_the_wrong_family", {change(kResumeErrors, "610,PROGRAM", "610,ERASE")}, {"resume_errors"}},
    {"error_of_an_unknown_op", {change(kResumeErrors, "610,PROGRAM,0,3,", "610,PROGRAM,0,99,")}, {"resume_errors"}},
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

class CheckFault : public testing::TestWithParam<Fault> {};

// MET-02, MET-03
TEST_P(CheckFault, FailsItsLinesOnly) {
  Story story;
  for (const Edit& edit : GetParam().edits) ASSERT_NO_FATAL_FAILURE(story.replace(edit.file, edit.from, edit.to));
  const CheckReport report = check_story(story);
  EXPECT_EQ(failed(report), GetParam().lines) << all_of(report);
  EXPECT_TRUE(report.input_errors.empty());
  EXPECT_FALSE(report.pass());
}

INSTANTIATE_TEST_SUITE_P(OneAtATime, CheckFault, testing::ValuesIn(kFaults),
                         [](const testing::TestParamInfo<Fault>& fault) { return std::string(fault.param.name); });

// MET-03: the run that the faults are put into has none.
TEST(CheckStory, GoodRunPasses) {
  const CheckReport report = check_story(Story());
  EXPECT_TRUE(report.pass()) << all_of(report);
  EXPECT_EQ(failed(report), std::set<std::string>());
  EXPECT_EQ(print_report(report), 0);
}

}  // namespace
}  // namespace nandtlm::check_story
