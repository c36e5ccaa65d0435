// The protocol checker against calls from within calls and against b_transport mixed with nb_transport.
#include <utility>

#include "tests/module/protocol_bench.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

using ProtocolCalls = ProtocolBench;

// TLM-02: b_transport and nb_transport do not mix in one transaction.
TEST_F(ProtocolCalls, BTransportOfATransactionInFlight) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  block(payload);
  EXPECT_THAT(checker, HasOneViolation("mixed_transport", 1));
}

TEST_F(ProtocolCalls, RequestDuringItsBTransport) {
  target.on_blocking = [this](tlm_generic_payload& payload, sc_core::sc_time&) { forward(payload, tlm::BEGIN_REQ); };
  block(request());
  EXPECT_THAT(checker, HasOneViolation("mixed_transport", 1));
}

TEST_F(ProtocolCalls, ReentrantBTransport) {
  bool again = true;
  target.on_blocking = [&](tlm_generic_payload& payload, sc_core::sc_time&) {
    if (std::exchange(again, false)) block(payload);
  };
  block(request());
  EXPECT_THAT(checker, HasOneViolation("mixed_transport", 1));
}

// TLM-02: no call on the opposite path from within a call.
TEST_F(ProtocolCalls, BackwardCallFromWithinAForwardCall) {
  target.on_forward = [this](tlm_generic_payload& payload, tlm_phase&, sc_core::sc_time&) {
    backward(payload, tlm::END_REQ);
    return tlm::TLM_ACCEPTED;
  };
  tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  initiator.socket->nb_transport_fw(request(), phase, delay);
  EXPECT_THAT(checker, HasOneViolation("nested_call", 0));
}

TEST_F(ProtocolCalls, ForwardCallFromWithinABackwardCall) {
  initiator.on_backward = [this](tlm_generic_payload& payload, tlm_phase&, sc_core::sc_time&) {
    tlm_phase phase = tlm::END_RESP;
    sc_core::sc_time delay;
    initiator.socket->nb_transport_fw(payload, phase, delay);
    return tlm::TLM_ACCEPTED;
  };
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  EXPECT_THAT(checker, HasOneViolation("nested_call", 0));
}

TEST_F(ProtocolCalls, BTransportFromWithinNbTransport) {
  tlm_generic_payload& other = request();
  target.on_forward = [&](tlm_generic_payload&, tlm_phase&, sc_core::sc_time&) {
    block(other);
    return tlm::TLM_ACCEPTED;
  };
  forward(request(), tlm::BEGIN_REQ);
  EXPECT_THAT(checker, HasOneViolation("nested_call", 0));
}

// TLM-02: completion of a transaction that the callee itself has already ended.
TEST_F(ProtocolCalls, CompletedAfterItsOwnEndResp) {
  initiator.on_backward = [this](tlm_generic_payload& payload, tlm_phase&, sc_core::sc_time&) {
    tlm_phase phase = tlm::END_RESP;
    sc_core::sc_time delay;
    initiator.socket->nb_transport_fw(payload, phase, delay);
    return tlm::TLM_COMPLETED;
  };
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  EXPECT_THAT(checker.violations(), ElementsAre(HasSubstr("nested_call"), HasSubstr("return_value")));
}

}  // namespace
}  // namespace nandtlm
