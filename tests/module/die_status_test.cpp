// What a status read answers.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

class DieStatus : public SmallPackageTest {
 protected:
  DieStatus() { run_for(us(1)); }

  void expect_status(ReadyState ready, const std::string& op = "Read_Status_Enhanced_70h",
                     const TargetList& targets = {}) {
    Bytes byte(1, 0);
    const auto& payload = rig.run_ok(op, 0, targets, &byte);
    EXPECT_EQ(rig.command_of(payload).ready, ready);
    std::uint8_t expected = kStatusNotProtected;
    if (ready != ReadyState::Busy) expected |= kStatusReady;
    if (ready == ReadyState::Ready) expected |= kStatusArrayReady;
    EXPECT_EQ(byte[0], expected);
    EXPECT_EQ(rig.command_of(payload).status, expected);
  }
};

// TLM-01: idle, busy, and idle again.
TEST_F(DieStatus, BusyWhileAnOpRuns) {
  expect_status(ReadyState::Ready);
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(1));
  expect_status(ReadyState::Busy);
  rig.finish(erase);
  expect_status(ReadyState::Ready);
}

// TLM-01: in the cache phase of a program the interface is ready and the array is not.
TEST_F(DieStatus, ExtReadyInTheCachePhase) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  const auto& program = rig.send("Cache_Program_SLC", 0, {{-1, 0, 0}});
  run_for(us(200));
  expect_status(ReadyState::Busy);
  run_for(rig.nominal("Cache_Program_SLC") - us(200) - us(5));
  expect_status(ReadyState::ExtReady);
  rig.finish(program);
  expect_status(ReadyState::Ready);
}

// TLM-01, SUS-14: busy in SUSPEND and RESUME, ready while suspended.
TEST_F(DieStatus, ReadyWhileSuspended) {
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(1000));
  const auto& suspend = rig.send("Erase_Suspend_Reset", 0);
  run_for(us(50));
  expect_status(ReadyState::Busy);
  rig.finish(suspend);
  expect_status(ReadyState::Ready);
  const auto& resume = rig.send("Erase_Resume", 0);
  run_for(us(50));
  expect_status(ReadyState::Busy);
  rig.finish(resume);
  expect_status(ReadyState::Busy);
  rig.finish(erase);
  expect_status(ReadyState::Ready);
}

// TLM-01: a status read with a plane looks at that plane alone.
TEST_F(DieStatus, OfOnePlane) {
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}});
  const auto& read = rig.send("Read_SLC", 0, {{-1, 0, 0}});
  run_for(us(2));
  expect_status(ReadyState::Busy, "Read_Status_Enhanced_78h", {{0, -1, -1}});
  expect_status(ReadyState::Ready, "Read_Status_Enhanced_78h", {{1, -1, -1}});
  rig.finish(read);
}

// TLM-01: a payload that is used again starts with clean answers.
TEST_F(DieStatus, AnswersOfAnOldTransactionAreGone) {
  auto& payload = rig.request("Read_Status_Enhanced_70h", 0);
  NandCommand& command = *PayloadPool::command(payload);
  command.status = kStatusFail;
  command.suspends = 3;
  command.consumed = 5;
  command.refusal.reason = Reason::Bus;
  rig.clients[0]->send(payload);
  rig.finish(payload);
  EXPECT_EQ(command.status & kStatusFail, 0);
  EXPECT_EQ(command.suspends, 0U);
  EXPECT_EQ(command.consumed, rig.nominal("Read_Status_Enhanced_70h"));
  EXPECT_EQ(command.refusal.reason, Reason::None);
}

}  // namespace
}  // namespace nandtlm
