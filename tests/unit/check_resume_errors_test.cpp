// Failed RESUMEs that the checker must not doubt, and some that it must.
#include <gtest/gtest.h>

#include "tests/unit/check_fixture.h"

namespace nandtlm::check_story {
namespace {

/// The report on the good story with one more failed RESUME, before or behind the one that it has.
std::set<std::string> failed_with(const std::string& before, const std::string& behind) {
  Story story;
  const std::string row = "610,PROGRAM,0,3,bus,620.185,190.0094\n";
  story.replace(kResumeErrors, row, before + row + behind);
  return failed(check_story(story));
}

const std::set<std::string> kNone;
const std::set<std::string> kErrors{"resume_errors"};

// MET-03, EVT-01: a reset of the same instant starts behind the RESUME that failed.
TEST(CheckResumeErrors, SuspendedUntilTheResetOfTheInstant) {
  EXPECT_EQ(failed_with("", "1760,PROGRAM,0,19,planescope,1760,269.8244\n"), kNone);
  EXPECT_EQ(failed_with("", "1760,PROGRAM,0,19,planescope,1760,269.8243\n"), kErrors);
  EXPECT_EQ(failed_with("", "1760.000001,PROGRAM,0,19,planescope,1760.000001,269.8244\n"), kErrors);
}

// MET-03, SUS-10: a RESUME for a SUSPEND that is only planned tells what will be left then.
TEST(CheckResumeErrors, SuspendedAtTheWantedStart) {
  EXPECT_EQ(failed_with("570,PROGRAM,0,3,bus,610,190.0094\n", ""), kNone);
  EXPECT_EQ(failed_with("570,PROGRAM,0,3,bus,610,229.8244\n", ""), kErrors) << "what was left at the first cut";
  EXPECT_EQ(failed_with("570,PROGRAM,0,3,bus,599,190.0094\n", ""), kErrors) << "it runs at 599";
}

}  // namespace
}  // namespace nandtlm::check_story
