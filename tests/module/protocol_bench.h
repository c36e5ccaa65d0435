// An initiator and a target without manners of their own, with a protocol checker between them.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <vector>

#include "tests/support/systemc_fixture.h"
#include "tlm/payload_pool.h"
#include "tlm/protocol_checker.h"

namespace nandtlm {

using NbCall = std::function<tlm::tlm_sync_enum(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&)>;

/// Answers every call with TLM_ACCEPTED unless told otherwise.
class LooseInitiator : public sc_core::sc_module, private tlm::tlm_bw_transport_if<> {
 public:
  explicit LooseInitiator(sc_core::sc_module_name name) : sc_core::sc_module(name), socket("socket") {
    socket.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
  }

  tlm::tlm_initiator_socket<> socket;
  NbCall on_backward;
  std::vector<std::pair<sc_dt::uint64, sc_dt::uint64>> invalidated;

 private:
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    return on_backward ? on_backward(payload, phase, delay) : tlm::TLM_ACCEPTED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override {
    invalidated.emplace_back(start, end);
  }
};

/// Answers every nb_transport call with TLM_ACCEPTED, a b_transport with TLM_OK_RESPONSE, unless told otherwise.
class LooseTarget : public sc_core::sc_module, private tlm::tlm_fw_transport_if<> {
 public:
  explicit LooseTarget(sc_core::sc_module_name name) : sc_core::sc_module(name), socket("socket") {
    socket.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
  }

  tlm::tlm_target_socket<> socket;
  NbCall on_forward;
  std::function<void(tlm::tlm_generic_payload&, sc_core::sc_time&)> on_blocking;
  std::function<unsigned int(tlm::tlm_generic_payload&)> on_debug;
  std::function<bool(tlm::tlm_generic_payload&, tlm::tlm_dmi&)> on_direct_memory;

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    return on_forward ? on_forward(payload, phase, delay) : tlm::TLM_ACCEPTED;
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override {
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (on_blocking) on_blocking(payload, delay);
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override {
    return on_direct_memory && on_direct_memory(payload, dmi);
  }
  unsigned int transport_dbg(tlm::tlm_generic_payload& payload) override { return on_debug ? on_debug(payload) : 0; }
};

/// Every test begins at 1 ns (the kernel warns of a start without movement); then time stands still unless a test runs
/// it.
class ProtocolBench : public SystemCTest {
 protected:
  explicit ProtocolBench(const ProtocolCheckerOptions& options = {}) : checker("checker", options) {
    initiator.socket.bind(checker.target_socket);
    checker.initiator_socket.bind(target.socket);
    sc_core::sc_start(ns(1));
  }
  ~ProtocolBench() override {
    for (tlm::tlm_generic_payload* payload : held_) payload->release();
  }

  /// A proper request without data. The bench keeps its reference to the end of the test.
  tlm::tlm_generic_payload& request() {
    tlm::tlm_generic_payload& payload = pool.acquire();
    payload.set_streaming_width(1);
    held_.push_back(&payload);
    return payload;
  }

  static sc_core::sc_time ns(int count) { return sc_core::sc_time(count, sc_core::SC_NS); }

  /// The initiator, or the target, sends a phase; the answer's phase and delay are in `phase_back` and `delay_back`.
  tlm::tlm_sync_enum forward(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                             const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) {
    phase_back = phase;
    delay_back = delay;
    return initiator.socket->nb_transport_fw(payload, phase_back, delay_back);
  }
  tlm::tlm_sync_enum backward(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
                              const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) {
    phase_back = phase;
    delay_back = delay;
    return target.socket->nb_transport_bw(payload, phase_back, delay_back);
  }
  /// The target answers with success.
  tlm::tlm_sync_enum respond(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) {
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return backward(payload, tlm::BEGIN_RESP, delay);
  }
  /// The latency that a direct call of b_transport ends with.
  sc_core::sc_time block(tlm::tlm_generic_payload& payload, sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
    initiator.socket->b_transport(payload, delay);
    return delay;
  }

  /// From now on the target, or the initiator, answers like this.
  void target_answers(tlm::tlm_sync_enum status, const tlm::tlm_phase& phase,
                      const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) {
    target.on_forward = answer(status, phase, delay);
  }
  void initiator_answers(tlm::tlm_sync_enum status, const tlm::tlm_phase& phase,
                         const sc_core::sc_time& delay = sc_core::SC_ZERO_TIME) {
    initiator.on_backward = answer(status, phase, delay);
  }

  LooseInitiator initiator{"initiator"};
  ProtocolChecker checker;
  LooseTarget target{"target"};
  PayloadPool pool;
  tlm::tlm_phase phase_back;
  sc_core::sc_time delay_back;

 private:
  static NbCall answer(tlm::tlm_sync_enum status, const tlm::tlm_phase& answer_phase,
                       const sc_core::sc_time& answer_delay) {
    return [=](tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
      phase = answer_phase;
      delay = answer_delay;
      if (phase == tlm::BEGIN_RESP || status == tlm::TLM_COMPLETED) payload.set_response_status(tlm::TLM_OK_RESPONSE);
      return status;
    };
  }

  std::vector<tlm::tlm_generic_payload*> held_;
};

/// Exactly one violation so far, of this rule and transaction.
MATCHER_P2(HasOneViolation, rule, number, "") {
  *result_listener << "with " << ::testing::PrintToString(arg.violations());
  const std::string who = number == 0 ? "unknown transaction" : "transaction " + std::to_string(number);
  return arg.violation_count() == 1 && arg.violations().size() == 1 &&
         arg.violations().front().rfind(std::string(rule) + " (", 0) == 0 &&
         arg.violations().front().find("): " + who + " at ") != std::string::npos;
}

MATCHER(IsClean, "") {
  *result_listener << "with " << ::testing::PrintToString(arg.violations()) << " and open transactions "
                   << ::testing::PrintToString(arg.in_flight());
  return arg.violation_count() == 0 && arg.violations().empty() && arg.in_flight().empty();
}

}  // namespace nandtlm
