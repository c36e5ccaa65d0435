// The earliest start (RES-02), compared with a search that takes no shortcuts, and with what a die says on the day.
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"
#include "tests/support/random_plan.h"

namespace nandtlm::test {
namespace {

bool controls(const Device& device, const Request& request) {
  return device.base_of(request.op).effects.controls != Family::None;
}

// RES-02
TEST(Feasible, SearchesPastLaterReservationsIntoGaps) {
  DieBench bench(round_device());
  bench.plan(bench.request("Read", 0, 0), 0);        // [0, 31)
  bench.plan(bench.request("Read", 0, 0), us(61));   // [61, 92): a gap of 30
  bench.plan(bench.request("Read", 0, 0), us(123));  // [123, 154): a gap of 31
  EXPECT_EQ(bench.feasible(bench.request("Read", 2, 0), 0).start, us(92)) << "30 is too short, 31 fits exactly";
  EXPECT_EQ(bench.feasible(bench.request("Cache_Read_End", 2, 0), 0).start, us(154));
  EXPECT_EQ(bench.feasible(bench.request("Program", 2, 0), 0).start, us(154));
}

// RES-02
TEST(Feasible, FindsTheSmallGapAgainAfterALongerRequestDidNotFit) {
  DieBench bench(round_device());
  bench.plan(bench.request("Plane_Read", 0, 0), 0);
  bench.plan(bench.request("Plane_Read", 0, 0), us(70));
  EXPECT_EQ(bench.feasible(bench.request("Cache_Read_End", 0, 0), 0).start, us(101));
  EXPECT_EQ(bench.feasible(bench.request("Plane_Read", 0, 0), 0).start, us(31));
  EXPECT_EQ(bench.feasible(bench.request("Cache_Read_End", 0, 0), 0).start, us(101));
}

// RES-02
TEST(Feasible, TakesTheGapThatARemovalOpened) {
  DieBench bench(round_device());
  Op& first = bench.plan(bench.request("Erase", 0), 0);
  bench.plan(bench.request("Erase", 1), us(701));
  EXPECT_EQ(bench.feasible(bench.request("Read", 2, 0), 0).start, us(1402));
  bench.plan(bench.request("Erase_Suspend"), us(100));
  EXPECT_EQ(bench.feasible(bench.request("Read", 2, 0), 0).start, us(200)) << "cut and revoked, the die is free";
  EXPECT_EQ(first.piece().end(), us(100));
}

// RES-02: a rule that time cannot satisfy is answered with its reason.
TEST(Feasible, SaysWhyThereIsNone) {
  DieBench bench(round_device());
  bench.plan(bench.request("Cache_Read", 0, 0), 0);
  const Verdict verdict = bench.feasible(bench.request("Program", 0, 0), 0);
  EXPECT_FALSE(verdict.ok());
  EXPECT_STREQ(name(verdict.refusal.reason), "state_forbid_cache");
}

// RES-02: states hold from the time of the op, not from the moment it was planned.
TEST(Feasible, StateOfAPlannedOpHoldsFromItsOwnTime) {
  DieBench bench(round_device());
  bench.plan(bench.request("Cache_Read", 0, 0), us(1000));
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0), us(5)).start, us(5));
  EXPECT_STREQ(name(bench.feasible(bench.request("Read", 0, 0), us(990)).refusal.reason), "state_forbid_cache");
  bench.plan(bench.request("Cache_Read_End", 0, 0), us(2000));
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0), us(990)).start, us(2051))
      << "ended at the END of the ending op";
}

// RES-02: a plan that would make something illegal that is reserved for later is not made. A read sets its latch.
TEST(Feasible, LatchOfAReadSparesWhatIsReservedForLater) {
  DieBench bench(round_device());
  const Op& copyback = bench.plan(bench.request("Copyback_Read", 0, 0), us(100));
  const Verdict verdict = bench.judge(bench.request("Read", 0, 0), us(10));
  EXPECT_STREQ(name(verdict.refusal.reason), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, copyback.info.uid);
  EXPECT_TRUE(bench.judge(bench.request("Read", 1, 0), us(10)).ok());
}

// RES-02: a die-wide op stands on all planes, whichever it addresses.
TEST(Feasible, StatesOfADieWideOpSpareTheOtherPlane) {
  DieBench bench(round_device());
  const Op& dout = bench.plan(bench.request("Dout", 1, 0), us(100));
  const Verdict verdict = bench.judge(bench.request("Erase", 0), us(50));
  EXPECT_STREQ(name(verdict.refusal.reason), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, dout.info.uid);
}

// RES-02, RES-04: a one-shot latch is set on all planes of the die.
TEST(Feasible, LatchOfALoadSparesTheOtherPlane) {
  DieBench bench(round_device());
  const Op& read = bench.plan(bench.request("Read", 1, 0), us(100));
  const Verdict verdict = bench.judge(bench.request("Load_LSB", 0, 0), us(10));
  EXPECT_STREQ(name(verdict.refusal.reason), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, read.info.uid);
}

// RES-02, RES-06
TEST(Feasible, OdtOffSparesWhatIsReservedForLaterOnAnyDie) {
  DieBench bench(round_device());
  const Op& read = bench.plan(bench.request("Read", 0, 0, 1), us(100));
  const Verdict verdict = bench.judge(bench.request("Odt_Off", -1, -1, 0), us(10));
  EXPECT_STREQ(name(verdict.refusal.reason), "exclusion");
  EXPECT_EQ(verdict.refusal.blocker, read.info.uid);
  EXPECT_EQ(bench.feasible(bench.request("Odt_Off", -1, -1, 0), us(10)).start, us(101)) << "behind the read's ISSUE";
}

struct Seeded : ::testing::TestWithParam<std::uint32_t> {};

// RES-02: feasible_at() is the smallest start that judge_at() takes, and neither leaves a trace.
TEST_P(Seeded, EarliestStartIsTheEarliest) {
  DieBench bench(round_device({{"exclusion_groups.on_erase", "{all_except: [always, ERASE_SUSPEND, GETFEATURE]}"}}));
  RandomOps ops(bench, GetParam());
  std::size_t found = 0;
  for (int i = 0; i < 300; ++i) {
    const WantedOp wanted = ops.next(us(1500));
    const std::string before = i % 10 == 0 ? dump(bench) : std::string();
    const Verdict verdict = bench.feasible(wanted.request, wanted.not_before);
    if (!controls(bench.device(), wanted.request)) {
      const Time expected = brute_force_start(bench, wanted.request, wanted.not_before);
      ASSERT_EQ(verdict.ok() ? verdict.start : kNever, expected)
          << bench.device().op(wanted.request.op).name << " from " << wanted.not_before << " step " << i << ' '
          << name(verdict.refusal.reason) << '\n'
          << dump(bench);
    }
    if (!before.empty()) {
      ASSERT_EQ(before, dump(bench)) << "step " << i;
    }
    found += verdict.ok() ? 1 : 0;
    // Half of what is feasible stays open, so that other requests meet the same plan.
    if (verdict.ok() && !ops.dice().one_in(3)) bench.plan(wanted.request, wanted.not_before);
    if (ops.dice().one_in(4)) bench.run_to(bench.now() + us(ops.dice().below(200)));
    if (ops.dice().one_in(4)) bench.run_through(bench.now());
  }
  EXPECT_GT(found, 20U) << "the mix must not jam";
}

/// Carries out every start of a plan on a second die that plans nothing ahead: would it take the op now?
class Mirror {
 public:
  Mirror(DieBench& planned, std::shared_ptr<const Device> device) : planned_(planned), bench_(std::move(device)) {
    planned.on_start = [this](const Op& op, Time at) { start(op, at); };
  }
  DieBench& bench() { return bench_; }

 private:
  void start(const Op& op, Time at) {
    bench_.run_to(at);
    Request request;
    request.op = op.info.op;
    request.die = op.info.die;
    request.targets = op.info.targets;
    request.uid = op.info.uid;
    Verdict verdict = bench_.judge(request, at);
    // What the kept states of a RESUME must not meet, the plan may have cured with an op that has not started yet.
    if (verdict.refusal.reason == Reason::Exclusion) {
      verdict.refusal = Refusal();
      verdict.start = at;
    }
    ASSERT_TRUE(verdict.ok()) << op.spec->name << " uid " << op.info.uid << " starts at " << at << " but the die says "
                              << name(verdict.refusal.reason) << " (" << verdict.refusal.rule << ") by uid "
                              << verdict.refusal.blocker;
    ASSERT_EQ(verdict.nothing_to_suspend, op.nothing_to_suspend)
        << op.spec->name << " uid " << op.info.uid << " at " << at << '\n'
        << dump(planned_) << dump(bench_);
    Journal journal(Journal::Mode::Final);
    bench_.die(op.info.die).reserve(request, verdict, nullptr, journal);
    bench_.run_through(at);
  }

  DieBench& planned_;
  DieBench bench_;
};

/// Random plans with suspends and resumes planned ahead; whoever is revoked stays away.
void compare_with_mirror(const std::shared_ptr<const Device>& device, std::uint32_t seed,
                         std::uint32_t prepared_blocks) {
  DieBench bench(device);
  Mirror mirror(bench, device);
  for (std::uint32_t block = 0; block < prepared_blocks; ++block) {
    for (std::uint32_t die = 0; die < 2; ++die) {
      bench.plan(bench.request(block == 1 ? "Erase_TLC" : "Erase", static_cast<std::int32_t>(block), -1, die), 0);
    }
  }
  bench.run_to(us(4000));
  RandomOps ops(bench, seed, prepared_blocks == 0 ? Mix() : busy_blocks());
  for (int i = 0; i < 1000 && !::testing::Test::HasFatalFailure(); ++i) {
    const WantedOp wanted = ops.next(us(2500));
    if (bench.feasible(wanted.request, wanted.not_before).ok()) bench.plan(wanted.request, wanted.not_before);
    if (ops.dice().one_in(5)) bench.run_to(bench.now() + us(ops.dice().below(400)));
  }
  bench.run_to(bench.now() + us(1000));
  EXPECT_GT(bench.log.size(), 50U) << "the mix must not jam";
}

// RES-02, RES-04, RES-05: whatever was planned ahead, no op starts where the tables and states forbid it.
TEST_P(Seeded, NothingStartsAgainstTheTables) {
  compare_with_mirror(round_device(), GetParam(), 0);
}

// EPR-03: the same for the address rules.
TEST_P(Seeded, NothingStartsAgainstTheAddressRules) {
  compare_with_mirror(round_device_with_epr(), GetParam(), 4);
}

INSTANTIATE_TEST_SUITE_P(RandomPlans, Seeded, ::testing::Range(1U, 21U));

}  // namespace
}  // namespace nandtlm::test
