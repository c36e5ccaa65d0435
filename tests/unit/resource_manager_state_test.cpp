// Latches, cache states, ODT and reset of a die (RES-04, RES-05, RES-06).
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"

namespace nandtlm::test {
namespace {

constexpr auto kRead = static_cast<std::size_t>(Latch::Read);
constexpr auto kLsb = static_cast<std::size_t>(Latch::Lsb);
constexpr auto kCsb = static_cast<std::size_t>(Latch::Csb);
constexpr auto kMsb = static_cast<std::size_t>(Latch::Msb);

// RES-04: a read sets the latch of its plane when the array is done, data-out releases it at its END.
TEST(DieFlagsPlan, ReadLatchOfAPlane) {
  DieBench bench(round_device());
  bench.plan(bench.request("Plane_Read", 0, 0), 0);
  bench.plan(bench.request("Plane_Read", 1, 0), us(40));
  bench.plan(bench.request("Dout", 0, 0), us(50));
  EXPECT_EQ(bench.die().flags_at(us(26) - 1).latched[kRead], 0);
  EXPECT_EQ(bench.die().flags_at(us(26)).latched[kRead], 1);
  EXPECT_EQ(bench.die().flags_at(us(60) - 1).latched[kRead], 1);
  EXPECT_EQ(bench.die().flags_at(us(60)).latched[kRead], 0);
  EXPECT_EQ(bench.die().flags_at(us(66)).latched[kRead], 2);
}

// RES-04: one-shot latches are of the die, several at once, released by the last step.
TEST(DieFlagsPlan, OneshotLatchesOfTheDie) {
  DieBench bench(round_device());
  bench.plan(bench.request("Load_LSB", 0, 0), 0);
  bench.plan(bench.request("Load_CSB", 0, 0), 0);
  bench.plan(bench.request("Load_MSB", 0, 0), 0);
  bench.plan(bench.request("Exec", 0, 0), 0);
  const auto latched = [&](Time time, std::size_t latch) {
    return static_cast<int>(bench.die().flags_at(time).latched[latch]);
  };
  EXPECT_EQ(latched(us(30) - 1, kLsb), 0);
  EXPECT_EQ(latched(us(30), kLsb), 3);
  EXPECT_EQ(latched(us(90), kLsb) + latched(us(90), kCsb) + latched(us(90), kMsb), 9);
  EXPECT_EQ(latched(us(2091) - 1, kMsb), 3);
  EXPECT_EQ(latched(us(2091), kLsb) + latched(us(2091), kCsb) + latched(us(2091), kMsb), 0);
}

// RES-04, SUS-07: while the program is suspended its latches are parked; afterwards they hold again.
TEST(DieFlagsPlan, LatchesOfASuspendedProgramAreParked) {
  DieBench bench(round_device());
  bench.plan(bench.request("Load_LSB", 0, 0), 0);
  bench.plan(bench.request("Load_CSB", 0, 0), 0);
  const Request read = bench.request("Read", 1, 0);
  EXPECT_STREQ(name(bench.judge(read, us(100)).refusal.reason), "latch");
  bench.plan(bench.request("Program_Suspend"), us(45));
  EXPECT_TRUE(bench.judge(read, us(145)).ok());
  bench.plan(bench.request("Program_Resume"), us(300));
  EXPECT_STREQ(name(bench.judge(read, us(600)).refusal.reason), "latch");
  EXPECT_TRUE(bench.judge(read, us(200)).ok());
}

// RES-04: what is reserved while they are parked is not there any more when they come back, or there is no RESUME.
TEST(DieFlagsPlan, AResumeSparesWhatIsReservedBehindIt) {
  DieBench bench(round_device());
  bench.plan(bench.request("Load_LSB", 0, 0), 0);
  bench.plan(bench.request("Load_CSB", 0, 0), 0);
  bench.plan(bench.request("Program_Suspend"), us(45));
  const Op& read = bench.plan(bench.request("Read", 1, 0), us(1000));
  const Verdict resume = bench.judge(bench.request("Program_Resume"), us(300));
  EXPECT_STREQ(name(resume.refusal.reason), "exclusion");
  EXPECT_EQ(resume.refusal.blocker, read.info.uid);
  EXPECT_TRUE(resume.resume_cancelled);
}

// RES-05: half-open, at the END of the ending op.
TEST(DieFlagsPlan, CacheStates) {
  DieBench bench(round_device());
  bench.plan(bench.request("Cache_Read", 0, 0), 0);
  bench.plan(bench.request("Cache_Read_End", 0, 0), us(100));
  EXPECT_EQ(bench.die().flags_at(us(31) - 1).cache_read, 0);
  EXPECT_EQ(bench.die().flags_at(us(31)).cache_read, 1) << "of its plane";
  EXPECT_EQ(bench.die().flags_at(us(151) - 1).cache_read, 1);
  EXPECT_EQ(bench.die().flags_at(us(151)).cache_read, 0);
  bench.plan(bench.request("Cache_Program", 1, 0), us(200));
  bench.plan(bench.request("Program", 1, 1), us(1000));
  EXPECT_EQ(bench.die().flags_at(us(519)).cache_program, 0);
  EXPECT_NE(bench.die().flags_at(us(520)).cache_program, 0) << "of the die";
  EXPECT_NE(bench.die().flags_at(us(1310) - 1).cache_program, 0);
  EXPECT_EQ(bench.die().flags_at(us(1310)).cache_program, 0);
}

// RES-02, RES-06: ODT holds for the package from the END of the op.
TEST(OdtPlan, IsGlobal) {
  DieBench bench(round_device());
  bench.plan(bench.request("Odt_Off", -1, -1, 0), us(10));
  bench.plan(bench.request("Odt_On", -1, -1, 1), us(50));
  const OdtTimeline& odt = bench.state().odt;
  EXPECT_FALSE(odt.disabled_at(us(11) - 1));
  EXPECT_TRUE(odt.disabled_at(us(11)));
  EXPECT_TRUE(odt.disabled_at(us(51) - 1));
  EXPECT_FALSE(odt.disabled_at(us(51)));
  bench.run_to(us(30));
  EXPECT_TRUE(odt.disabled_at(us(30)));
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0, 0), us(30)).start, us(51));
}

// RES-06: latches, cache and suspend states are idle again at the reset's start.
TEST(ResetPlan, LeavesAnIdleDie) {
  DieBench bench(round_device());
  bench.plan(bench.request("Load_LSB", 0, 0), 0);
  bench.plan(bench.request("Load_CSB", 0, 0), us(200));
  bench.plan(bench.request("Program_Suspend"), us(215));
  bench.plan(bench.request("Cache_Read", 0, 0, 1), 0);
  bench.run_through(us(100));
  Op& reset = bench.plan(bench.request("Reset_Lun"), us(100));
  bench.run_to(us(100));
  reset.info.planes = bench.die().all_planes();  // as its die does when it starts
  bench.die().reset(reset, us(100));
  EXPECT_EQ(bench.die().flags_at(us(100)), DieFlags());
  EXPECT_FALSE(bench.die().suspended_at(Family::Program, us(300)));
  ASSERT_EQ(bench.die().timeline().size(), 1U);
  EXPECT_EQ(bench.die().timeline()[0].op, &reset);
  EXPECT_EQ(bench.die().timeline()[0].end, us(130));
  EXPECT_STREQ(name(bench.judge(bench.request("Get_Feature"), us(110)).refusal.reason), "state_forbid");
  EXPECT_TRUE(bench.judge(bench.request("Program", 0, 0), us(130)).ok());
  EXPECT_NE(bench.die(1).flags_at(us(100)).cache_read, 0) << "RESET_LUN is of one die";
}

}  // namespace
}  // namespace nandtlm::test
