// Batches over several dies, all or none (RES-03), what makes a batch malformed, and planning far ahead.
#include <gtest/gtest.h>

#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

using SchedulerBatch = SystemCTest;

std::string reason_of(const SchedulerBench& bench) {
  return name(bench.decision().refusal.reason);
}

// RES-03
TEST_F(SchedulerBatch, OverSeveralDiesIsAllOrNone) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 0, -1, 0), bench.request("Erase", 0, -1, 1)});
  bench.run_to(us(100));
  const Uid next = bench.package.state().ops.next_uid();
  EXPECT_EQ(bench.submit({bench.request("Erase_Suspend", -1, -1, 0), bench.request("Erase_Suspend", -1, -1, 1),
                          bench.request("Program", 1, 0, 0)}),
            0U);
  EXPECT_EQ(reason_of(bench), "epr_program_before_erase");
  EXPECT_EQ(bench.decision().refused_index, 2U);
  EXPECT_EQ(bench.package.state().ops.next_uid(), next);
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", 1), us(701));
  EXPECT_EQ(bench.log.when("end", 2), us(702));
  EXPECT_EQ(bench.counters().suspends, 0);
  bench.expect_all_ended_once();
}

// RES-03: also what was to wait in a backlog is taken back.
TEST_F(SchedulerBatch, ARefusalTakesBackWhatWasQueued) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Program", 0, 0));
  bench.run_to(us(100));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(us(300));
  EXPECT_EQ(bench.submit({bench.request("Program", 0, 1), bench.request("Erase_Resume")}), 0U);
  EXPECT_EQ(bench.scheduler.backlog_size(0, Family::Program), 0U);
  bench.submit(bench.request("Program_Resume"));
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// RES-02: in a batch no op starts before the one before it on its die.
TEST_F(SchedulerBatch, KeepsItsOrderOnADie) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Erase", 0, -1, 0));
  bench.submit({bench.request("Erase", 1, -1, 0), bench.request("Status", -1, -1, 0), bench.request("Read", 0, 0, 1)});
  EXPECT_EQ(bench.decision().starts[0], us(701));
  EXPECT_EQ(bench.decision().starts[1], us(702));
  EXPECT_EQ(bench.decision().starts[2], us(1)) << "the other die does not wait";
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

// TLM-04: malformed batches are refused and leave nothing.
TEST_F(SchedulerBatch, MalformedBatchesAreRefused) {
  SchedulerBench bench(round_device());
  Request no_op = bench.request("Read", 0, 0);
  no_op.op = OpId(9999);
  EXPECT_EQ(bench.submit(no_op), 0U);
  EXPECT_EQ(reason_of(bench), "malformed");
  EXPECT_EQ(bench.submit({bench.request("Status"), bench.request("Reset")}), 0U);
  EXPECT_EQ(reason_of(bench), "malformed");
  EXPECT_EQ(bench.submit(std::vector<Request>()), 0U);
  EXPECT_EQ(reason_of(bench), "malformed");
  Request no_die = bench.request("Read", 0, 0);
  no_die.die = 7;
  EXPECT_EQ(bench.submit(no_die), 0U);
  EXPECT_EQ(reason_of(bench), "epr_address_range");
  bench.run_to(us(10));
  Request too_late = bench.from(us(5), bench.request("Read", 0, 0));
  too_late.exact = true;
  EXPECT_EQ(bench.submit(too_late), 0U);
  EXPECT_EQ(reason_of(bench), "malformed");
  EXPECT_EQ(bench.package.state().ops.live(), 0U);
  bench.expect_all_ended_once();
}

// RES-02: exactly then, or not at all.
TEST_F(SchedulerBatch, AnExactStartIsKeptOrRefused) {
  SchedulerBench bench(round_device());
  bench.submit(bench.request("Read", 0, 0));
  Request exact = bench.from(us(20), bench.request("Read", 0, 0));
  exact.exact = true;
  EXPECT_EQ(bench.submit(exact), 0U);
  EXPECT_EQ(reason_of(bench), "planescope");
  exact.not_before = us(31);
  EXPECT_NE(bench.submit(exact), 0U);
  EXPECT_EQ(bench.decision().starts.front(), us(31));
}

// RES-02, EPR-03: a thousand reservations ahead on each die, every rule among them, run as planned.
TEST_F(SchedulerBatch, AThousandReservationsAheadRunAsPlanned) {
  SchedulerBench bench(round_device_with_epr());
  std::map<Uid, Time> planned;
  for (std::uint32_t die = 0; die < 2; ++die) {
    for (int i = 0; i < 1'000; ++i) {
      // Per block: an erase, sixteen programs, eight reads of them.
      const int k = i % 25;
      const auto block = static_cast<std::int32_t>(i / 25 % 8);
      const Request request = k == 0    ? bench.request("Erase", block, -1, die)
                              : k <= 16 ? bench.request("Program", block, k - 1, die)
                                        : bench.request("Read", block, k - 17, die);
      const Uid uid = bench.submit(request);
      ASSERT_NE(uid, 0U) << i << ' ' << reason_of(bench);
      planned[uid] = bench.decision().starts.front();
    }
  }
  ASSERT_TRUE(bench.drain());
  for (const auto& [uid, start] : planned) ASSERT_EQ(bench.log.when("start", uid), start) << uid;
  bench.expect_all_ended_once();
}

// EPR-03: programs and reads behind each other need nobody's patience.
TEST_F(SchedulerBatch, AChainOfProgramAndReadIsOneBatch) {
  SchedulerBench bench(round_device_with_epr());
  bench.submit({bench.request("Erase", 4), bench.request("Program", 4, 0), bench.request("Read", 4, 0)});
  EXPECT_EQ(bench.decision().starts, (std::vector<Time>{0, us(701), us(1011)}));
  EXPECT_EQ(bench.submit({bench.request("Erase", 5), bench.request("Program", 5, 1)}), 0U);
  EXPECT_EQ(reason_of(bench), "epr_page_not_ascending");
  ASSERT_TRUE(bench.drain());
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
