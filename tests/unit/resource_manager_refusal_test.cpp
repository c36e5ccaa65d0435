// One negative test for every rule that can be in the way of a start, and their order (RES-01).
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"

namespace nandtlm::test {
namespace {

void expect_refusal(const Verdict& verdict, Reason reason, Uid blocker, Time from, Time to) {
  EXPECT_FALSE(verdict.ok());
  EXPECT_STREQ(name(verdict.refusal.reason), name(reason));
  EXPECT_EQ(verdict.refusal.blocker, blocker);
  EXPECT_EQ(verdict.refusal.from, from);
  EXPECT_EQ(verdict.refusal.to, to);
  EXPECT_STRNE(verdict.refusal.rule, "");
}

std::string reason_of(const Verdict& verdict) {
  return name(verdict.refusal.reason);
}

// RES-01
TEST(Refusal, BusNamesTheSegmentInTheWay) {
  DieBench bench(round_device());
  const Op& program = bench.plan(bench.request("Program", 0, 0, 0), us(5));
  const Request read = bench.request("Read", 0, 0, 1);
  expect_refusal(bench.judge(read, us(14)), Reason::Bus, program.info.uid, us(5), us(15));
  EXPECT_TRUE(bench.judge(read, us(15)).ok());
  EXPECT_TRUE(bench.judge(read, us(4)).ok());
}

// RES-01
TEST(Refusal, PlanescopeNamesTheReservationInTheWay) {
  DieBench bench(round_device());
  const Op& read = bench.plan(bench.request("Read", 0, 0), us(50));
  const Request second = bench.request("Read", 2, 0);
  expect_refusal(bench.judge(second, us(60)), Reason::PlaneScope, read.info.uid, us(50), us(81));
  expect_refusal(bench.judge(second, us(20)), Reason::PlaneScope, read.info.uid, us(50), us(81));
  EXPECT_TRUE(bench.judge(second, us(81)).ok());
  EXPECT_TRUE(bench.judge(second, us(19)).ok());
}

// RES-01
TEST(Refusal, ExclusionMultiOfTwoSinglesThatAreNotListed) {
  DieBench bench(round_device());
  const Op& read = bench.plan(bench.request("Read", 0, 0), us(50));
  expect_refusal(bench.judge(bench.request("Read", 1, 0), us(60)), Reason::ExclusionMulti, read.info.uid, us(50),
                 us(81));
  expect_refusal(bench.judge(bench.request("Plane_Read", 1, 0), us(60)), Reason::ExclusionMulti, read.info.uid, us(50),
                 us(81));
}

// RES-01
TEST(Refusal, ExclusionMultiLetsListedSinglesOverlap) {
  DieBench bench(round_device());
  bench.plan(bench.request("Plane_Read", 0, 0), us(50));
  EXPECT_TRUE(bench.judge(bench.request("Plane_Read", 1, 0), us(60)).ok());
}

// RES-01
TEST(Refusal, ExclusionMultiOfSingleAndMultiPlane) {
  const auto device = shipped_device("tlc_4plane.yaml", {{"constraints.enable_epr", "false"}});
  DieBench bench(device);
  const auto op_of = [&](const char* base, bool multi) {
    for (const OpSpec& spec : device->ops) {
      if (device->base(spec.base).name == base && spec.multi == multi) return spec.name;
    }
    return std::string();
  };
  const Op& multi = bench.plan(bench.on_planes(op_of("READ", true), {{-1, 0, 0}, {-1, 1, 0}}), us(50));
  const Verdict single = bench.judge(bench.request(op_of("PLANE_READ", false), 2, 0), us(60));
  expect_refusal(single, Reason::ExclusionMulti, multi.info.uid, us(50), multi.piece().end());
  const Verdict other = bench.judge(bench.on_planes(op_of("READ", true), {{-1, 2, 0}, {-1, 3, 0}}), us(60));
  expect_refusal(other, Reason::ExclusionMulti, multi.info.uid, us(50), multi.piece().end());
}

// RES-01
TEST(Refusal, ExclusionProtectsWhatIsReservedForLater) {
  DieBench bench(round_device());
  const Op& dout = bench.plan(bench.request("Dout", 0, 0), us(100));
  const Request read = bench.request("Read", 0, 0);
  // At 100 it would be in CORE_BUSY [81, 106), which forbids data out; in DATA_OUT it would not.
  expect_refusal(bench.judge(read, us(80)), Reason::Exclusion, dout.info.uid, us(100), us(110));
  EXPECT_TRUE(bench.judge(read, us(74)).ok());
  EXPECT_TRUE(bench.judge(bench.request("Read", 1, 0), us(80)).ok()) << "the other plane";
}

// RES-01
TEST(Refusal, LatchOfAReadHoldsUntilDataOut) {
  DieBench bench(round_device());
  bench.plan(bench.request("Read", 0, 0), 0);
  const Request copyback = bench.request("Copyback_Read", 0, 0);
  EXPECT_EQ(reason_of(bench.judge(copyback, us(31))), "latch");
  EXPECT_STREQ(bench.judge(copyback, us(31)).refusal.rule, name(Latch::Read));
  EXPECT_TRUE(bench.judge(bench.request("Copyback_Read", 1, 0), us(31)).ok()) << "a latch is of its plane";
  bench.plan(bench.request("Dout", 0, 0), us(40));
  EXPECT_EQ(reason_of(bench.judge(copyback, us(50) - 1)), "bus");
  EXPECT_TRUE(bench.judge(copyback, us(50)).ok()) << "released at the END, half-open";
}

// RES-01
TEST(Refusal, StateForbidNamesTheStateAndItsInterval) {
  DieBench bench(round_device());
  const Op& erase = bench.plan(bench.request("Erase", 0), 0);
  const Verdict verdict = bench.judge(bench.request("Get_Feature"), us(30));
  expect_refusal(verdict, Reason::StateForbid, erase.info.uid, us(1), us(701));
  EXPECT_STREQ(verdict.refusal.rule, "ERASE.CORE_BUSY");
  EXPECT_TRUE(bench.judge(bench.request("Status"), us(30)).ok());
  EXPECT_TRUE(bench.judge(bench.request("Get_Feature"), us(701)).ok());
}

// RES-01, SUS-07
TEST(Refusal, StateForbidSuspendNamesTheSuspendedOp) {
  DieBench bench(round_device());
  const Op& erase = bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  const Verdict verdict = bench.judge(bench.request("Get_Feature"), us(250));
  expect_refusal(verdict, Reason::StateForbidSuspend, erase.info.uid, us(100), kNever);
  EXPECT_STREQ(verdict.refusal.rule, "ERASE_SUSPENDED");
}

// RES-01
TEST(Refusal, StateForbidSuspendAlsoWhereNothingIsSuspended) {
  // The table of this device also forbids recovery reads while no program is suspended.
  DieBench bench(
      round_device({{"exclusions_by_suspend_state.NOT_PROGRAM_SUSPENDED", "[PROGRAM_RESUME, RECOVERY_RD]"}}));
  const Verdict verdict = bench.judge(bench.request("Recovery_Read", 0, 0), us(5));
  expect_refusal(verdict, Reason::StateForbidSuspend, 0, 0, 0);
  EXPECT_STREQ(verdict.refusal.rule, "NOT_PROGRAM_SUSPENDED");
}

// RES-01, RES-06
TEST(Refusal, StateForbidOdtHoldsForAllDies) {
  DieBench bench(round_device());
  bench.plan(bench.request("Odt_Off", -1, -1, 0), us(10));
  const Request read = bench.request("Read", 0, 0, 1);
  expect_refusal(bench.judge(read, us(11)), Reason::StateForbidOdt, 0, 0, 0);
  EXPECT_TRUE(bench.judge(read, us(9)).ok()) << "it holds from the END of the op";
  EXPECT_TRUE(bench.judge(bench.request("Get_Feature", -1, -1, 1), us(11)).ok());
  bench.plan(bench.request("Odt_On", -1, -1, 1), us(20));
  EXPECT_FALSE(bench.judge(read, us(21) - 1).ok());
  EXPECT_TRUE(bench.judge(read, us(21)).ok());
}

// RES-01, RES-05
TEST(Refusal, StateForbidCacheNamesTheCacheState) {
  DieBench bench(round_device());
  bench.plan(bench.request("Cache_Read", 0, 0), 0);
  const Verdict verdict = bench.judge(bench.request("Read", 0, 0), us(31));
  expect_refusal(verdict, Reason::StateForbidCache, 0, 0, 0);
  EXPECT_STREQ(verdict.refusal.rule, name(Cache::Read));
}

// RES-01, SUS-07
TEST(Refusal, SuspendedTargetNamesTheSuspendedOp) {
  DieBench bench(round_device());
  const Op& erase = bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  expect_refusal(bench.judge(bench.request("Read", 0, 3), us(250)), Reason::SuspendedTarget, erase.info.uid, us(100),
                 kNever);
}

// RES-01, EPR-02: the reason is the address rule's own; more in address_rules_test.cpp.
TEST(Refusal, AddressRulesComeLast) {
  DieBench bench(round_device_with_epr());
  expect_refusal(bench.judge(bench.request("Read", 0, 0), us(5)), Reason::EprReadBeforeProgram, 0, 0, 0);
}

// SUS-02, SUS-11
TEST(Refusal, NothingToSuspendIsAcceptedAndNothingToResumeIsNot) {
  DieBench bench(round_device());
  const Verdict suspend = bench.judge(bench.request("Erase_Suspend"), us(5));
  EXPECT_TRUE(suspend.ok());
  EXPECT_TRUE(suspend.nothing_to_suspend);
  expect_refusal(bench.judge(bench.request("Erase_Resume"), us(5)), Reason::NothingToResume, 0, 0, 0);
}

// SUS-16
TEST(Refusal, SuspendTooSoonNamesTheTimeThatMustPass) {
  DieBench bench(round_device({{"policies.min_progress_us", "50"}}));
  const Op& erase = bench.plan(bench.request("Erase", 0), us(10));
  expect_refusal(bench.judge(bench.request("Erase_Suspend"), us(60) - 1), Reason::SuspendTooSoon, erase.info.uid,
                 us(10), us(60));
  EXPECT_TRUE(bench.judge(bench.request("Erase_Suspend"), us(60)).ok());
}

// SUS-16
TEST(Refusal, SuspendLimitNamesTheOp) {
  DieBench bench(round_device({{"policies.max_suspends_per_op", "1"}}));
  const Op& erase = bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  bench.plan(bench.request("Erase_Resume"), us(200));
  expect_refusal(bench.judge(bench.request("Erase_Suspend"), us(400)), Reason::SuspendLimit, erase.info.uid, 0, 0);
}

// RES-01: of two that fail the first in order is named.
TEST(RefusalOrder, BusBeforePlanescope) {
  DieBench bench(round_device());
  bench.plan(bench.request("Read", 0, 0), us(50));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Program", 0, 0), us(45))), "bus");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Program", 0, 0), us(40))), "planescope");
}

// RES-01
TEST(RefusalOrder, PlanescopeBeforeExclusionMultiWhicheverIsEarlier) {
  DieBench bench(round_device());
  bench.plan(bench.request("Plane_Read", 1, 0), us(10));
  const Op& same_plane = bench.plan(bench.request("Plane_Read", 0, 0), us(30));
  expect_refusal(bench.judge(bench.request("Read", 2, 0), us(15)), Reason::PlaneScope, same_plane.info.uid, us(30),
                 us(61));
}

// RES-01
TEST(RefusalOrder, ExclusionMultiBeforeExclusion) {
  DieBench bench(round_device());
  bench.plan(bench.request("Plane_Read", 1, 0), us(90));
  bench.plan(bench.request("Dout", 0, 0), us(100));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Read", 0, 0), us(80))), "exclusion_multi");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Plane_Read", 0, 0), us(80))), "exclusion");
}

// RES-01
TEST(RefusalOrder, ExclusionBeforeLatch) {
  DieBench bench(round_device());
  bench.plan(bench.request("Read", 0, 0), 0);
  bench.plan(bench.request("Dout", 0, 0), us(100));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Copyback_Read", 0, 0), us(80))), "exclusion");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Copyback_Read", 0, 0), us(40))), "latch");
}

// RES-01, RES-04
TEST(RefusalOrder, LatchBeforeStateForbid) {
  DieBench bench(round_device());
  bench.plan(bench.request("Load_LSB", 0, 0), 0);
  bench.plan(bench.request("Load_CSB", 0, 0), us(30));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Get_Feature"), us(45))), "latch");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Get_Feature"), us(15))), "state_forbid");
}

// RES-01
TEST(RefusalOrder, StateForbidBeforeSuspendBeforeOdt) {
  DieBench bench(round_device());
  bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase_Suspend"), us(100));
  bench.plan(bench.request("Read", 1, 0), us(300));
  const Request feature = bench.request("Get_Feature");
  EXPECT_EQ(reason_of(bench.judge(feature, us(310))), "state_forbid");
  EXPECT_EQ(reason_of(bench.judge(feature, us(340))), "state_forbid_suspend");
  bench.plan(bench.request("Odt_Off", -1, -1, 1), us(400));
  EXPECT_EQ(reason_of(bench.judge(bench.request("Cache_Read", 1, 0), us(450))), "state_forbid_suspend");
  EXPECT_EQ(reason_of(bench.judge(bench.request("Read", 1, 0), us(450))), "state_forbid_odt");
}

// RES-01
TEST(RefusalOrder, OdtBeforeCacheBeforeAddress) {
  DieBench bench(round_device());
  bench.plan(bench.request("Cache_Read", 0, 0), 0);
  bench.plan(bench.request("Odt_Off", -1, -1, 1), us(100));
  const Request read = bench.request("Read", 0, 99);
  EXPECT_EQ(reason_of(bench.judge(read, us(150))), "state_forbid_odt");
  bench.plan(bench.request("Odt_On", -1, -1, 1), us(200));
  EXPECT_EQ(reason_of(bench.judge(read, us(250))), "state_forbid_cache");
  bench.plan(bench.request("Cache_Read_End", 0, 0), us(300));
  EXPECT_EQ(reason_of(bench.judge(read, us(400))), "epr_address_range");
}

// RES-07: the tables are data: an empty table forbids nothing, whatever the state.
TEST(RefusalTables, AreDataAndNothingElse) {
  DieBench bench(round_device({{"exclusion_groups.on_erase", "[]"}}));
  bench.plan(bench.request("Erase", 0), 0);
  EXPECT_TRUE(bench.judge(bench.request("Get_Feature"), us(30)).ok());
  DieBench cached(round_device({{"exclusions_by_cache_state.ON_CACHE_READ", "[]"}}));
  cached.plan(cached.request("Cache_Read", 0, 0), 0);
  EXPECT_TRUE(cached.judge(cached.request("Read", 0, 0), us(31)).ok());
}

}  // namespace
}  // namespace nandtlm::test
