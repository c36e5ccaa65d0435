// The measure of all figures: two modules, one non-blocking exchange, one timed event. Nothing of the model.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "tlm/payload_pool.h"

namespace nandtlm::bench {

/// A target with a process of its own: accepts BEGIN_REQ, and after one timed event sends END_REQ and BEGIN_RESP.
class BareTarget : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<BareTarget> socket;

  explicit BareTarget(sc_core::sc_module_name name) : sc_core::sc_module(name), socket("socket") {
    socket.register_nb_transport_fw(this, &BareTarget::nb_transport_fw);
    SC_HAS_PROCESS(BareTarget);
    SC_METHOD(respond);
    sensitive << done_;
    dont_initialize();
  }

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time&) {
    if (phase != tlm::BEGIN_REQ) return tlm::TLM_ACCEPTED;
    payload.acquire();
    payload_ = &payload;
    done_.notify(latency_);
    return tlm::TLM_ACCEPTED;
  }
  void respond() {
    tlm::tlm_generic_payload& payload = *payload_;
    send(payload, tlm::END_REQ);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    send(payload, tlm::BEGIN_RESP);
    payload.release();
  }
  void send(tlm::tlm_generic_payload& payload, tlm::tlm_phase phase) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->nb_transport_bw(payload, phase, delay);
  }

  sc_core::sc_time latency_{10, sc_core::SC_NS};
  sc_core::sc_event done_;
  tlm::tlm_generic_payload* payload_ = nullptr;
};

/// An initiator thread, as most testbenches have: sends BEGIN_REQ, waits for the answer, ends the response.
class BareInitiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BareInitiator> socket;

  BareInitiator(sc_core::sc_module_name name, std::uint64_t exchanges)
      : sc_core::sc_module(name), socket("socket"), exchanges_(exchanges) {
    socket.register_nb_transport_bw(this, &BareInitiator::nb_transport_bw);
    SC_HAS_PROCESS(BareInitiator);
    SC_THREAD(run);
  }

 private:
  void run() {
    for (std::uint64_t i = 0; i < exchanges_; ++i) {
      tlm::tlm_generic_payload& payload = pool_.acquire();
      send(payload, tlm::BEGIN_REQ);
      wait(answered_);
      send(payload, tlm::END_RESP);
      payload.release();
    }
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase& phase, sc_core::sc_time&) {
    if (phase == tlm::BEGIN_RESP) answered_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_ACCEPTED;
  }
  void send(tlm::tlm_generic_payload& payload, tlm::tlm_phase phase) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(payload, phase, delay);
  }

  PayloadPool pool_;
  sc_core::sc_event answered_;
  std::uint64_t exchanges_;
};

}  // namespace nandtlm::bench
