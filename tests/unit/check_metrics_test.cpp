// What metrics.json adds to the files: counters to compare with, and which dies share a bus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/check_fixture.h"

namespace nandtlm::check_story {
namespace {

const char* const kMetrics = R"({
  "topology": {"channels": 2, "dies": 2},
  "ops_accepted": 32, "ops_completed": 27, "ops_aborted": 2,
  "suspends": 8, "resumes": 6, "program_resume_page_mismatch": 0,
  "suspended_us": {"mean": 1.5}
})";

Story story_with_metrics() {
  Story story;
  story.files["metrics.json"] = kMetrics;
  return story;
}

// MET-02, MET-03
TEST(CheckMetrics, RightCountersPass) {
  const CheckReport report = check_story(story_with_metrics());
  EXPECT_TRUE(report.pass()) << all_of(report);
  EXPECT_THAT(all_of(report), testing::HasSubstr("PASS metrics: 6 counters"));
  EXPECT_THAT(all_of(report), testing::HasSubstr("per channel"));
}

// MET-02, MET-03
TEST(CheckMetrics, WrongCountersFail) {
  const std::pair<const char*, const char*> wrong[] = {
      {"\"ops_accepted\": 32", "\"ops_accepted\": 30"},
      {"\"ops_completed\": 27", "\"ops_completed\": 28"},
      {"\"ops_aborted\": 2", "\"ops_aborted\": 1"},
      {"\"suspends\": 8", "\"suspends\": 9"},
      {"\"resumes\": 6", "\"resumes\": 7"},
      {"_mismatch\": 0", "_mismatch\": 1"},
  };
  for (const auto& [from, to] : wrong) {
    Story story = story_with_metrics();
    story.replace("metrics.json", from, to);
    EXPECT_EQ(failed(check_story(story)), std::set<std::string>{"metrics"}) << to;
  }
}

// MET-03: counters may stand deeper
TEST(CheckMetrics, CountersMayBeNested) {
  Story story;
  story.files["metrics.json"] = R"({"counters": {"suspends": 9}})";
  EXPECT_EQ(failed(check_story(story)), std::set<std::string>{"metrics"});
}

/// Two reads that are issued at the same time on two dies.
Story two_dies(int channels) {
  Story story;
  for (auto& [name, text] : story.files) text.resize(text.find('\n') + 1);
  story.files[kSequence] += "1,5,2,Page_Read,1,[]\n2,5,2,Page_Read,2,[]\n";
  story.files[kTimeline] += "5,6,0,0,0,0,Page_Read,READ,SCRIPT,1,,,\n5,6,1,0,0,0,Page_Read,READ,SCRIPT,2,,,\n";
  story.files[kStates] += "5,6,0,0,READ.ISSUE,,Page_Read,1\n5,6,1,0,READ.ISSUE,,Page_Read,1\n";
  story.files[kEvents] +=
      "Page_Read,2,1,0,0,0,0,false,OP_START,5\n"
      "Page_Read,2,2,1,0,0,0,false,OP_START,5\n"
      "Page_Read,2,1,0,0,0,0,false,OP_END,6\n"
      "Page_Read,2,2,1,0,0,0,false,OP_END,6\n";
  story.files["metrics.json"] = "{\"topology\": {\"channels\": " + std::to_string(channels) + ", \"dies\": 2}}";
  return story;
}

// MET-02, SUS-17: dies of one channel share the bus, others do not
TEST(CheckMetrics, BusIsJudgedPerChannel) {
  const CheckReport apart = check_story(two_dies(2));
  EXPECT_TRUE(apart.pass()) << all_of(apart);
  EXPECT_EQ(failed(check_story(two_dies(1))), std::set<std::string>{"bus"});
}

}  // namespace
}  // namespace nandtlm::check_story
