// Every legal form of the base protocol passes the protocol checker unseen and unchanged.
#define SC_INCLUDE_DYNAMIC_PROCESSES  // sc_spawn, before SystemC 3.0

#include <array>
#include <stdexcept>
#include <utility>

#include "tests/module/protocol_bench.h"
#include "tlm/phases.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

using ProtocolForms = ProtocolBench;

// TLM-02: four phases, four calls, the annotated delays growing.
TEST_F(ProtocolForms, FourPhases) {
  tlm_generic_payload& payload = request();
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ, ns(1)), tlm::TLM_ACCEPTED);
  EXPECT_EQ(backward(payload, tlm::END_REQ, ns(1)), tlm::TLM_ACCEPTED);
  sc_core::sc_start(ns(3));
  EXPECT_EQ(respond(payload), tlm::TLM_ACCEPTED);
  EXPECT_EQ(forward(payload, tlm::END_RESP, ns(2)), tlm::TLM_ACCEPTED);
  EXPECT_THAT(checker, IsClean());
  EXPECT_EQ(checker.transactions(), 1U);
}

// TLM-02.
TEST_F(ProtocolForms, EndRespAnsweredWithCompleted) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  respond(payload);
  target_answers(tlm::TLM_COMPLETED, tlm::END_RESP);
  EXPECT_EQ(forward(payload, tlm::END_RESP), tlm::TLM_COMPLETED);
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: phases in the return path.
TEST_F(ProtocolForms, EndReqAndEndRespOnTheReturnPaths) {
  target_answers(tlm::TLM_UPDATED, tlm::END_REQ, ns(4));
  initiator_answers(tlm::TLM_UPDATED, tlm::END_RESP, ns(9));
  tlm_generic_payload& payload = request();
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ, ns(1)), tlm::TLM_UPDATED);
  EXPECT_EQ(phase_back, tlm::END_REQ);
  EXPECT_EQ(delay_back, ns(4));
  EXPECT_EQ(respond(payload, ns(4)), tlm::TLM_UPDATED);
  EXPECT_EQ(phase_back, tlm::END_RESP);
  EXPECT_EQ(delay_back, ns(9));
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: BEGIN_RESP on the return path implies END_REQ.
TEST_F(ProtocolForms, BeginRespOnTheReturnPath) {
  target_answers(tlm::TLM_UPDATED, tlm::BEGIN_RESP);
  tlm_generic_payload& payload = request();
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ), tlm::TLM_UPDATED);
  EXPECT_EQ(phase_back, tlm::BEGIN_RESP);
  target_answers(tlm::TLM_ACCEPTED, tlm::END_RESP);
  EXPECT_EQ(forward(payload, tlm::END_RESP), tlm::TLM_ACCEPTED);
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: early completion by the target, and again with the same payload.
TEST_F(ProtocolForms, EarlyCompletion) {
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ, ns(7));
  tlm_generic_payload& payload = request();
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ), tlm::TLM_COMPLETED);
  EXPECT_EQ(delay_back, ns(7));
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ), tlm::TLM_COMPLETED);
  EXPECT_THAT(checker, IsClean());
  EXPECT_EQ(checker.transactions(), 2U);
}

// TLM-02: completion by the initiator, which may already have given its reference back.
TEST_F(ProtocolForms, CompletionByTheInitiator) {
  struct Deleter : tlm::tlm_mm_interface {
    void free(tlm_generic_payload* payload) override { delete payload; }
  } deleter;
  auto* payload = new tlm_generic_payload(&deleter);
  payload->acquire();
  payload->set_streaming_width(1);
  initiator.on_backward = [](tlm_generic_payload& released, tlm_phase&, sc_core::sc_time&) {
    released.release();
    return tlm::TLM_COMPLETED;
  };
  forward(*payload, tlm::BEGIN_REQ);
  EXPECT_EQ(respond(*payload), tlm::TLM_COMPLETED);
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: BEGIN_RESP without END_REQ frees the request's place.
TEST_F(ProtocolForms, ImpliedEndReq) {
  tlm_generic_payload& first = request();
  tlm_generic_payload& second = request();
  forward(first, tlm::BEGIN_REQ);
  respond(first);
  forward(second, tlm::BEGIN_REQ);
  forward(first, tlm::END_RESP);
  respond(second);
  forward(second, tlm::END_RESP);
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: pipelined requests, responses out of order, requests beside responses.
TEST_F(ProtocolForms, PipelinedAndOutOfOrder) {
  std::array<tlm_generic_payload*, 3> payloads = {&request(), &request(), &request()};
  for (tlm_generic_payload* payload : payloads) {
    forward(*payload, tlm::BEGIN_REQ);
    backward(*payload, tlm::END_REQ);
  }
  respond(*payloads[2]);
  tlm_generic_payload& late = request();
  forward(late, tlm::BEGIN_REQ);
  forward(*payloads[2], tlm::END_RESP);
  for (tlm_generic_payload* payload : {payloads[0], &late, payloads[1]}) {
    respond(*payload);
    forward(*payload, tlm::END_RESP);
  }
  EXPECT_THAT(checker, IsClean());
  EXPECT_EQ(checker.transactions(), 4U);
}

// TLM-02: the delays of different transactions need not be in order.
TEST_F(ProtocolForms, DelaysOfDifferentTransactions) {
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ, ns(50));
  forward(request(), tlm::BEGIN_REQ, ns(50));
  target_answers(tlm::TLM_COMPLETED, tlm::BEGIN_REQ, ns(20));
  forward(request(), tlm::BEGIN_REQ, ns(10));
  EXPECT_THAT(checker, IsClean());
}

// TLM-02: ignorable phases anywhere in the life of a transaction, ignored or answered, repeated, on any path.
TEST_F(ProtocolForms, IgnorablePhases) {
  std::vector<std::string> seen;
  initiator.on_backward = [&](tlm_generic_payload&, tlm_phase& phase, sc_core::sc_time&) {
    seen.emplace_back(phase.get_name());
    if (phase != NAND_OP_RESUMED) return tlm::TLM_ACCEPTED;
    phase = NAND_OP_STARTED;
    return tlm::TLM_UPDATED;
  };
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, NAND_OP_STARTED);
  backward(payload, tlm::END_REQ);
  backward(payload, NAND_OP_SUSPENDED);
  backward(payload, NAND_OP_SUSPENDED);
  EXPECT_EQ(backward(payload, NAND_OP_RESUMED), tlm::TLM_UPDATED);
  EXPECT_EQ(phase_back, NAND_OP_STARTED);
  forward(payload, NAND_OP_RESUMED);
  respond(payload);
  backward(payload, NAND_OP_RESUMED);
  forward(payload, tlm::END_RESP);
  EXPECT_THAT(checker, IsClean());
  EXPECT_THAT(seen, ElementsAre("NAND_OP_STARTED", "END_REQ", "NAND_OP_SUSPENDED", "NAND_OP_SUSPENDED",
                                "NAND_OP_RESUMED", "BEGIN_RESP", "NAND_OP_RESUMED"));
}

// TLM-02: passed on at once and unchanged, in both directions.
TEST_F(ProtocolForms, CallsPassUnchanged) {
  tlm_generic_payload& payload = request();
  int calls = 0;
  const NbCall expect_call = [&](tlm_generic_payload& passed, tlm_phase& phase, sc_core::sc_time& delay) {
    ++calls;
    EXPECT_EQ(&passed, &payload);
    EXPECT_EQ(&phase, &phase_back);
    EXPECT_EQ(&delay, &delay_back);
    EXPECT_EQ(delay, ns(2));
    return tlm::TLM_ACCEPTED;
  };
  target.on_forward = expect_call;
  initiator.on_backward = expect_call;
  const sc_dt::uint64 delta = sc_core::sc_delta_count();
  forward(payload, tlm::BEGIN_REQ, ns(2));
  respond(payload, ns(2));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(sc_core::sc_time_stamp(), ns(1));
  EXPECT_EQ(sc_core::sc_delta_count(), delta);
}

// TLM-03: also without a memory manager; another transaction in between; a payload used again.
TEST_F(ProtocolForms, BTransport) {
  tlm_generic_payload payload;
  payload.set_streaming_width(1);
  tlm_generic_payload& other = request();
  bool nested = true;
  target.on_blocking = [&](tlm_generic_payload&, sc_core::sc_time& delay) {
    if (std::exchange(nested, false)) block(other);
    delay += ns(5);
  };
  EXPECT_EQ(block(payload, ns(1)), ns(6));
  EXPECT_TRUE(payload.is_response_ok());
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  EXPECT_EQ(block(payload, ns(2)), ns(7));
  EXPECT_THAT(checker, IsClean());
  EXPECT_EQ(checker.transactions(), 3U);
}

// TLM-03: b_transport needs no turn among the requests and responses of nb_transport.
TEST_F(ProtocolForms, BTransportBesideNbTransport) {
  tlm_generic_payload& payload = request();
  forward(payload, tlm::BEGIN_REQ);
  block(request());
  respond(payload);
  block(request());
  forward(payload, tlm::END_RESP);
  EXPECT_THAT(checker, IsClean());
}

// TLM-03: a target that waits.
TEST_F(ProtocolForms, BTransportThatWaits) {
  target.on_blocking = [](tlm_generic_payload&, sc_core::sc_time& delay) {
    sc_core::wait(delay + sc_core::sc_time(100, sc_core::SC_NS));
    delay = sc_core::SC_ZERO_TIME;
  };
  sc_core::sc_spawn([this] { block(request(), ns(10)); });
  sc_core::sc_start(ns(50));
  EXPECT_THAT(checker.in_flight(), ElementsAre("transaction 1: b_transport since 1 ns"));
  sc_core::sc_start(ns(100));
  EXPECT_THAT(checker, IsClean());
}

// TLM-03: nothing stays open where a b_transport ends in an exception.
TEST_F(ProtocolForms, BTransportThatThrows) {
  target.on_blocking = [](tlm_generic_payload&, sc_core::sc_time&) { throw std::runtime_error("broken"); };
  EXPECT_THROW(block(request()), std::runtime_error);
  EXPECT_THAT(checker, IsClean());
}

// TLM-03: debug and direct memory calls pass; they are no transactions.
TEST_F(ProtocolForms, DebugAndDirectMemory) {
  tlm_generic_payload payload;
  target.on_debug = [&](tlm_generic_payload& passed) { return &passed == &payload ? 42U : 0U; };
  EXPECT_EQ(initiator.socket->transport_dbg(payload), 42U);

  tlm::tlm_dmi dmi;
  EXPECT_FALSE(initiator.socket->get_direct_mem_ptr(payload, dmi));
  target.on_direct_memory = [&](tlm_generic_payload& passed, tlm::tlm_dmi& region) {
    region.set_end_address(99);
    return &passed == &payload;
  };
  EXPECT_TRUE(initiator.socket->get_direct_mem_ptr(payload, dmi));
  EXPECT_EQ(dmi.get_end_address(), 99U);

  target.socket->invalidate_direct_mem_ptr(3, 5);
  EXPECT_THAT(initiator.invalidated, ElementsAre(std::make_pair(sc_dt::uint64{3}, sc_dt::uint64{5})));
  EXPECT_THAT(checker, IsClean());
  EXPECT_EQ(checker.transactions(), 0U);
}

// TLM-02: transactions that hang can be listed, oldest first, each with its last phase and time.
TEST_F(ProtocolForms, TransactionsInFlight) {
  std::array<tlm_generic_payload*, 4> payloads = {&request(), &request(), &request(), &request()};
  for (tlm_generic_payload* payload : payloads) {
    forward(*payload, tlm::BEGIN_REQ);
    if (payload == payloads[3]) break;
    backward(*payload, tlm::END_REQ);
  }
  respond(*payloads[0]);
  forward(*payloads[0], tlm::END_RESP);
  sc_core::sc_start(ns(7));
  respond(*payloads[1]);
  EXPECT_THAT(checker.in_flight(),
              ElementsAre("transaction 2: BEGIN_RESP since 8 ns", "transaction 3: END_REQ since 1 ns",
                          "transaction 4: BEGIN_REQ since 1 ns"));
  EXPECT_EQ(checker.violation_count(), 0U);
}

class CheckerChain : public SystemCTest {
 protected:
  CheckerChain() {
    initiator.socket.bind(first.target_socket);
    first.initiator_socket.bind(second.target_socket);
    second.initiator_socket.bind(target.socket);
    sc_core::sc_start(1, sc_core::SC_NS);
  }

  LooseInitiator initiator{"initiator"};
  ProtocolChecker first{"first"};
  ProtocolChecker second{"second"};
  LooseTarget target{"target"};
  PayloadPool pool;
};

// TLM-05: two checkers in one simulation, one behind the other, each judge their own hop.
TEST_F(CheckerChain, IsIndependent) {
  tlm_generic_payload& payload = pool.acquire();
  payload.set_streaming_width(1);
  target.on_forward = [](tlm_generic_payload& passed, tlm_phase&, sc_core::sc_time&) {
    passed.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
  };
  tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  initiator.socket->nb_transport_fw(payload, phase, delay);
  EXPECT_THAT(first, IsClean());
  EXPECT_THAT(second, IsClean());

  phase = tlm::END_REQ;
  second.target_socket->nb_transport_bw(payload, phase, delay);
  EXPECT_THAT(first, HasOneViolation("not_in_flight", 0));
  EXPECT_THAT(second, IsClean());
  payload.release();
}

class FewTexts : public ProtocolBench {
 protected:
  FewTexts() : ProtocolBench(options()) {}
  static ProtocolCheckerOptions options() {
    ProtocolCheckerOptions options;
    options.max_texts = 2;
    return options;
  }
};

// TLM-02: the texts are bounded, the count is not.
TEST_F(FewTexts, CountGoesOn) {
  for (int i = 0; i < 5; ++i) backward(request(), tlm::END_REQ);
  EXPECT_THAT(checker.violations(), SizeIs(2));
  EXPECT_EQ(checker.violation_count(), 5U);
}

class ReportingChecker : public ProtocolBench {
 protected:
  ReportingChecker() : ProtocolBench(options()) {}
  static ProtocolCheckerOptions options() {
    ProtocolCheckerOptions options;
    options.report_errors = true;
    return options;
  }
};

// TLM-02: reported to the kernel on request, with the checker's name; without the option no report comes, else
// every test of a rule would fail.
TEST_F(ReportingChecker, ReportsAnError) {
  expect_report(sc_core::SC_ERROR, "/nandtlm/protocol_checker");
  try {
    backward(request(), tlm::END_REQ);
    FAIL() << "no report";
  } catch (const sc_core::sc_report& report) {
    EXPECT_THAT(report.get_msg(), HasSubstr("checker: not_in_flight"));
  }
  EXPECT_THAT(checker.violations(), SizeIs(1));
}

}  // namespace
}  // namespace nandtlm
