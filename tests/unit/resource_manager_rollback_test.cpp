// Planning is transactional: what is rolled back never was (RES-03).
#include <gtest/gtest.h>

#include "tests/support/die_bench.h"
#include "tests/support/random_plan.h"

namespace nandtlm::test {
namespace {

struct Rollback : ::testing::TestWithParam<std::uint32_t> {};

/// Random transactions over both dies, SUSPEND and RESUME planned ahead among them; half of them are rolled back.
void roll_back_half(const std::shared_ptr<const Device>& device, std::uint32_t seed, const Mix& mix) {
  DieBench bench(device);
  for (std::int32_t block = 0; block < 3; ++block) {
    for (std::uint32_t die = 0; die < 2; ++die) bench.plan(bench.request("Erase", block, -1, die), 0);
  }
  RandomOps ops(bench, seed, mix);
  int cuts = 0;
  for (int i = 0; i < 300; ++i) {
    Journal journal(Journal::Mode::Undoable);
    const std::string before = dump(bench);
    const std::size_t revoked = bench.revoked.entries.size();
    const std::uint32_t size = 1 + ops.dice().below(6);
    for (std::uint32_t k = 0; k < size; ++k) {
      const WantedOp wanted = ops.next(us(1500));
      const Op* op = bench.plan(wanted.request, wanted.not_before, journal);
      if (op != nullptr && op->effects().action == Action::Suspend && !op->nothing_to_suspend) ++cuts;
    }
    if (ops.dice().one_in(2)) {
      journal.rollback();
      ASSERT_EQ(before, dump(bench)) << "step " << i;
      ASSERT_EQ(revoked, bench.revoked.entries.size()) << "nobody hears of what never was";
    } else {
      journal.commit();
    }
    if (ops.dice().one_in(3)) bench.run_to(bench.now() + us(ops.dice().below(300)));
    if (ops.dice().one_in(5)) bench.run_through(bench.now());
  }
  EXPECT_GT(cuts, 0);
}

// RES-03
TEST_P(Rollback, LeavesEverythingAsBefore) {
  Mix mix;
  mix.writes = {"Program", "Plane_Program", "Erase", "Cache_Program", "Odt_Off", "Odt_On", "Odt_On"};
  mix.written = 40;
  mix.suspended = 20;
  mix.resumed = 20;
  roll_back_half(round_device(), GetParam(), mix);
}

// RES-03, EPR-03
TEST_P(Rollback, LeavesTheBlocksAsBefore) {
  Mix mix = busy_blocks();
  mix.suspended = 15;
  mix.resumed = 15;
  roll_back_half(round_device_with_epr(), GetParam(), mix);
}

INSTANTIATE_TEST_SUITE_P(RandomBatches, Rollback, ::testing::Range(1U, 16U));

// RES-03, SUS-09: a SUSPEND, a read, the RESUME and a second SUSPEND, all planned ahead, all undone.
TEST(RollbackOfSuspend, UndoesACutARevocationAndAResume) {
  DieBench bench(round_device());
  bench.plan(bench.request("Program", 0, 0), 0);
  bench.plan(bench.request("Program", 0, 1), 0);
  bench.plan(bench.request("Read", 3, 0), us(700));
  bench.run_to(us(50));
  const std::string before = dump(bench);
  Journal journal(Journal::Mode::Undoable);
  ASSERT_NE(bench.plan(bench.request("Program_Suspend"), us(100), journal), nullptr);
  ASSERT_NE(bench.plan(bench.request("Read", 1, 0), us(200), journal), nullptr);
  ASSERT_NE(bench.plan(bench.request("Program_Resume"), us(200), journal), nullptr);
  ASSERT_NE(bench.plan(bench.request("Program_Suspend"), us(450), journal), nullptr);
  EXPECT_NE(before, dump(bench));
  journal.rollback();
  EXPECT_EQ(before, dump(bench));
  // The second program still starts at its time, and the bus is as free as it was.
  bench.run_through(us(310));
  EXPECT_EQ(bench.log.back(), "310 start 2");
}

}  // namespace
}  // namespace nandtlm::test
