// What a SUSPEND takes back must not make illegal what stays reserved behind it.
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"

namespace nandtlm::test {
namespace {

/// An erase, a cache program behind it, and a program of the erase's block that ends the cache state.
void plan_followers(DieBench& bench) {
  bench.plan(bench.request("Erase", 0), 0);             // [0, 701)
  bench.plan(bench.request("Cache_Program", 1, 0), 0);  // [701, 1021)
  bench.plan(bench.request("Program", 0, 1), 0);        // [1021, 1331): waits while the erase is suspended
}

// RES-04, RES-05, SUS-15: also what reads a suspended program needs the end of the cache state.
TEST(SuspendFollowers, ARecoveryReadKeepsWhatEndsTheCacheState) {
  DieBench bench(round_device());
  plan_followers(bench);
  const Op& recovery = bench.plan(bench.request("Recovery_Read", 1, 0), us(701));
  ASSERT_EQ(recovery.start(), us(1331));
  const Verdict verdict = bench.judge(bench.request("Erase_Suspend"), us(100));
  EXPECT_STREQ(name(verdict.refusal.reason), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, recovery.info.uid);
}

// SUS-04, SUS-15: what no cache state forbids does not hold the SUSPEND up.
TEST(SuspendFollowers, AStatusReadDoesNot) {
  DieBench bench(round_device());
  plan_followers(bench);
  bench.plan(bench.request("Status"), us(1331));
  EXPECT_TRUE(bench.judge(bench.request("Erase_Suspend"), us(100)).ok());
}

// SUS-11, RES-07: a RESUME before the SUSPEND that is planned finds nothing, also where no table forbids it.
TEST(SuspendFollowers, NoResumeBeforeThePlannedSuspend) {
  DieBench bench(round_device({{"exclusions_by_suspend_state.NOT_ERASE_SUSPENDED", "[]"}}));
  bench.plan(bench.request("Erase", 0), us(200));       // [200, 901)
  bench.plan(bench.request("Erase_Suspend"), us(890));  // 11 us remain
  const Verdict verdict = bench.judge(bench.request("Erase_Resume"), us(10));
  EXPECT_STREQ(name(verdict.refusal.reason), "nothing_to_resume");
  EXPECT_EQ(bench.feasible(bench.request("Erase_Resume"), us(10)).start, us(990)) << "behind the SUSPEND";
}

}  // namespace
}  // namespace nandtlm::test
