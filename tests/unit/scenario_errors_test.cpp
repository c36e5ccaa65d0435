// Every kind of bad input gives a line with its position (CFG-04).
#include <gmock/gmock.h>

#include <chrono>

#include "testbench/scenario/load_scenario.h"
#include "tests/support/scenario_bench.h"

namespace nandtlm {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> errors_of(const std::string& text) {
  const LoadedWorkload loaded = load_scenario_text(text, "s.yaml", test::shipped_device("tlc_4plane"));
  std::vector<std::string> lines;
  for (const ConfigError& error : loaded.errors) lines.push_back(error.text());
  EXPECT_EQ(lines.empty(), static_cast<bool>(loaded.make));
  return lines;
}

struct BadInput {
  const char* name;
  const char* text;
  const char* position;
  const char* says;
};

std::ostream& operator<<(std::ostream& out, const BadInput& bad) {
  return out << bad.name;
}

class BadScenarioTest : public ::testing::TestWithParam<BadInput> {};

// CFG-04
TEST_P(BadScenarioTest, GivesItsLine) {
  EXPECT_THAT(errors_of(GetParam().text),
              ElementsAre(AllOf(StartsWith(std::string("s.yaml:") + GetParam().position), HasSubstr(GetParam().says))));
}

constexpr BadInput kBadInputs[] = {
    {"NoSteps", "about: nothing", "1:1:", "steps: the key is missing"},
    {"EmptySteps", "steps: []", "1:8:", "no steps"},
    {"StepsNoList", "steps: {a: 1}", "1:8:", "found a map, expected a list"},
    {"UnknownKeyOfFile", "stepps: 1\nsteps:\n  - {at: 0, op: Reset_LUN}", "1:1:", "unknown key"},
    {"UnknownKeyOfStep", "steps:\n  - {at: 0, op: Reset_LUN, blok: 3}", "2:28:", "unknown key"},
    {"UnknownKeyOfExpect", "steps:\n  - {at: 0, op: Reset_LUN, expect: {begin: 3}}", "2:37:", "unknown key"},
    {"UnknownKeyOfTarget", "steps:\n  - {at: 0, op: Read_SLC, target: {block: 4, pag: 0}}", "2:46:", "unknown key"},
    {"KeyTwice", "steps:\n  - {at: 0, at: 1, op: Reset_LUN}", "2:13:", "duplicate key"},
    {"OtherDevice", "device: small_2plane\nsteps:\n  - {at: 0, op: Reset_LUN}",
     "1:9:", "made for the device 'small_2plane'"},
    {"StepWithoutWork", "steps:\n  - {at: 0}", "2:5:", "a step without op, batch, repeat or expect"},
    {"StepNoMap", "steps:\n  - 7", "2:5:", "found '7', expected a map"},
    {"UnknownOp", "steps:\n  - {at: 0, op: Page_Programm_SLC, target: {block: 4, page: 0}}",
     "2:17:", "did you mean 'Page_Program_SLC'?"},
    {"UnknownTarget", "targets: {north: {block: 4}}\nsteps:\n  - {at: 0, op: Reset_LUN, target: norht}",
     "3:36:", "did you mean 'north'?"},
    {"UnknownStep", "steps:\n  - {name: erase, at: 0, op: Reset_LUN}\n  - {after: erasse.end, op: Reset_LUN}",
     "3:13:", "no step is called 'erasse', expected the `name` of one; did you mean 'erase'?"},
    {"UnknownStepInExpect", "steps:\n  - {at: 0, expect: {state: {p: done}}}", "2:30:", "no step is called 'p'"},
    {"UnknownEvent", "steps:\n  - {name: a, at: 0, op: Reset_LUN}\n  - {after: a.done, op: Reset_LUN}",
     "3:13:", "unknown event 'done'"},
    {"AfterWithoutEvent", "steps:\n  - {after: 12, op: Reset_LUN}", "2:13:", "expected `STEP.EVENT`"},
    {"AtAndAfter", "steps:\n  - {name: a, at: 0, op: Reset_LUN}\n  - {at: 1, after: a.end, op: Reset_LUN}",
     "3:5:", "both `at` and `after`"},
    {"UnknownReason", "steps:\n  - {at: 0, op: Reset_LUN, expect: {refused: state_forbit}}",
     "2:46:", "did you mean 'state_forbid'?"},
    {"UnknownOutcome", "steps:\n  - {at: 0, op: Reset_LUN, expect: {outcome: fine}}", "2:46:", "expected completed"},
    {"UnknownState", "steps:\n  - {name: a, at: 0, op: Reset_LUN, expect: {state: sleeping}}",
     "2:53:", "expected one of"},
    {"UnknownStatus", "steps:\n  - {at: 0, op: Read_Status_Enhanced_70h, expect: {status: idle}}",
     "2:60:", "expected one of busy, extrdy, ready"},
    {"UnknownMetric", "steps:\n  - {at: 0, expect: {metrics: {suspend: 1}}}", "2:32:", "unknown metric"},
    {"SelfCheckFail", "steps:\n  - {at: end, expect: {self_check: fail}}", "2:36:", "expected one of pass"},
    {"DieOfStack", "steps:\n  - {at: 0, expect: {stack: {8: {erase: 0}}}}", "2:30:", "no die of the device"},
    {"RefusedAndTimed", "steps:\n  - {at: 0, op: Reset_LUN, expect: {refused: bus, start: 0}}",
     "2:36:", "what is refused never runs"},
    {"DieBeyond", "steps:\n  - {at: 0, op: Reset_LUN, die: 8}", "2:5:", "die 8: the device has die 0 to 7"},
    {"PlaneBeyond", "steps:\n  - {at: 0, op: Read_Cache_End, target: {plane: 4}}",
     "2:41:", "plane 4: the device has plane 0 to 3"},
    {"BlockBeyond", "steps:\n  - {at: 0, op: Block_Erase_SLC, target: {block: 1024}}",
     "2:42:", "block 1024: the device has block 0 to 1023"},
    {"PageBeyond", "steps:\n  - {at: 0, op: Read_SLC, target: {block: 4, page: 2304}}",
     "2:35:", "page 2304: the device has page 0 to 2303"},
    {"PageBeyondInALoop",
     "steps:\n  - repeat: 3000\n    steps:\n      - {at: 0, op: Read_SLC, target: {block: 4, page: $i}}",
     "4:39:", "page 2304: the device has page 0 to 2303 (in round 2304)"},
    {"WrongPlane", "steps:\n  - {at: 0, op: Read_SLC, target: {plane: 1, block: 4, page: 0}}",
     "2:35:", "block 4 sits in plane 0"},
    {"TwoDies", "steps:\n  - {at: 0, op: Read_SLC, target: [{die: 0, block: 4}, {die: 1, block: 5}]}",
     "2:56:", "die 1 beside die 0"},
    {"DieTwice", "steps:\n  - {at: 0, op: Read_SLC, die: 1, target: {die: 0, block: 4, page: 0}}",
     "2:32:", "stands in the target already"},
    {"TooManyPlanes",
     "steps:\n  - {at: 0, op: Read_SLC, target: [{block: 0}, {block: 1}, {block: 2}, {block: 3}, {block: 4}]}",
     "2:35:", "a list of 5 addresses"},
    {"NoAddress", "steps:\n  - {at: 0, op: Read_SLC, target: {page: 0}}", "2:35:", "neither plane nor block"},
    {"TimeGoesBack", "steps:\n  - {at: 5, op: Reset_LUN}\n  - {at: 4.999999, op: Reset_LUN}",
     "3:10:", "4.999999 us goes back behind the 5 us"},
    {"TimeGoesBackInALoop", "steps:\n  - repeat: 3\n    steps:\n      - {at: 100 - $i, op: Reset_LUN}",
     "4:14:", "99 us goes back behind the 100 us of an earlier step, expected times that rise (in round 1)"},
    {"NegativeOffset", "steps:\n  - {name: a, at: 0, op: Reset_LUN}\n  - {after: a.end - 1, op: Reset_LUN}",
     "3:13:", "a time before that event"},
    {"NoNumber", "steps:\n  - {at: soon, op: Reset_LUN}", "2:10:", "a number is missing"},
    {"TooFine", "steps:\n  - {at: 0.0000001, op: Reset_LUN}", "2:10:", "finer than 1 ps"},
    {"NoExactValue", "steps:\n  - {at: 0.5 * 0.5, op: Reset_LUN}", "2:10:", "has no exact value"},
    {"UnknownCounter", "steps:\n  - repeat: 2\n    steps:\n      - {at: $n, op: Reset_LUN}",
     "4:14:", "unknown counter 'n'"},
    {"CounterOutside", "steps:\n  - {at: $i, op: Reset_LUN}", "2:10:", "there is no loop with a counter 'i' here"},
    {"CounterTwice",
     "steps:\n  - repeat: 2\n    steps:\n      - repeat: 2\n        steps:\n          - {op: Reset_LUN}",
     "4:9:", "counts in 'i'"},
    {"NoRounds", "steps:\n  - repeat: 0\n    steps:\n      - {op: Reset_LUN}", "2:5:", "rounds from 1 to"},
    {"TooManyRounds", "steps:\n  - repeat: 1000001\n    steps:\n      - {op: Reset_LUN}",
     "2:5:", "rounds from 1 to 1000000"},
    {"TooManySteps",
     "steps:\n  - repeat: 1000\n    steps:\n      - repeat: 1001\n        as: k\n        steps:\n          - {op: "
     "Reset_LUN}",
     "4:9:", "more than 1000000 steps"},
    {"NameTwice", "steps:\n  - {name: a, at: 0, op: Reset_LUN}\n  - {name: a, at: 0, op: Reset_LUN}",
     "3:12:", "is taken in line 2"},
    {"NameReserved", "steps:\n  - {name: previous, at: 0, op: Reset_LUN}", "2:12:", "means the step before"},
    {"NameWithDot", "steps:\n  - {name: a.b, at: 0, op: Reset_LUN}", "2:12:", "expected a name of letters"},
    {"WaitsForItself", "steps:\n  - {name: a, after: a.end, op: Reset_LUN}",
     "2:22:", "the step waits for itself: a -> a"},
    {"Cycle", "steps:\n  - {name: a, after: b.end, op: Reset_LUN}\n  - {name: b, after: a.end, op: Reset_LUN}",
     "2:22:", "the step waits for itself: a -> b -> a"},
    {"CycleThroughPrevious", "steps:\n  - {name: a, after: b.end, op: Reset_LUN}\n  - {name: b, op: Reset_LUN}",
     "2:22:", "the step waits for itself: a -> b -> a"},
    {"CycleThroughALoop",
     "steps:\n  - {name: a, after: b.end, op: Reset_LUN}\n  - repeat: 2\n    steps:\n      - {name: b, at: 0, op: "
     "Reset_LUN}\n"
     "      - {after: a.end, op: Reset_LUN}",
     "2:22:", "the step waits for itself: a -> line 6 -> a"},
    {"DataOfAnErase", "steps:\n  - {at: 0, op: Block_Erase_SLC, target: {block: 4}, data: 1}",
     "2:60:", "only a program takes data"},
    {"DataFromAnErase", "steps:\n  - {at: 0, op: Block_Erase_SLC, target: {block: 4}, expect: {data: 1}}",
     "2:69:", "only a read or a data-out gives data"},
    {"DataNoByte", "steps:\n  - {at: 0, op: Page_Program_SLC, target: {block: 4, page: 0}, data: 256}",
     "2:70:", "expected a byte from 0 to 255"},
    {"DataForOtherPlanes", "steps:\n  - {at: 0, op: Page_Program_SLC, target: {block: 4, page: 0}, data: [1, 2]}",
     "2:70:", "2 bytes for 1 targets"},
    {"StatusOfARead", "steps:\n  - {at: 0, op: Read_SLC, target: {block: 4, page: 0}, expect: {status: busy}}",
     "2:73:", "only a status read has a status"},
    {"ProposedAtEnd", "steps:\n  - {at: end, op: Reset_LUN}", "2:10:", "nothing is proposed when the run is over"},
    {"EndInALoop", "steps:\n  - repeat: 2\n    steps:\n      - {at: end, expect: {self_check: pass}}",
     "4:14:", "outside of loops"},
    {"EmptyBatch", "steps:\n  - {at: 0, batch: []}", "2:20:", "empty"},
    {"OrderOfOne", "steps:\n  - {name: a, at: 0, op: Reset_LUN}\n  - {at: end, expect: {order: [a]}}",
     "3:31:", "at least two"},
    {"NoYaml", "steps: [", "1:1:", "no valid YAML"},
};

INSTANTIATE_TEST_SUITE_P(Inputs, BadScenarioTest, ::testing::ValuesIn(kBadInputs),
                         [](const auto& bad) { return std::string(bad.param.name); });

// CFG-04: all errors of a file in one go, in the order of the file.
TEST(ScenarioErrorsTest, AllErrorsAreTold) {
  EXPECT_THAT(errors_of(R"(targets: {A: {die: 9, block: 4}}
steps:
  - {at: 0, op: Block_Erase, target: A}
  - {at: 7, op: Block_Erase_SLC, target: A, expect: {refused: never}}
  - {at: 6, op: Reset_LUN, nmae: x}
  - {after: nobody.end, op: Reset_LUN}
)"),
              ElementsAre(StartsWith("s.yaml:1:14: die:"), StartsWith("s.yaml:3:17: steps.0.op:"),
                          StartsWith("s.yaml:4:63: steps.1.expect.refused:"), StartsWith("s.yaml:5:10: at:"),
                          StartsWith("s.yaml:5:28: steps.2.nmae:"), StartsWith("s.yaml:6:13: (step):")));
}

TEST(ScenarioErrorsTest, AMissingFileIsTold) {
  const LoadedWorkload loaded = load_scenario("/nowhere/s.yaml", test::shipped_device("small_2plane"));
  ASSERT_EQ(loaded.errors.size(), 1U);
  EXPECT_THAT(loaded.errors.front().text(), HasSubstr("does not exist"));
  EXPECT_FALSE(loaded.make);
}

// A chain of any length must not end the process, and a large file is read in a moment.
TEST(ScenarioErrorsTest, LongChainsAreRead) {
  std::string text = "steps:\n";
  for (int i = 0; i < 20'000; ++i) text += "  - {op: Reset_LUN, die: 0}\n";
  EXPECT_THAT(errors_of(text), IsEmpty());
}

TEST(ScenarioErrorsTest, AGoodFileHasNone) {
  EXPECT_THAT(errors_of(R"(device: tlc_4plane
about: everything once
targets:
  A: {die: 1, block: 4, page: 0}
  wide: [{die: 2, block: 4, page: 1}, {die: 2, block: 5, page: 1}]
steps:
  - {name: e, at: 0, op: Block_Erase_SLC, target: A, expect: {start: 0, duration: 7000.11, suspends: 0}}
  - name: pair
    after: e.end + 12.5
    batch:
      - {name: p, op: Page_Program_SLC, target: A, data: 0x5A, not_before: e.end + 20, exact: true}
      - {op: Page_Program_SLC, target: A, page: 1, data: 7, expect: {state: reserved}}
    expect: {refused: exclusion}
  - repeat: 2
    as: n
    steps:
      - {op: Read_SLC, target: A, page: $n, die: $n + 1, expect: {data: 0x5A - $n, fail: false}}
      - {after: previous.start, expect: {stack: {1: {erase: 0, program: 0}}, backlog: {1: {program: 0}}}}
  - {at: end, expect: {order: [e, p], metrics: {suspended_time.count: 0, wait_time.p99: 3.5}, self_check: pass}}
)"),
              IsEmpty());
}

}  // namespace
}  // namespace nandtlm
