// The phases of a transaction on a package's socket, and their exact times.
#include "tests/module/package_bench.h"

namespace nandtlm {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class PackagePhases : public SmallPackageTest {
 protected:
  PackagePhases() { run_for(us(1)); }

  /// Block 0 is erased and its page 0 programmed; time stands behind that.
  void prepare_page() {
    rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
    data = rig.page(1);
    rig.run_ok("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  }
  Bytes data;
};

// TLM-02: END_REQ at the end of ISSUE, BEGIN_RESP at the end of the op, to the picosecond.
TEST_F(PackagePhases, RequestEndsWithIssueAndResponseComesAtTheEnd) {
  const Time start = now_ps();
  const auto& erase = rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
  EXPECT_THAT(rig.clients[0]->phases_of(erase), ElementsAre("END_REQ", "NAND_OP_STARTED", "BEGIN_RESP"));
  EXPECT_EQ(rig.clients[0]->when(erase, "END_REQ"), start + us(0.11));
  EXPECT_EQ(rig.clients[0]->when(erase, "NAND_OP_STARTED"), start + us(0.11));
  EXPECT_EQ(rig.clients[0]->when(erase, "BEGIN_RESP"), start + us(0.11) + us(7000));
  EXPECT_EQ(rig.command_of(erase).started_at, start);
  EXPECT_EQ(rig.command_of(erase).consumed, us(7000.11));
}

// TLM-02: an op that is all ISSUE ends its request and itself at one moment, in this order.
TEST_F(PackagePhases, OpOfIssueAloneEndsBothAtOnce) {
  const Time start = now_ps();
  const auto& status = rig.run_ok("Read_Status_Enhanced_70h", 0);
  EXPECT_THAT(rig.clients[0]->phases_of(status), ElementsAre("END_REQ", "BEGIN_RESP"));
  EXPECT_EQ(rig.clients[0]->when(status, "END_REQ"), start + us(0.2786));
  EXPECT_EQ(rig.clients[0]->when(status, "BEGIN_RESP"), start + us(0.2786));
}

// TLM-02, SUS-03, SUS-09: the program's own transaction tells of its cut and of its resume; it ends `remaining` after
// it.
TEST_F(PackagePhases, SuspendAndResumeAreToldOnTheProgram) {
  prepare_page();
  const Time start = now_ps();
  const Time nominal = rig.nominal("Page_Program_SLC");
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}});
  run_to(start + us(100));
  rig.run_ok("Program_Suspend_Reset", 0);
  EXPECT_EQ(rig.clients[0]->when(program, "NAND_OP_SUSPENDED"), start + us(100));
  EXPECT_EQ(rig.command_of(program).consumed, us(100));
  const Time resumed_at = now_ps() + rig.nominal("Program_Resume");
  rig.run_ok("Program_Resume", 0);
  EXPECT_EQ(rig.clients[0]->when(program, "NAND_OP_RESUMED"), resumed_at);
  rig.finish(program);
  EXPECT_EQ(rig.clients[0]->when(program, "BEGIN_RESP"), resumed_at + nominal - us(100));
  EXPECT_THAT(rig.clients[0]->phases_of(program),
              ElementsAre("END_REQ", "NAND_OP_STARTED", "NAND_OP_SUSPENDED", "NAND_OP_RESUMED", "BEGIN_RESP"));
  EXPECT_EQ(rig.command_of(program).suspends, 1U);
  EXPECT_EQ(rig.command_of(program).consumed, nominal);
}

// TLM-02: an initiator that knows only the base protocol works.
TEST_F(PackagePhases, InitiatorWithoutExtendedPhasesWorks) {
  rig.clients[0]->base_phases_only = true;
  prepare_page();
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 1}});
  run_for(us(50));
  rig.run_ok("Program_Suspend_Reset", 0);
  rig.run_ok("Program_Resume", 0);
  rig.finish(program);
  EXPECT_TRUE(program.is_response_ok());
  EXPECT_THAT(rig.clients[0]->phases_of(program), ElementsAre("END_REQ", "BEGIN_RESP"));
}

// TLM-02: phases that the package does not know are ignored, with and without a transaction in flight.
TEST_F(PackagePhases, UnknownPhasesAreIgnored) {
  auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  EXPECT_EQ(rig.clients[0]->send(erase, NAND_OP_STARTED), tlm::TLM_ACCEPTED);
  EXPECT_EQ(rig.clients[0]->send(erase, NAND_OP_RESUMED), tlm::TLM_ACCEPTED);
  rig.finish(erase);
  EXPECT_TRUE(erase.is_response_ok());
}

// TLM-04: an ignorable phase for a die that is not there is no transaction that could be completed.
TEST_F(PackagePhases, IgnorablePhaseWithAWrongDieIsIgnored) {
  auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  PayloadPool::command(erase)->die = 7;
  EXPECT_EQ(rig.clients[0]->send(erase, NAND_OP_STARTED), tlm::TLM_ACCEPTED);
  EXPECT_EQ(erase.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
  PayloadPool::command(erase)->die = 0;
  rig.finish(erase);
}

// TLM-02, RES-01: a refusal completes at once, with the reason, and leaves the running op alone.
TEST_F(PackagePhases, RefusalCompletesAtOnce) {
  const Time start = now_ps();
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_for(us(10));
  const auto& second = rig.send("Block_Erase_SLC", 0, {{-1, 2, -1}});
  EXPECT_THAT(rig.clients[0]->phases_of(second), ElementsAre("COMPLETED"));
  EXPECT_EQ(second.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(rig.reason_of(second), Reason::PlaneScope);
  EXPECT_EQ(rig.command_of(second).refusal.blocker, rig.command_of(erase).uid);
  EXPECT_EQ(rig.command_of(second).refusal.to, start + rig.nominal("Block_Erase_SLC"));
  rig.finish(erase);
  EXPECT_EQ(rig.clients[0]->when(erase, "BEGIN_RESP"), start + rig.nominal("Block_Erase_SLC"));
}

// TLM-02: a second request may follow at the very moment of END_REQ, and at the very moment of an op's end (half-open).
TEST_F(PackagePhases, NextRequestMayComeAtTheMomentOfTheEnd) {
  const Time end = now_ps() + rig.nominal("Block_Erase_SLC");
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_to(end);  // what is to happen at `end` has not been told yet: both orders are right
  data = rig.page(3);
  const auto& program = rig.send("Page_Program_SLC", 0, {{-1, 0, 0}}, &data);
  rig.finish(program);
  EXPECT_TRUE(program.is_response_ok()) << rig.refusal_text(program);
  EXPECT_EQ(rig.clients[0]->when(erase, "BEGIN_RESP"), end);
  EXPECT_EQ(rig.clients[0]->when(program, "BEGIN_RESP"), end + rig.nominal("Page_Program_SLC"));
}

// EVT-01, RES-06: what ends at the instant of a reset has ended.
TEST_F(PackagePhases, ResetAtTheMomentOfAnEndAbortsNothing) {
  const Time end = now_ps() + rig.nominal("Block_Erase_SLC");
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_to(end);
  const auto& reset = rig.send("Synchronous_Reset", 0);
  rig.finish(reset);
  EXPECT_TRUE(reset.is_response_ok());
  EXPECT_TRUE(erase.is_response_ok()) << rig.refusal_text(erase);
  EXPECT_EQ(rig.package.die(0).resources().address().block(0).condition, BlockState::Condition::Erased);
}

// SUS-02: at t == end the op has ended: nothing to suspend.
TEST_F(PackagePhases, SuspendAtTheMomentOfTheEndFindsNothing) {
  const Time end = now_ps() + rig.nominal("Block_Erase_SLC");
  const auto& erase = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  run_to(end);
  const auto& suspend = rig.send("Erase_Suspend_Reset", 0);
  rig.finish(suspend);
  EXPECT_TRUE(suspend.is_response_ok());
  EXPECT_EQ(rig.reason_of(suspend), Reason::NothingToSuspend);
  EXPECT_EQ(rig.clients[0]->when(suspend, "BEGIN_RESP"), end + rig.issue("Erase_Suspend_Reset"));
  EXPECT_EQ(rig.clients[0]->when(erase, "BEGIN_RESP"), end);
}

// TLM-02: a request with an annotated delay is one of that later moment (IEEE 1666-2011, 11.1.3).
TEST_F(PackagePhases, AnnotatedDelayOfARequestIsKept) {
  const Time start = now_ps();
  auto& erase = rig.request("Block_Erase_SLC", 0, {{-1, 0, -1}});
  EXPECT_NE(rig.clients[0]->send(erase, tlm::BEGIN_REQ, kernel_time(us(3))), tlm::TLM_COMPLETED);
  rig.finish(erase);
  EXPECT_EQ(rig.command_of(erase).started_at, start + us(3));
  EXPECT_EQ(rig.clients[0]->when(erase, "END_REQ"), start + us(3.11));
  EXPECT_EQ(rig.clients[0]->when(erase, "BEGIN_RESP"), start + us(3) + rig.nominal("Block_Erase_SLC"));
}

// TLM-02, TLM-04: the refusal of such a request comes as a response at that moment.
TEST_F(PackagePhases, DelayedRequestIsRefusedAtItsMoment) {
  const Time start = now_ps();
  auto& resume = rig.request("Erase_Resume", 0);
  rig.clients[0]->send(resume, tlm::BEGIN_REQ, kernel_time(us(2)));
  rig.finish(resume);
  EXPECT_EQ(rig.clients[0]->when(resume, "BEGIN_RESP"), start + us(2));
  EXPECT_EQ(resume.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(rig.reason_of(resume), Reason::NothingToResume);
}

// SUS-02, TLM-04: nothing to suspend is answered with success and the reason.
TEST_F(PackagePhases, NothingToSuspendIsAnAnswer) {
  const auto& suspend = rig.run_ok("Program_Suspend_Reset", 0);
  EXPECT_EQ(rig.reason_of(suspend), Reason::NothingToSuspend);
}

class PackageResponses : public LargePackageTest {
 protected:
  PackageResponses() { run_for(us(1)); }

  /// Status reads cost the bus 0.2786 us each, erases 0.11: started one after the other, resets end them all together.
  std::vector<tlm::tlm_generic_payload*> erases_on(std::uint32_t dies) {
    std::vector<tlm::tlm_generic_payload*> erases;
    for (std::uint32_t die = 0; die < dies; ++die) {
      erases.push_back(&rig.send("Block_Erase_SLC", die, {{-1, 0, -1}}));
      run_for(us(1));
    }
    return erases;
  }
};

// TLM-02: several dies end at once; their responses go up one after the other, each after the END_RESP of the one
// before.
TEST_F(PackageResponses, LateInitiatorGetsOneResponseAtATime) {
  LoggingClient& client = *rig.clients[0];
  const auto erases = erases_on(3);
  client.keeps_responses_open = true;
  const Time reset_at = now_ps();
  auto& reset = rig.send("Synchronous_Reset", 0);
  run_for(us(1));
  std::vector<tlm::tlm_generic_payload*> order;
  for (int i = 0; i < 3; ++i) {
    std::vector<tlm::tlm_generic_payload*> open;
    for (auto* erase : erases) {
      if (client.when(*erase, "BEGIN_RESP") >= 0 && std::find(order.begin(), order.end(), erase) == order.end()) {
        open.push_back(erase);
      }
    }
    ASSERT_EQ(open.size(), 1U) << "response " << i;
    order.push_back(open[0]);
    EXPECT_EQ(open[0]->get_response_status(), tlm::TLM_GENERIC_ERROR_RESPONSE);
    run_for(us(20));
    client.send(*open[0], tlm::END_RESP);
    run_for(us(1));
  }
  // The reset ended long ago; its response waited behind the others and the die did not.
  EXPECT_EQ(client.when(reset, "BEGIN_RESP"), reset_at + us(1) + 2 * us(21) + us(20));
  EXPECT_EQ(rig.package.observers().metrics().counters().ops_completed, 1);
  client.send(reset, tlm::END_RESP);
  run_for(us(1));
  client.keeps_responses_open = false;
  rig.run_ok("Block_Erase_SLC", 0, {{-1, 0, -1}});
}

// TLM-02: a refusal while a response is open is a response too: it waits.
TEST_F(PackageResponses, RefusalWaitsBehindAnOpenResponse) {
  LoggingClient& client = *rig.clients[0];
  client.keeps_responses_open = true;
  auto& status = rig.run("LUN_Status_Read_for_LUN0", 0);
  auto& refused = rig.send("Erase_Resume", 0);
  run_for(us(5));
  EXPECT_FALSE(client.answered(refused));
  client.send(status, tlm::END_RESP);
  run_for(us(1));
  EXPECT_TRUE(client.answered(refused));
  EXPECT_EQ(rig.reason_of(refused), Reason::NothingToResume);
  client.send(refused, tlm::END_RESP);
}

// TLM-02: an END_RESP with an annotated delay keeps the response open that much longer.
TEST_F(PackageResponses, AnnotatedDelayOfAnEndOfResponseIsKept) {
  LoggingClient& client = *rig.clients[0];
  client.keeps_responses_open = true;
  auto& first = rig.run("LUN_Status_Read_for_LUN0", 0);
  auto& second = rig.send("LUN_Status_Read_for_LUN0", 1);
  run_for(us(5));
  const Time ended = now_ps();
  client.send(first, tlm::END_RESP, kernel_time(us(3)));
  rig.finish(second);
  EXPECT_EQ(client.when(second, "BEGIN_RESP"), ended + us(3));
  client.send(second, tlm::END_RESP);
}

// SUS-17: two channels have two buses and two responses of their own.
TEST_F(PackageResponses, ChannelsAreIndependent) {
  LoggingClient& first = *rig.clients[0];
  first.keeps_responses_open = true;
  auto& kept = rig.run("LUN_Status_Read_for_LUN0", 0);
  const Time start = now_ps();
  const auto& other = rig.send("Block_Erase_SLC", 4, {{-1, 0, -1}});
  auto& same_time = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  rig.finish(other);
  EXPECT_EQ(rig.clients[1]->when(other, "BEGIN_RESP"), start + rig.nominal("Block_Erase_SLC"));
  EXPECT_EQ(first.when(same_time, "BEGIN_RESP"), -1) << "behind the open response";
  first.send(kept, tlm::END_RESP);
  run_for(us(1));
  EXPECT_GE(first.when(same_time, "BEGIN_RESP"), 0);
  first.send(same_time, tlm::END_RESP);
}

// RES-01, TLM-02: on one channel the bus is one: the second die's request is refused while the first one's ISSUE lasts.
TEST_F(PackageResponses, BusOfAChannelIsShared) {
  const auto& first = rig.send("Block_Erase_SLC", 0, {{-1, 0, -1}});
  auto& second = rig.request("Block_Erase_SLC", 1, {{-1, 0, -1}});
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  // Past the checker: a proper initiator waits for END_REQ.
  EXPECT_EQ(rig.package.channel_socket(0).get_base_interface().nb_transport_fw(second, phase, delay),
            tlm::TLM_COMPLETED);
  EXPECT_EQ(rig.reason_of(second), Reason::Bus);
  EXPECT_EQ(second.get_response_status(), tlm::TLM_COMMAND_ERROR_RESPONSE);
  rig.finish(first);
}

}  // namespace
}  // namespace nandtlm
