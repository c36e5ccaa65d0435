// The shipped scenarios hold, and an expectation that does not hold is told.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "config/yaml_parse.h"
#include "testbench/scenario/load_scenario.h"
#include "tests/support/scenario_bench.h"
#include "tests/support/systemc_fixture.h"

namespace nandtlm {
namespace {

using test::PlayedScenario;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string workloads_path() {
  return std::string(NANDTLM_SOURCE_DIR) + "/config/workloads";
}

std::vector<std::string> shipped_scenarios() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(workloads_path())) {
    if (file.path().extension() == ".yaml") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The `device:` that a scenario was made for.
std::string device_of(const std::string& path) {
  Diagnostics out;
  out.add_source(path);
  const std::optional<std::string> text = read_text_file(path, 0, out);
  const std::optional<YamlNode> tree = text ? parse_yaml(*text, 0, out) : std::nullopt;
  const YamlNode* device = tree ? tree->find("device") : nullptr;
  return device == nullptr ? std::string() : device->text;
}

class ShippedScenarioTest : public SystemCTest, public ::testing::WithParamInterface<std::string> {};

// SUS-01 to SUS-17, BKL-01 to BKL-05, RES-03, RES-06, EPR-04, MET-02, TLM-02: each file says what it is about.
TEST_P(ShippedScenarioTest, Holds) {
  const std::string path = workloads_path() + "/" + GetParam() + ".yaml";
  const std::shared_ptr<const Device> device = test::shipped_device(device_of(path));
  ASSERT_NE(device, nullptr);
  const LoadedWorkload loaded = load_scenario(path, device);
  for (const ConfigError& error : loaded.errors) ADD_FAILURE() << error.text();
  ASSERT_TRUE(loaded.make);
  const PlayedScenario played = test::play(loaded, device);
  EXPECT_THAT(played.failures, IsEmpty());
  EXPECT_THAT(played.protocol_violations, IsEmpty());
  EXPECT_THAT(played.in_flight, IsEmpty());
  EXPECT_THAT(played.self_check_faults, IsEmpty());
  EXPECT_TRUE(played.finished);
  EXPECT_EQ(played.progress, 1);
}

INSTANTIATE_TEST_SUITE_P(Workloads, ShippedScenarioTest, ::testing::ValuesIn(shipped_scenarios()),
                         [](const auto& scenario) { return scenario.param; });

/// An erase of 7000.11 us from 0 on, cut at 1000 until 1500, with `line` in place of LINE at the end.
std::string scenario_with(const std::string& line) {
  return R"(steps:
  - {name: e, at: 0, op: Block_Erase_SLC, target: {block: 4}}
  - {name: s, at: 1000, op: Erase_Suspend_Reset, die: 0}
  - {name: r, at: 1500, op: Erase_Resume, die: 0}
)" + line +
         "\n";
}

/// What a failing line must say. The line is number 5 of the file.
struct WrongLine {
  const char* name;
  const char* line;
  const char* says;
};

std::ostream& operator<<(std::ostream& out, const WrongLine& wrong) {
  return out << wrong.name;
}

class WrongExpectationTest : public SystemCTest, public ::testing::WithParamInterface<WrongLine> {};

TEST_P(WrongExpectationTest, IsToldInOneLine) {
  const PlayedScenario played = test::play_text(scenario_with(GetParam().line), test::shipped_device("small_2plane"));
  ASSERT_THAT(played.failures, SizeIs(1));
  EXPECT_THAT(played.failures.front(), AllOf(HasSubstr("s.yaml:5: "), HasSubstr(GetParam().says)));
}

constexpr WrongLine kWrongLines[] = {
    {"Start", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {start: 9000.000001}}",
     "'x': expected start 9000.000001 us, seen 9000 us"},
    {"End", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {end: x.start + 7000}}",
     "'x': expected end 16000 us, seen 16000.11 us"},
    {"Duration", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {duration: 1}}",
     "expected duration 1 us, seen 7000.11 us"},
    {"NoSuspend", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {suspend: 9001}}",
     "expected suspend 9001 us, seen nothing yet"},
    {"NoResume", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {resume: 9001}}",
     "expected resume 9001 us, seen nothing yet"},
    {"NoConsumed", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {consumed: 0}}",
     "expected consumed 0 us, seen nothing yet"},
    {"EventThatNeverWas",
     "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {start: s.suspend}}",
     "expected start s.suspend, which has not happened, seen 9000 us"},
    {"Suspends", "  - {name: x, at: 9000, op: Block_Erase_SLC, target: {block: 6}, expect: {suspends: 1}}",
     "expected 1 suspends, seen 0"},
    {"Outcome", "  - {at: 9000, op: Erase_Suspend_Reset, die: 0}",
     "expected completed, seen nothing_to_suspend at 9000.185 us"},
    {"Unfinished", "  - {at: 9000, op: Erase_Suspend_Reset, die: 0, expect: {outcome: unfinished}}",
     "expected unfinished, seen nothing_to_suspend"},
    {"Aborted", "  - {at: 9000, op: Reset_LUN, die: 0, expect: {outcome: aborted_by_reset}}",
     "expected aborted_by_reset, seen completed"},
    {"UnexpectedRefusal", "  - {at: 9000, op: Erase_Resume, die: 0}",
     "expected accepted, seen refused with nothing_to_resume"},
    {"OtherReason", "  - {at: 9000, op: Erase_Resume, die: 0, expect: {refused: bus}}",
     "expected refused with bus, seen refused with nothing_to_resume (Erase_Resume, rule SUS-11)"},
    {"NotRefused", "  - {at: 9000, op: Reset_LUN, die: 0, expect: {refused: bus}}",
     "expected refused with bus, seen accepted"},
    {"BatchNotRefused", "  - {at: 9000, batch: [{op: Reset_LUN, die: 0}], expect: {refused: bus}}",
     "expected refused with bus, seen accepted"},
    {"RefusedByAnother",
     "  - {at: 9000, batch: [{op: Read_SLC, target: {block: 2, page: 0}, expect: {refused: nothing_to_resume}}, {op: "
     "Erase_Resume}]}",
     "expected refused with nothing_to_resume, seen refused with epr_read_before_program (Read_SLC"},
    {"StateAtProposal", "  - {at: 9000, op: Reset_LUN, die: 0, expect: {state: backlogged}}",
     "expected backlogged, seen running"},
    {"Status", "  - {at: 9000, op: Read_Status_Enhanced_70h, die: 0, expect: {status: busy}}",
     "expected status busy, seen ready"},
    {"Fail", "  - {at: 9000, op: Read_Status_Enhanced_70h, die: 0, expect: {fail: true}}",
     "expected fail true, seen false"},
    {"StateAtTime", "  - {after: s.start + 200, expect: {state: {e: running}}}",
     "'e': expected running, seen suspended"},
    {"StateNotProposed", "  - {after: s.start + 499.999999, expect: {state: {r: running}}}",
     "'r': expected running, seen not_proposed"},
    {"ConsumedAtTime", "  - {after: s.start + 200, expect: {consumed: {e: 999}}}",
     "'e': expected consumed 999 us, seen 1000 us"},
    {"RemainingAtTime", "  - {after: s.start + 200, expect: {remaining: {e: 6000}}}",
     "'e': expected remaining 6000 us, seen 6000.11 us"},
    {"Stack", "  - {after: s.start + 200, expect: {stack: {0: {erase: 0}}}}",
     "expected 0 ERASE on the stack of die 0, seen 1"},
    {"StackOfTheOtherFamily", "  - {after: s.start + 200, expect: {stack: {0: {program: 1}}}}",
     "expected 1 PROGRAM on the stack of die 0, seen 0"},
    {"Backlog", "  - {after: s.start + 200, expect: {backlog: {0: {erase: 2}}}}",
     "expected 2 ERASE on the backlog of die 0, seen 0"},
    {"MetricAtTime", "  - {after: s.start + 200, expect: {metrics: {resumes: 1}}}", "expected resumes = 1, seen 0"},
    {"MetricAtEnd", "  - {at: end, expect: {metrics: {ops_refused.bus: 1}}}", "expected ops_refused.bus = 1, seen 0"},
    {"MetricTime", "  - {at: end, expect: {metrics: {suspended_time.max: 500}}}",
     "expected suspended_time.max = 500, seen 650.185 us"},
    {"Order", "  - {at: end, expect: {order: [s, e, r]}}", "'r': expected the end after that of 'e', seen before it"},
    {"OrderWithoutEnd", "  - {after: s.start + 200, expect: {order: [s, r]}}",
     "'r': expected an end, seen nothing yet"},
    {"NeverProposed", "  - {after: s.suspend, op: Reset_LUN, die: 0}", "waits for the suspend of s, which never came"},
    {"LeftSuspended",
     "  - {batch: [{op: Block_Erase_SLC, target: {block: 6}}, {op: Erase_Suspend_Reset, not_before: 9000}], at: 8000}",
     "expected completed, seen suspended when the run was over"},
};

INSTANTIATE_TEST_SUITE_P(Lines, WrongExpectationTest, ::testing::ValuesIn(kWrongLines),
                         [](const auto& wrong) { return std::string(wrong.param.name); });

class ScenarioPlayTest : public SystemCTest {
 protected:
  PlayedScenario play_small(const std::string& text) {
    return test::play_text(text, test::shipped_device("small_2plane"));
  }
};

/// One page of block 4 is programmed with 0x5A.
constexpr const char* kProgrammed = R"(steps:
  - {at: 0, op: Block_Erase_SLC, target: {block: 4}}
  - {op: Page_Program_SLC, target: {block: 4, page: 0}, data: 0x5A}
)";

TEST_F(ScenarioPlayTest, WrongDataIsTold) {
  const PlayedScenario played =
      play_small(std::string(kProgrammed) + "  - {op: Read_SLC, target: {block: 4, page: 0}, expect: {data: 0x5B}}\n");
  EXPECT_THAT(played.failures, ElementsAre("s.yaml:4: expected data 0x5B from target 0, seen 0x5A at byte 0"));
}

TEST_F(ScenarioPlayTest, DataOfEachPlaneIsCompared) {
  const PlayedScenario played = play_small(R"(targets:
  wide: [{block: 4, page: 0}, {block: 5, page: 0}]
steps:
  - {at: 0, op: Block_Erase_Multi_Plane_ONFI_SLC, target: wide}
  - {op: Page_Program_Multi_Plane_ONFI_SLC, target: wide, data: [1, 2]}
  - {op: Read_Multi_Plane_ONFI_SLC, target: wide, expect: {data: [1, 2]}}
  - {op: Read_Multi_Plane_ONFI_SLC, target: wide, expect: {data: [1, 3]}}
)");
  EXPECT_THAT(played.failures, ElementsAre("s.yaml:7: expected data 0x03 from target 1, seen 0x02 at byte 0"));
}

// MET-02: the op that hides an end is found by the end of the run.
TEST_F(ScenarioPlayTest, WhatWaitsForARefusedStepIsTold) {
  const PlayedScenario played = play_small(R"(steps:
  - {name: r, at: 0, op: Erase_Resume, die: 0, expect: {refused: nothing_to_resume}}
  - {op: Block_Erase_SLC, target: {block: 4}}
)");
  EXPECT_THAT(played.failures, ElementsAre("s.yaml:3: waits for the end of the step before, which never came"));
  EXPECT_FALSE(played.finished);
}

TEST_F(ScenarioPlayTest, ARoundThatOpensTooLateIsTold) {
  const PlayedScenario played = play_small(R"(steps:
  - repeat: 2
    steps:
      - {name: e, at: 100 * $i, op: Block_Erase_SLC, target: {block: 4}}
      - {after: e.end, expect: {state: {e: done}}}
)");
  EXPECT_THAT(played.failures, ElementsAre("s.yaml:4: expected at 100 us, but its round opened only at 7000.11 us"));
}

TEST_F(ScenarioPlayTest, AFailureInALoopNamesItsRound) {
  const PlayedScenario played = play_small(R"(steps:
  - repeat: 3
    steps:
      - {name: e, op: Block_Erase_SLC, target: {block: $i}, expect: {start: 7000.11 * $i + ($i / 2)}}
)");
  EXPECT_THAT(played.failures, ElementsAre("s.yaml:4: round 2: 'e': expected start 14001.22 us, seen 14000.22 us"));
}

// Names inside a loop mean the same round there, and the last round outside.
TEST_F(ScenarioPlayTest, NamesFollowTheRounds) {
  const PlayedScenario played = play_small(R"(steps:
  - repeat: 2
    as: i
    steps:
      - repeat: 3
        as: k
        steps:
          - {name: e, op: Block_Erase_SLC, target: {block: $i * 3 + $k}, expect: {start: 7000.11 * ($i * 3 + $k)}}
          - {name: seen, after: e.start + 10, expect: {state: {e: running}}}
          - {after: e.end, expect: {state: {e: done}, order: [seen, e]}}
  - {after: e.end, expect: {state: {e: done}, metrics: {ops_completed: 6}}}
  - {after: e.start, expect: {metrics: {ops_completed: 5}}}
)");
  EXPECT_THAT(played.failures, IsEmpty());
  EXPECT_TRUE(played.finished);
}

// The end of the instant is what counts: the SUSPEND that starts at 1000 has cut by then.
TEST_F(ScenarioPlayTest, ATimeMeansTheEndOfItsInstant) {
  const PlayedScenario played =
      play_small(scenario_with("  - {after: e.start + 999.999999, expect: {state: {e: running, s: not_proposed}}}\n"
                               "  - {after: e.start + 1000, expect: {state: {e: suspended, s: running}}}\n"
                               "  - {after: e.start + 1650.184999, expect: {state: {e: suspended, r: running}}}\n"
                               "  - {after: e.start + 1650.185, expect: {state: {e: running, r: done}}}"));
  EXPECT_THAT(played.failures, IsEmpty());
}

TEST_F(ScenarioPlayTest, AnExactStartIsTakenOrRefused) {
  const PlayedScenario played = play_small(R"(steps:
  - {at: 0, op: Block_Erase_SLC, target: {block: 4}}
  - {at: 10, op: Block_Erase_SLC, target: {block: 6}, exact: true, expect: {refused: planescope}}
  - {at: 10, op: Block_Erase_SLC, target: {block: 6}, not_before: 7100, exact: true, expect: {start: 7100}}
)");
  EXPECT_THAT(played.failures, IsEmpty());
}

// Memory: rounds are recycled, and failures are counted beyond the first.
TEST_F(ScenarioPlayTest, AHundredThousandRoundsArePlayed) {
  const PlayedScenario played = play_small(R"(steps:
  - repeat: 50000
    steps:
      - {at: 10 * $i, op: Read_Status_Enhanced_70h, die: 0, expect: {status: busy}}
      - {after: previous.end, op: Read_Status_Enhanced_70h, die: 0, expect: {status: ready, start: 10 * $i + 0.2786}}
)");
  ASSERT_THAT(played.failures, SizeIs(101));
  EXPECT_EQ(played.failures.back(), "s.yaml: 49900 more failures");
  EXPECT_EQ(played.progress, 1);
}

}  // namespace
}  // namespace nandtlm
