// The measure of all figures: two modules, one non-blocking exchange, one timed event. Nothing of the model.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "tlm/payload_pool.h"

namespace nandtlm::bench {

/// Answers every BEGIN_REQ with END_REQ at once and BEGIN_RESP one timed event later.
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
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase != tlm::BEGIN_REQ) return tlm::TLM_ACCEPTED;
    (void)delay;
    payload_ = &payload;
    done_.notify(latency_);
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  void respond() {
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    payload_->set_response_status(tlm::TLM_OK_RESPONSE);
    socket->nb_transport_bw(*payload_, phase, delay);
  }

  sc_core::sc_time latency_{10, sc_core::SC_NS};
  sc_core::sc_event done_;
  tlm::tlm_generic_payload* payload_ = nullptr;
};

/// Starts the next exchange when the last one has ended.
class BareInitiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BareInitiator> socket;

  BareInitiator(sc_core::sc_module_name name, std::uint64_t exchanges)
      : sc_core::sc_module(name), socket("socket"), left_(exchanges) {
    socket.register_nb_transport_bw(this, &BareInitiator::nb_transport_bw);
    SC_HAS_PROCESS(BareInitiator);
    SC_METHOD(start);
  }

 private:
  void start() {
    tlm::tlm_generic_payload& payload = pool_.acquire();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(payload, phase, delay);
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase&, sc_core::sc_time&) {
    payload.release();
    if (--left_ > 0) start();
    return tlm::TLM_COMPLETED;
  }

  PayloadPool pool_;
  std::uint64_t left_;
};

}  // namespace nandtlm::bench
