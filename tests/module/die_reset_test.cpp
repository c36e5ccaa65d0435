// RESET and RESET_LUN as a client on the sockets sees them.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;

class DieReset : public LargePackageTest {
 protected:
  DieReset() { run_for(us(1)); }

  const BlockState& block(std::uint32_t die, std::uint32_t number) const {
    return rig.package.die(die).resources().address().block(number);
  }
  /// Block 0 of die 0 is erased; page 0 is programmed with page(1).
  void prepare_page() {
    rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
    Bytes data = rig.page(1);
    rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  }
  void expect_aborted(const tlm::tlm_generic_payload& payload, Time reset_at, Time consumed) {
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_GENERIC_ERROR_RESPONSE);
    EXPECT_EQ(rig.reason_of(payload), Reason::AbortedByReset);
    EXPECT_EQ(rig.command_of(payload).consumed, consumed);
    EXPECT_EQ(rig.client_of(rig.command_of(payload).die).when(payload, "BEGIN_RESP"), reset_at);
  }
};

// RES-06: a program that is cut by a reset leaves its page corrupt: used up, readable, and marked as failed.
TEST_F(DieReset, ProgramLeavesItsPageCorrupt) {
  prepare_page();
  Bytes data = rig.page(2);
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}}, &data);
  run_for(us(100));
  const Time reset_at = now_ps();
  const auto& reset = rig.run_ok("Synchronous_Reset", 0);
  EXPECT_EQ(rig.clients[0]->when(reset, "BEGIN_RESP"), reset_at + rig.nominal("Synchronous_Reset"));
  expect_aborted(program, reset_at, us(100));
  EXPECT_EQ(block(0, 0).last_page, 1);

  Bytes back = rig.room();
  const auto& read = rig.run_ok("Read_SLC", 0, {{-1, 0, 1}}, &back);
  EXPECT_NE(rig.command_of(read).status & kStatusFail, 0) << "the data cannot be trusted";
  EXPECT_NE(back, rig.page(2));
  EXPECT_NE(back, rig.erased());
  const auto& good = rig.run_ok("Read_SLC", 0, {{-1, 0, 0}}, &back);
  EXPECT_EQ(rig.command_of(good).status & kStatusFail, 0);
  EXPECT_EQ(back, rig.page(1)) << "the page before is as it was";
}

// RES-06: the block of an erase that is cut is not erased.
TEST_F(DieReset, EraseLeavesItsBlockNotErased) {
  prepare_page();
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(5000));
  const Time reset_at = now_ps();
  rig.run_ok("Reset_LUN", 0);
  expect_aborted(erase, reset_at, us(5000));
  EXPECT_EQ(block(0, 0).condition, BlockState::Condition::NotErased);
  const auto& program = rig.run("Page_Program_SLC", 0, {{-1, 0, 0}});
  EXPECT_EQ(rig.reason_of(program), Reason::EprProgramBeforeErase);
}

// RES-06: suspended ops are aborted too, with what they had consumed; the suspended state is over.
TEST_F(DieReset, SuspendedProgramIsAborted) {
  prepare_page();
  Bytes data = rig.page(2);
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}}, &data);
  run_for(us(150));
  rig.run_ok("Program_Suspend_Reset", 0);
  run_for(us(40));
  const Time reset_at = now_ps();
  rig.run_ok("Reset_LUN", 0);
  expect_aborted(program, reset_at, us(150));
  EXPECT_THAT(rig.clients[0]->phases_of(program),
              ElementsAre("END_REQ", "NAND_OP_STARTED", "NAND_OP_SUSPENDED", "BEGIN_RESP"));
  const auto& resume = rig.run("Program_Resume", 0);
  EXPECT_EQ(rig.reason_of(resume), Reason::NothingToResume);
  rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 2}}, &data);
}

// RES-06: latches return to idle: a one-shot program that was being loaded is forgotten.
TEST_F(DieReset, LatchesAreIdle) {
  rig.run_ok("Block_Erase_TLC", 0, {{-1, 0, -1}});
  Bytes data = rig.page(1);
  rig.run_ok("One_Shot_PGM_LSB", 0, {{-1, 0, 0}}, &data);
  rig.run_ok("Reset_LUN", 0);
  const auto& second = rig.run("One_Shot_PGM_CSB", 0, {{-1, 0, 0}}, &data);
  EXPECT_EQ(rig.reason_of(second), Reason::EprOneshotOrder);
  rig.run_ok("One_Shot_PGM_LSB", 0, {{-1, 0, 0}}, &data);
}

// RES-06, SUS-17: RESET_LUN is of one die, RESET of all; responses of other channels come at the same moment.
TEST_F(DieReset, LunAndPackage) {
  const auto& first = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(1));
  const auto& second = rig.send("Block_Erase_SLC", 1, {{-1, 0, -1}});
  const auto& other_channel = rig.send("Block_Erase_SLC", 5, {{-1, 0, -1}});
  run_for(us(100));
  const Time lun_reset_at = now_ps();
  rig.run_ok("Reset_LUN", 1);
  expect_aborted(second, lun_reset_at, us(100));
  EXPECT_FALSE(rig.clients[0]->answered(first));
  run_for(us(100));
  const Time reset_at = now_ps();
  rig.run_ok("Synchronous_Reset", 0);
  expect_aborted(first, reset_at, reset_at - rig.command_of(first).started_at);
  expect_aborted(other_channel, reset_at, reset_at - rig.command_of(other_channel).started_at);
}

// RES-06: what stands in its ISSUE on the other channel is cut with its request.
TEST_F(DieReset, OpInItsIssueOnTheOtherChannel) {
  const auto& erase = rig.send("Block_Erase_SLC", 4, {{-1, 0, -1}});
  run_for(us(0.05));
  const Time reset_at = now_ps();
  rig.run_ok("Synchronous_Reset", 0);
  expect_aborted(erase, reset_at, us(0.05));
  rig.run_ok("Block_Erase_SLC", 4, {{-1, 0, -1}});
}

// RES-06: EVT-01: an op of another die that ends at the instant of the RESET has ended.
TEST_F(DieReset, EndOnAnotherDieComesFirst) {
  const Time end = now_ps() + rig.nominal("Block_Erase_SLC");
  const auto& erase = rig.send("Block_Erase_SLC", 4, {{-1, 0, -1}});
  run_to(end);
  rig.run_ok("Synchronous_Reset", 0);
  EXPECT_TRUE(erase.is_response_ok()) << rig.refusal_text(erase);
  EXPECT_EQ(rig.clients[1]->when(erase, "BEGIN_RESP"), end);
}

// RES-06: a reset over a reset: of one die while all are being reset, and the other way round.
TEST_F(DieReset, ResetOverReset) {
  for (const std::uint32_t lun : {0U, 1U, 5U}) {
    SCOPED_TRACE(lun);
    rig.send("Synchronous_Reset", 0);
    run_for(us(10));
    rig.run_ok("Reset_LUN", lun);
    run_for(us(100));
    rig.send("Reset_LUN", lun);
    run_for(us(10));
    rig.run_ok("Synchronous_Reset", 0);
    run_for(us(100));
    rig.send("Synchronous_Reset", 0);
    run_for(us(10));
    rig.run_ok("Synchronous_Reset", lun);
    run_for(us(100));
    for (std::uint32_t die = 0; die < 8; ++die) {
      rig.run_ok("Block_Erase_SLC", die, {{-1, 0, -1}});
      EXPECT_EQ(rig.package.die(die).resources().timeline().size(), 0U);
    }
  }
}

// RES-06: nothing else starts while a reset is busy; a status read sees it.
TEST_F(DieReset, DieIsBusyDuringReset) {
  rig.send("Synchronous_Reset", 0);
  run_for(us(1));
  for (const std::uint32_t die : {0U, 1U, 7U}) {
    EXPECT_EQ(rig.command_of(rig.run_ok("LUN_Status_Read_for_LUN0", die)).ready, ReadyState::Busy);
    const auto& erase = rig.run("Block_Erase_SLC", die, {{-1, 0, -1}});
    EXPECT_FALSE(erase.is_response_ok());
  }
  run_for(us(40));
  EXPECT_EQ(rig.command_of(rig.run_ok("LUN_Status_Read_for_LUN0", 7)).ready, ReadyState::Ready);
}

}  // namespace
}  // namespace nandtlm
