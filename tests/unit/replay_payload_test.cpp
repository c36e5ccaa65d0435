// The payload column of operation_sequence.csv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbench/replay/payload.h"
#include "tests/support/trace_scenario.h"

namespace nandtlm {
namespace {

using ::testing::HasSubstr;

/// 2 dies of 2 planes.
const Device& device() {
  static const Device made = test::make_trace_device();
  return made;
}

SequencePayload parse(std::string_view json) {
  SequencePayload payload;
  EXPECT_EQ(parse_sequence_payload(json, device(), payload), std::nullopt) << json;
  return payload;
}

std::string problem(std::string_view json) {
  SequencePayload payload;
  return parse_sequence_payload(json, device(), payload).value_or("");
}

TEST(ReplayPayload, OneTargetPerObject) {
  const SequencePayload payload = parse(
      R"([{"die": 1, "plane": 0, "block": 2, "page": 7, "celltype": "SLC"}, {"die": 1, "plane": 1, "block": 3, "page": 7}])");
  EXPECT_EQ(payload.die, 1U);
  EXPECT_EQ(payload.targets, (TargetList{{0, 2, 7}, {1, 3, 7}}));
  EXPECT_EQ(payload.expected_status, -1);
}

TEST(ReplayPayload, WithoutAnAddressThereIsNoTarget) {
  for (const char* json :
       {R"([])", R"([{}])", R"([{"die": 0}])", R"([{"die": 0, "plane": -1, "block": -1, "page": -1}])",
        R"([{"die": 0, "plane": null, "block": null}])"}) {
    EXPECT_TRUE(parse(json).targets.empty()) << json;
  }
  EXPECT_EQ(parse("[{}]").die, kAnyDie);
  EXPECT_EQ(parse(R"([{"die": null}])").die, kAnyDie);
}

TEST(ReplayPayload, APlaneFollowsFromItsBlock) {
  EXPECT_EQ(parse(R"([{"die": 0, "block": 5}])").targets, (TargetList{{1, 5, -1}}));
  EXPECT_EQ(parse(R"([{"die": 0, "plane": 1}])").targets, (TargetList{{1, -1, -1}}));
}

TEST(ReplayPayload, ExpectedStatusInAnyCase) {
  EXPECT_EQ(parse(R"([{"die": 0, "exp_val": "busy"}])").expected_status, 0);
  EXPECT_EQ(parse(R"([{"die": 0, "exp_val": "extrdy"}])").expected_status, 1);
  EXPECT_EQ(parse(R"([{"die": 0, "exp_val": "READY"}])").expected_status, 2);
  EXPECT_EQ(parse(R"([{"die": 0, "exp_val": null}])").expected_status, -1);
}

// CFG-04
TEST(ReplayPayload, MalformedJson) {
  for (const char* json :
       {"", "[", "[{]", "[{}", "[{}] x", "[{\"die\": }]", "[{'die': 0}]", "\"[", "[{\"die\": 01}]"}) {
    EXPECT_THAT(problem(json), HasSubstr("no JSON from character")) << json;
  }
}

// CFG-04
TEST(ReplayPayload, OtherJsonThanAListOfObjects) {
  for (const char* json : {"{}", "1", "null", "true", "\"die\"", "[1]", "[-1]", "[null]", "[[]]", "[\"die\"]", "1.5"}) {
    EXPECT_THAT(problem(json), HasSubstr("expected a list of objects")) << json;
  }
  for (const char* json : {R"([{"die": []}])", R"([{"die": {}}])"}) {
    EXPECT_THAT(problem(json), HasSubstr("die: ")) << json;
  }
}

// CFG-04
TEST(ReplayPayload, UnknownAndRepeatedKeys) {
  EXPECT_THAT(problem(R"([{"dei": 0}])"), HasSubstr("unknown key 'dei', expected one of die, plane"));
  EXPECT_THAT(problem(R"([{"die": 0, "die": 0}])"), HasSubstr("stands twice"));
}

// CFG-04, EPR-02
TEST(ReplayPayload, AddressesBeyondTheTopology) {
  const Topology& topology = device().topology;
  const auto object = [](const char* key, std::int64_t value) {
    return std::string("[{\"") + key + "\": " + std::to_string(value) + "}]";
  };
  EXPECT_THAT(problem(object("die", topology.dies)),
              HasSubstr("die: 2 is not expected, expected a whole number from 0 to 1"));
  EXPECT_THAT(problem(object("die", -1)), HasSubstr("die: -1"));
  EXPECT_THAT(problem(object("plane", topology.planes)), HasSubstr("plane: 2"));
  EXPECT_THAT(problem(object("block", topology.blocks_per_die)), HasSubstr("block: "));
  EXPECT_THAT(problem(object("page", topology.pages_per_block)), HasSubstr("page: "));
  EXPECT_THAT(problem(object("page", -2)), HasSubstr("page: -2"));
  EXPECT_THAT(problem(object("block", std::int64_t{1} << 40)), HasSubstr("block: 1099511627776"));
  EXPECT_EQ(problem(object("block", topology.blocks_per_die - 1)), "");
  EXPECT_EQ(problem(object("page", topology.pages_per_block - 1)), "");
}

// CFG-04
TEST(ReplayPayload, ValuesOfTheWrongKind) {
  EXPECT_THAT(problem(R"([{"die": 0.5}])"), HasSubstr("die: 0.5"));
  EXPECT_THAT(problem(R"([{"die": "0"}])"), HasSubstr("die: '0'"));
  EXPECT_THAT(problem(R"([{"die": true}])"), HasSubstr("die: true"));
  EXPECT_THAT(problem(R"([{"celltype": "PLC"}])"), HasSubstr("celltype: 'PLC'"));
  EXPECT_THAT(problem(R"([{"celltype": 1}])"), HasSubstr("celltype: 1"));
  EXPECT_THAT(problem(R"([{"exp_val": "soon"}])"), HasSubstr("expected busy, extrdy, ready or null"));
}

// CFG-04
TEST(ReplayPayload, TargetsThatDoNotGoTogether) {
  EXPECT_THAT(problem(R"([{"die": 0}, {"die": 1}])"), HasSubstr("expected one die"));
  EXPECT_THAT(problem(R"([{"die": 0, "plane": 1, "block": 4}])"), HasSubstr("block 4 on plane 1, expected plane 0"));
  EXPECT_THAT(problem(R"([{"block": 0}, {"block": 1}, {"block": 2}])"), HasSubstr("at most one per plane (2)"));
}

}  // namespace
}  // namespace nandtlm
