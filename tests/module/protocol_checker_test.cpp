// The protocol checker against initiators and targets that break one rule each.
#include "tests/module/protocol_bench.h"
#include "tlm/phases.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

class ProtocolCheckerRules : public ProtocolBench {
 protected:
  using ProtocolBench::ProtocolBench;

  void expect_violation(const std::string& rule, int number) { EXPECT_THAT(checker, HasOneViolation(rule, number)); }
};

// TLM-02: one line names rule, transaction, time and event.
TEST_F(ProtocolCheckerRules, TextNamesRuleTransactionAndTime) {
  sc_core::sc_start(ns(9));
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, tlm::END_REQ);
  backward(payload, tlm::END_REQ);
  EXPECT_THAT(checker.violations(), ElementsAre("phase_order (15.2.4): transaction 1 at 10 ns: END_REQ after END_REQ"));
}

// TLM-02: order of the phases.
TEST_F(ProtocolCheckerRules, SecondBeginReqOfALiveTransaction) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, tlm::END_REQ);
  forward(payload, tlm::BEGIN_REQ);
  expect_violation("phase_order", 1);
  EXPECT_THAT(checker.in_flight(), ElementsAre(HasSubstr("transaction 2")));
}

TEST_F(ProtocolCheckerRules, SecondBeginResp) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  respond(payload);
  expect_violation("phase_order", 1);
}

TEST_F(ProtocolCheckerRules, EndReqAfterBeginResp) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  backward(payload, tlm::END_REQ);
  expect_violation("phase_order", 1);
}

TEST_F(ProtocolCheckerRules, EndRespBeforeBeginResp) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, tlm::END_REQ);
  target_answers(tlm::TLM_COMPLETED, tlm::END_RESP);
  forward(payload, tlm::END_RESP);
  expect_violation("phase_order", 1);
}

TEST_F(ProtocolCheckerRules, EndRespInAnswerToEndReq) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_UPDATED, tlm::END_RESP);
  backward(payload, tlm::END_REQ);
  expect_violation("phase_order", 1);
}

TEST_F(ProtocolCheckerRules, NewRequestInAnswerToBeginResp) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_UPDATED, tlm::BEGIN_REQ);
  respond(payload);
  expect_violation("phase_order", 1);
}

// TLM-02: a phase needs a live transaction, an ignorable one too.
TEST_F(ProtocolCheckerRules, PhasesOfAnUnknownTransaction) {
  for (const tlm_phase& phase : {tlm_phase(tlm::END_REQ), tlm_phase(tlm::BEGIN_RESP), tlm_phase(NAND_OP_STARTED)}) {
    const std::uint64_t before = checker.violation_count();
    backward(request(), phase);
    EXPECT_EQ(checker.violation_count(), before + 1) << phase;
    EXPECT_THAT(checker.violations().back(), HasSubstr("not_in_flight (15.2.3, 15.2.5): unknown transaction"));
    EXPECT_THAT(checker.violations().back(), HasSubstr(phase.get_name()));
  }
}

TEST_F(ProtocolCheckerRules, EndRespAfterCompletion) {
  tlm_generic_payload& payload = request();
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ);
  forward(payload, tlm::BEGIN_REQ);
  ASSERT_THAT(checker, IsClean());
  forward(payload, tlm::END_RESP);
  expect_violation("not_in_flight", 0);
}

TEST_F(ProtocolCheckerRules, IgnorablePhaseAfterTheEnd) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  forward(payload, tlm::END_RESP);
  ASSERT_THAT(checker, IsClean());
  backward(payload, NAND_OP_SUSPENDED);
  expect_violation("not_in_flight", 0);
}

// TLM-02: no phase on the wrong path.
TEST_F(ProtocolCheckerRules, TargetsPhaseFromTheInitiator) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  forward(payload, tlm::END_REQ);
  expect_violation("wrong_path", 1);
}

TEST_F(ProtocolCheckerRules, InitiatorsPhaseFromTheTarget) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  backward(payload, tlm::END_RESP);
  expect_violation("wrong_path", 1);
}

TEST_F(ProtocolCheckerRules, InitiatorsPhaseOnTheForwardReturnPath) {
  target_answers(tlm::TLM_UPDATED, tlm::END_RESP);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("wrong_path", 1);
}

TEST_F(ProtocolCheckerRules, TargetsPhaseOnTheBackwardReturnPath) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_UPDATED, tlm::BEGIN_RESP);
  backward(payload, tlm::END_REQ);
  expect_violation("wrong_path", 1);
}

TEST_F(ProtocolCheckerRules, UpdatedWithoutANewPhase) {
  target_answers(tlm::TLM_UPDATED, tlm::BEGIN_REQ);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("wrong_path", 1);
}

TEST_F(ProtocolCheckerRules, UninitializedPhase) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  forward(payload, tlm_phase());
  expect_violation("wrong_path", 1);
}

// TLM-02: what a callee may return.
TEST_F(ProtocolCheckerRules, AcceptedWithAChangedPhase) {
  target_answers(tlm::TLM_ACCEPTED, tlm::END_REQ);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("accepted_changed", 1);
}

TEST_F(ProtocolCheckerRules, AcceptedWithAChangedTime) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_ACCEPTED, tlm::END_REQ, ns(5));
  backward(payload, tlm::END_REQ);
  expect_violation("accepted_changed", 1);
}

TEST_F(ProtocolCheckerRules, CompletedInAnswerToEndReq) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_COMPLETED, tlm::END_REQ);
  backward(payload, tlm::END_REQ);
  expect_violation("return_value", 1);
  EXPECT_THAT(checker.in_flight(), SizeIs(0));
}

TEST_F(ProtocolCheckerRules, CompletedInAnswerToAnIgnorablePhase) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  initiator_answers(tlm::TLM_COMPLETED, NAND_OP_STARTED);
  backward(payload, NAND_OP_STARTED);
  expect_violation("return_value", 1);
  forward(request(), tlm::BEGIN_REQ);  // its request is over as well
  expect_violation("return_value", 1);
}

TEST_F(ProtocolCheckerRules, UpdatedInAnswerToEndResp) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  target_answers(tlm::TLM_UPDATED, NAND_OP_RESUMED);
  forward(payload, tlm::END_RESP);
  expect_violation("return_value", 1);
}

// TLM-02: request exclusion rule.
TEST_F(ProtocolCheckerRules, RequestWhileAnotherIsOpen) {
  forward(request(), tlm::BEGIN_REQ);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("request_exclusion", 2);
}

TEST_F(ProtocolCheckerRules, AnothersResponseDoesNotEndARequest) {
  tlm_generic_payload& first = request();
  forward(first, tlm::BEGIN_REQ);
  backward(first, tlm::END_REQ);
  forward(request(), tlm::BEGIN_REQ);
  respond(first);
  ASSERT_EQ(checker.violation_count(), 0U);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("request_exclusion", 3);
}

// TLM-02: response exclusion rule.
class ProtocolCheckerResponses : public ProtocolCheckerRules {
 protected:
  ProtocolCheckerResponses() {
    for (tlm_generic_payload* payload : {&first_, &second_}) {
      forward(*payload, tlm::BEGIN_REQ);
      backward(*payload, tlm::END_REQ);
    }
    respond(first_);
  }

  tlm_generic_payload& first_ = request();
  tlm_generic_payload& second_ = request();
};

TEST_F(ProtocolCheckerResponses, ResponseWhileAnotherIsOpen) {
  respond(second_);
  expect_violation("response_exclusion", 2);
}

TEST_F(ProtocolCheckerResponses, ResponseOnTheReturnPathWhileAnotherIsOpen) {
  target_answers(tlm::TLM_UPDATED, tlm::BEGIN_RESP);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("response_exclusion", 3);
}

TEST_F(ProtocolCheckerResponses, CompletionWhileAResponseIsOpen) {
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ);
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("response_exclusion", 3);
}

TEST_F(ProtocolCheckerResponses, ResponseAfterTheOtherEnded) {
  forward(first_, tlm::END_RESP);
  respond(second_);
  forward(second_, tlm::END_RESP);
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: time does not go back in the life of a transaction, on either path, for calls and for returns.
TEST_F(ProtocolCheckerRules, TimeGoesBackBetweenCalls) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ, ns(20));
  sc_core::sc_start(ns(5));
  backward(payload, tlm::END_REQ, ns(14));
  expect_violation("time_back", 1);
}

TEST_F(ProtocolCheckerRules, TimeGoesBackOnTheForwardPath) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload, ns(10));
  forward(payload, tlm::END_RESP, ns(9));
  expect_violation("time_back", 1);
}

TEST_F(ProtocolCheckerRules, TimeGoesBackOnTheReturnPath) {
  target_answers(tlm::TLM_UPDATED, tlm::END_REQ, ns(19));
  forward(request(), tlm::BEGIN_REQ, ns(20));
  expect_violation("time_back", 1);
}

TEST_F(ProtocolCheckerRules, TimeGoesBackAtCompletion) {
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ, ns(19));
  forward(request(), tlm::BEGIN_REQ, ns(20));
  expect_violation("time_back", 1);
}

TEST_F(ProtocolCheckerRules, TimeGoesBackInBTransport) {
  target.on_blocking = [](tlm_generic_payload&, sc_core::sc_time& delay) { delay = sc_core::SC_ZERO_TIME; };
  block(request(), ns(1));
  expect_violation("time_back", 1);
}

// TLM-02: memory management.
TEST_F(ProtocolCheckerRules, NoMemoryManager) {
  tlm_generic_payload payload;
  payload.set_streaming_width(1);
  forward(payload, tlm::BEGIN_REQ);
  expect_violation("memory_management", 1);
}

TEST_F(ProtocolCheckerRules, ReferenceCountZero) {
  tlm_generic_payload payload(&pool);
  payload.set_streaming_width(1);
  forward(payload, tlm::BEGIN_REQ);
  expect_violation("memory_management", 1);
}

TEST_F(ProtocolCheckerRules, ReferenceGivenBackTooEarly) {
  struct Keeper : tlm::tlm_mm_interface {
    void free(tlm_generic_payload*) override {}
  } keeper;
  tlm_generic_payload payload(&keeper);
  payload.set_streaming_width(1);
  payload.acquire();
  forward(payload, tlm::BEGIN_REQ);
  payload.release();
  backward(payload, tlm::END_REQ);
  expect_violation("memory_management", 1);
}

TEST_F(ProtocolCheckerRules, ReferenceCountZeroInBTransport) {
  tlm_generic_payload payload(&pool);
  payload.set_streaming_width(1);
  block(payload);
  expect_violation("memory_management", 1);
}

// TLM-02: a response has a status, which then stands.
TEST_F(ProtocolCheckerRules, ResponseWithoutStatus) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, tlm::BEGIN_RESP);
  expect_violation("response_status", 1);
}

TEST_F(ProtocolCheckerRules, CompletionWithoutStatus) {
  target.on_forward = [](tlm_generic_payload&, tlm_phase&, sc_core::sc_time&) { return tlm::TLM_COMPLETED; };
  forward(request(), tlm::BEGIN_REQ);
  expect_violation("response_status", 1);
}

TEST_F(ProtocolCheckerRules, BTransportWithoutStatus) {
  target.on_blocking = [](tlm_generic_payload& payload, sc_core::sc_time&) {
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  };
  block(request());
  expect_violation("response_status", 1);
}

TEST_F(ProtocolCheckerRules, StatusChangedAfterTheResponse) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  forward(payload, tlm::END_RESP);
  expect_violation("attribute_changed", 1);
  EXPECT_THAT(checker.violations().front(), HasSubstr("response_status"));
}

}  // namespace
}  // namespace nandtlm
