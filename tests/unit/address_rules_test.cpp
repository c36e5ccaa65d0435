// Which page may be erased, programmed and read (SPEC section 8), judged by the state that will hold at the start.
#include "model/die/address_rules.h"

#include <gtest/gtest.h>

#include "tests/support/die_bench.h"

namespace nandtlm::test {
namespace {

/// A device with the address rules on; blocks 0, 2, 4 and 6 are in plane 0, the others in plane 1.
class AddressRulesTest : public ::testing::Test {
 protected:
  explicit AddressRulesTest(const Overrides& overrides = {}) : bench(round_device_with_epr(overrides)) {}

  std::string at(Time start, const char* op, std::int32_t block, std::int32_t page) {
    return name(bench.judge(bench.request(op, block, page), start).refusal.reason);
  }
  /// Judged when all that is planned is over.
  std::string later(const char* op, std::int32_t block, std::int32_t page) { return at(us(90'000), op, block, page); }
  Op& plan(const char* op, std::int32_t block, std::int32_t page = 0) {
    return bench.plan(bench.request(op, block, page), bench.now());
  }

  DieBench bench;
};

// EPR-01
TEST_F(AddressRulesTest, BlocksGoFromNotErasedToErasedToAPage) {
  const AddressRules& rules = bench.die().address();
  EXPECT_EQ(rules.block(0).condition, BlockState::Condition::NotErased);
  plan("Erase", 0);
  plan("Program", 0, 0);
  bench.run_to(us(700));
  EXPECT_EQ(rules.block(0).condition, BlockState::Condition::NotErased) << "not before its end (SUS-13)";
  bench.run_to(us(701));
  EXPECT_EQ(rules.block(0).condition, BlockState::Condition::Erased);
  EXPECT_EQ(rules.block(0).last_page, -1);
  bench.run_to(us(1011));
  EXPECT_EQ(rules.block(0).last_page, 0);
}

// EPR-02
TEST_F(AddressRulesTest, ProgramsAscendInAnErasedBlock) {
  EXPECT_EQ(later("Program", 0, 0), "epr_program_before_erase");
  plan("Erase", 0);
  EXPECT_EQ(later("Program", 0, 1), "epr_page_not_ascending");
  plan("Program", 0, 0);
  EXPECT_EQ(later("Program", 0, 0), "epr_programs_on_same_page");
  EXPECT_EQ(later("Program", 0, 2), "epr_page_not_ascending");
  EXPECT_EQ(later("Program", 0, 1), "none");
  plan("Erase", 0);
  EXPECT_EQ(later("Program", 0, 0), "none");
  EXPECT_EQ(later("Program", 0, 1), "epr_page_not_ascending");
}

// EPR-02: for every base that programs, not for some.
TEST_F(AddressRulesTest, HoldForEveryBaseThatPrograms) {
  for (const char* op : {"Program", "Plane_Program", "Cache_Program", "Load_LSB", "Load_CSB", "Load_MSB", "Exec"}) {
    EXPECT_EQ(later(op, 0, 0), "epr_program_before_erase") << op;
  }
  EXPECT_EQ(name(bench.judge(bench.on_planes("Program_Multi", {{-1, 0, 0}, {-1, 1, 0}}), 0).refusal.reason),
            std::string("epr_program_before_erase"));
}

// EPR-02
TEST_F(AddressRulesTest, ReadsOfProgrammedPagesWithTheSameCells) {
  plan("Erase", 0);
  EXPECT_EQ(later("Read", 0, 0), "epr_read_before_program");
  plan("Program", 0, 0);
  EXPECT_EQ(later("Read", 0, 0), "none");
  EXPECT_EQ(later("Read", 0, 1), "epr_read_before_program");
  EXPECT_EQ(later("Read_TLC", 0, 0), "epr_different_celltypes_on_same_block");
  EXPECT_EQ(later("Load_LSB", 0, 1), "epr_different_celltypes_on_same_block");
  plan("Erase_TLC", 2);
  EXPECT_EQ(later("Program", 2, 0), "epr_different_celltypes_on_same_block");
}

// EPR-02
struct AddressRulesGuard : AddressRulesTest {
  AddressRulesGuard() : AddressRulesTest({{"constraints.epr.offset_guard", "2"}}) {}
};
TEST_F(AddressRulesGuard, KeepsReadsBelowTheLastPage) {
  plan("Erase", 0);
  for (std::int32_t page = 0; page < 4; ++page) plan("Program", 0, page);
  EXPECT_EQ(later("Read", 0, 1), "none");
  EXPECT_EQ(later("Read", 0, 2), "epr_read_before_program");
}

// EPR-02: range, with the plane that a block does not sit in among them.
TEST_F(AddressRulesTest, RangeOfEveryPart) {
  EXPECT_EQ(later("Read", 8, 0), "epr_address_range");
  EXPECT_EQ(later("Read", 0, 16), "epr_address_range");
  EXPECT_EQ(later("Erase", 99, 0), "epr_address_range");
  const auto judged = [&](const char* op, const TargetList& targets) {
    Request request = bench.request(op);
    request.targets = targets;
    return std::string(name(bench.judge(request, us(90'000)).refusal.reason));
  };
  EXPECT_EQ(judged("Read", {{2, 0, 0}}), "epr_address_range");
  EXPECT_EQ(judged("Read", {{1, 0, 0}}), "epr_address_range") << "block 0 sits in plane 0";
  EXPECT_EQ(judged("Read", {}), "epr_address_range");
  EXPECT_EQ(judged("Read", {{0, 0, -1}}), "epr_address_range") << "no page";
  EXPECT_EQ(judged("Read", {{0, -2, 0}}), "epr_address_range");
  EXPECT_EQ(judged("Dout", {{7, -1, -1}}), "epr_address_range");
}

// EPR-02
TEST_F(AddressRulesTest, MultiPlaneTargetsMatch) {
  const auto judged = [&](const char* op, const TargetList& targets) {
    return std::string(name(bench.judge(bench.on_planes(op, targets), us(90'000)).refusal.reason));
  };
  for (const std::int32_t block : {0, 1, 2, 3}) {
    plan("Erase", block);
    plan("Program", block, 0);
  }
  EXPECT_EQ(judged("Read_Multi", {{-1, 0, 0}, {-1, 1, 0}}), "none");
  EXPECT_EQ(judged("Read_Multi", {{-1, 1, 0}, {-1, 0, 0}}), "epr_multiplane_mismatch") << "planes ascend";
  EXPECT_EQ(judged("Read_Multi", {{-1, 0, 0}, {-1, 2, 0}}), "epr_multiplane_mismatch") << "one plane twice";
  EXPECT_EQ(judged("Read_Multi", {{-1, 0, 0}, {-1, 3, 0}}), "epr_multiplane_mismatch") << "another block row";
  EXPECT_EQ(judged("Read_Multi", {{-1, 0, 0}, {-1, 1, 1}}), "epr_multiplane_mismatch") << "another page";
  EXPECT_EQ(judged("Read", {{-1, 0, 0}, {-1, 1, 0}}), "epr_multiplane_mismatch") << "a single-plane op";
  EXPECT_EQ(judged("Program_Multi", {{-1, 0, 1}, {-1, 1, 1}}), "none");
}

// EPR-02: one plane of several that is not ready refuses the whole op.
TEST_F(AddressRulesTest, EveryTargetIsJudged) {
  plan("Erase", 0);
  EXPECT_EQ(name(bench.judge(bench.on_planes("Program_Multi", {{-1, 0, 0}, {-1, 1, 0}}), us(5000)).refusal.reason),
            std::string("epr_program_before_erase"));
  plan("Erase", 1);
  plan("Program", 1, 0);
  EXPECT_EQ(name(bench.judge(bench.on_planes("Program_Multi", {{-1, 0, 0}, {-1, 1, 0}}), us(5000)).refusal.reason),
            std::string("epr_programs_on_same_page"));
}

// EPR-01
TEST(AddressRulesBad, BadBlocksTakeNothing) {
  auto device = std::make_shared<Device>(*round_device_with_epr());
  device->bad_blocks = {BadBlock{0, 3}};
  DieBench bench(device);
  for (const char* op : {"Erase", "Program", "Read"}) {
    EXPECT_STREQ(name(bench.judge(bench.request(op, 3, 0, 0), 0).refusal.reason), "epr_bad_block") << op;
    EXPECT_STRNE(name(bench.judge(bench.request(op, 3, 0, 1), 0).refusal.reason), "epr_bad_block")
        << "of the other die";
  }
}

// EPR-04
TEST_F(AddressRulesTest, AOneshotProgramIsOnePage) {
  plan("Erase_TLC", 0);
  EXPECT_EQ(later("Load_CSB", 0, 0), "epr_oneshot_order");
  EXPECT_EQ(later("Exec", 0, 0), "epr_oneshot_order");
  plan("Load_LSB", 0, 0);
  EXPECT_EQ(later("Load_LSB", 0, 0), "epr_oneshot_order");
  EXPECT_EQ(later("Load_MSB", 0, 0), "epr_oneshot_order");
  plan("Load_CSB", 0, 0);
  plan("Load_MSB", 0, 0);
  EXPECT_EQ(later("Load_CSB", 0, 0), "epr_oneshot_order");
  EXPECT_EQ(later("Load_CSB", 0, 1), "epr_page_not_ascending") << "the page in progress comes first";
  plan("Exec", 0, 0);
  EXPECT_EQ(later("Load_LSB", 0, 0), "epr_programs_on_same_page");
  EXPECT_EQ(later("Load_LSB", 0, 1), "none");
  EXPECT_EQ(later("Read_TLC", 0, 0), "none");
  bench.run_to(us(10'000));
  EXPECT_EQ(bench.die().address().block(0).last_page, 0) << "programmed once";
}

// EPR-03: reserved ops before it count, those after it do not.
TEST_F(AddressRulesTest, LookAtTheStateAtTheStart) {
  plan("Erase", 0);                                      // [0, 701)
  bench.plan(bench.request("Program", 0, 0), us(1000));  // [1000, 1310)
  EXPECT_EQ(at(us(1310), "Read", 0, 0), "none");
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0), us(701)).start, us(1310)) << "time cures it";
  EXPECT_EQ(at(us(701), "Read", 0, 0), "epr_read_before_program");
  EXPECT_EQ(bench.feasible(bench.request("Program", 0, 1), 0).start, us(1310));
  EXPECT_FALSE(bench.feasible(bench.request("Program", 0, 2), 0).ok());
}

// EPR-03: nothing gets in before a reserved program and takes its page away, or its erased block.
TEST_F(AddressRulesTest, ReservedProgramsKeepTheirPage) {
  plan("Erase", 0);
  plan("Program", 0, 0);
  const Op& reserved = bench.plan(bench.request("Program", 0, 1), us(5000));
  const Verdict twice = bench.judge(bench.request("Program", 0, 1), us(2000));
  EXPECT_STREQ(name(twice.refusal.reason), "epr_programs_on_same_page");
  EXPECT_EQ(twice.refusal.blocker, reserved.info.uid);
  EXPECT_EQ(at(us(2000), "Erase", 0, 0), "epr_page_not_ascending");
  EXPECT_EQ(at(us(2000), "Erase", 2, 0), "none");
  EXPECT_EQ(bench.feasible(bench.request("Erase", 0), us(2000)).start, us(5310));
}

// EPR-03
TEST_F(AddressRulesTest, ReservedReadsKeepTheirPage) {
  plan("Erase", 0);
  plan("Program", 0, 0);
  const Op& read = bench.plan(bench.request("Read", 0, 0), us(5000));
  const Verdict erase = bench.judge(bench.request("Erase", 0), us(2000));
  EXPECT_STREQ(name(erase.refusal.reason), "epr_read_before_program");
  EXPECT_EQ(erase.refusal.blocker, read.info.uid);
  EXPECT_EQ(bench.feasible(bench.request("Erase", 0), us(2000)).start, us(5031));
}

// EPR-03: a suspended program has not programmed yet; its page is taken all the same.
TEST_F(AddressRulesTest, SuspendedOpsCount) {
  plan("Erase", 0);
  plan("Program", 0, 0);
  bench.run_to(us(800));
  plan("Program_Suspend", -1);
  EXPECT_EQ(at(us(1000), "Read", 0, 0), "suspended_target");
  EXPECT_EQ(at(us(1000), "Recovery_Read", 0, 0), "none");
  EXPECT_EQ(at(us(1000), "Recovery_Read", 4, 9), "none");
  plan("Program_Resume", -1);  // at 900, goes on at 1050
  EXPECT_EQ(bench.feasible(bench.request("Program", 0, 1), us(900)).start, us(1050 + 211));
  EXPECT_EQ(bench.feasible(bench.request("Read", 0, 0), us(900)).start, us(1050 + 211));
}

// EPR-03: so has one in the backlog.
TEST_F(AddressRulesTest, BackloggedOpsCount) {
  plan("Erase", 0);
  plan("Program", 0, 0);
  const Op& waits = plan("Program", 0, 1);
  bench.run_to(us(800));
  plan("Program_Suspend", -1);
  plan("Program_Resume", -1);
  bench.run_to(us(3000));
  ASSERT_EQ(waits.life, Life::Backlogged);
  const Verdict erase = bench.feasible(bench.request("Erase", 0), us(3000));
  EXPECT_STREQ(name(erase.refusal.reason), "epr_page_not_ascending") << "it would make an accepted program illegal";
  EXPECT_EQ(erase.refusal.blocker, waits.info.uid);
  EXPECT_TRUE(bench.feasible(bench.request("Erase", 1), us(3000)).ok());
}

// EPR-02
struct AddressRulesAnyBlock : AddressRulesTest {
  AddressRulesAnyBlock() : AddressRulesTest({{"constraints.epr.disable_program_before_erase", "true"}}) {}
};
TEST_F(AddressRulesAnyBlock, MayTakeProgramsWithoutAnErase) {
  EXPECT_EQ(later("Program", 0, 5), "none");
  plan("Program", 0, 5);
  EXPECT_EQ(later("Program", 0, 5), "epr_programs_on_same_page");
  EXPECT_EQ(later("Program", 0, 6), "none");
  EXPECT_EQ(later("Read", 0, 5), "none");
}

}  // namespace
}  // namespace nandtlm::test
