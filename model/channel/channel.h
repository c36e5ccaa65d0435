// One channel: routes transactions to its dies and keeps the rules of the base protocol towards the initiator.
#pragma once

#include <deque>
#include <memory>
#include <systemc>
#include <tlm>
#include <vector>

#include "config/device.h"
#include "model/channel/bus_timeline.h"
#include "tlm/phases.h"
#include "tlm/row_address.h"

namespace nandtlm {

class StateArchive;

/// BEGIN_REQ .. END_REQ is the occupancy of the bus by an ISSUE (TLM-02). Responses of several dies that end together
/// go upstream one after the other (response exclusion rule); the dies never wait for the initiator.
class Channel : public sc_core::sc_module, private tlm::tlm_fw_transport_if<>, private tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<> socket;

  Channel(sc_core::sc_module_name name, std::uint32_t number, const Device& device);

  /// The initiator socket towards the channel's `i`-th die.
  tlm::tlm_initiator_socket<>& die_socket(std::size_t i) { return *die_sockets_[i]; }
  BusTimeline& bus() { return bus_; }

  /// Throws StateError where an initiator has not ended a response.
  void transfer(StateArchive& archive);

 private:
  // From the initiator.
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
  // From the dies.
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 /*start*/, sc_dt::uint64 /*end*/) override {}

  tlm::tlm_initiator_socket<>* route(tlm::tlm_generic_payload& payload);
  static void refuse_route(tlm::tlm_generic_payload& payload);
  void end_response(const sc_core::sc_time& delay);
  void close_response();
  tlm::tlm_sync_enum answer(tlm::tlm_generic_payload& payload, tlm::tlm_sync_enum given);
  void send_responses();

  std::uint32_t first_die_;
  AddressMap address_map_;
  BusTimeline bus_;
  std::vector<std::unique_ptr<tlm::tlm_initiator_socket<>>> die_sockets_;
  std::deque<tlm::tlm_generic_payload*> responses_;    ///< wait to go upstream, each with a reference
  tlm::tlm_generic_payload* response_open_ = nullptr;  ///< BEGIN_RESP sent, END_RESP owed by the initiator
  sc_core::sc_time open_until_;                        ///< END_RESP came, annotated with this moment
  bool ending_ = false;                                ///< `open_until_` holds
  bool sending_ = false;
  sc_core::sc_event send_event_;
};

}  // namespace nandtlm
