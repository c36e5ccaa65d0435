// What is told of a RESUME that was cancelled (SUS-10, SUS-11, MET-01).
#include <gtest/gtest.h>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using ResumeErrors = SystemCTest;

// SUS-11, MET-01: the op that another RESUME is planned for is not the one that this RESUME failed to bring back.
TEST_F(ResumeErrors, NameNothingWhereTheOnlySuspendedOpHasItsResume) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(110));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  bench.submit(bench.request("Program_Resume"));
  bench.submit(bench.request("Program_Resume"));
  ASSERT_EQ(bench.log.resume_errors.size(), 1U);
  const ResumeError& error = bench.log.resume_errors.back();
  EXPECT_STREQ(name(error.refusal.reason), "nothing_to_resume");
  EXPECT_EQ(error.uid, 0U);
  EXPECT_EQ(error.remaining, 0);
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// SUS-10, MET-01: a RESUME that cannot be placed names the op and what it has left.
TEST_F(ResumeErrors, NameTheNewestOpAndWhatItHasLeft) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(110));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  bench.submit(bench.from(us(500), bench.request("Read", 2, 0)));  // where the kept states would run
  EXPECT_EQ(bench.submit(bench.request("Program_Resume")), 0U);
  ASSERT_EQ(bench.log.resume_errors.size(), 1U);
  const ResumeError& error = bench.log.resume_errors.back();
  EXPECT_EQ(error.uid, program);
  EXPECT_EQ(error.remaining, us(200));
  EXPECT_EQ(error.wanted_start, us(300));
}

}  // namespace
}  // namespace nandtlm::test
