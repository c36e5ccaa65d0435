#include "model/channel/channel.h"

#include <string>

#include "tlm/nand_command.h"

namespace nandtlm {

Channel::Channel(sc_core::sc_module_name name, std::uint32_t number, const Device& device)
    : sc_core::sc_module(name), socket("socket"), first_die_(number * device.topology.dies_per_channel()) {
  const Topology& topology = device.topology;
  address_map_ =
      AddressMap{topology.dies, topology.blocks_per_die, topology.pages_per_block, topology.page_total_bytes()};
  socket.bind(*this);
  SC_HAS_PROCESS(Channel);
  SC_METHOD(send_responses);
  sensitive << send_event_;
  dont_initialize();
  for (std::uint32_t i = 0; i < topology.dies_per_channel(); ++i) {
    const std::string socket_name = "die_socket_" + std::to_string(i);
    die_sockets_.push_back(std::make_unique<tlm::tlm_initiator_socket<>>(socket_name.c_str()));
    die_sockets_.back()->bind(*this);
  }
}

/// The die that the extension names, or the payload's address where there is no extension; nullptr: none of ours.
tlm::tlm_initiator_socket<>* Channel::route(tlm::tlm_generic_payload& payload) {
  const auto* command = payload.get_extension<NandCommand>();
  RowAddress row;
  if (command != nullptr) {
    row.die = command->die;
  } else if (!address_map_.from_byte_address(payload.get_address(), row)) {
    return nullptr;
  }
  if (row.die < first_die_ || row.die - first_die_ >= die_sockets_.size()) return nullptr;
  return die_sockets_[row.die - first_die_].get();
}

/// TLM-04.
void Channel::refuse_route(tlm::tlm_generic_payload& payload) {
  if (auto* command = payload.get_extension<NandCommand>()) {
    command->refusal = Refusal();
    command->refusal.reason = Reason::EprAddressRange;
    command->refusal.rule = "die beyond the channel";
  }
  payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

tlm::tlm_sync_enum Channel::nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                            sc_core::sc_time& delay) {
  if (to_phase(phase) == Phase::EndResp) {
    if (response_open_ == &payload && !ending_) end_response(delay);
    return tlm::TLM_COMPLETED;
  }
  if (to_phase(phase) != Phase::BeginReq) return tlm::TLM_ACCEPTED;  // ignorable
  auto* die = route(payload);
  if (die == nullptr) {
    refuse_route(payload);
    return answer(payload, tlm::TLM_COMPLETED);
  }
  return answer(payload, (*die)->nb_transport_fw(payload, phase, delay));
}

/// A refusal by early completion is a response too: it waits its turn behind one that is open (IEEE 1666-2011, 15.2.3).
tlm::tlm_sync_enum Channel::answer(tlm::tlm_generic_payload& payload, tlm::tlm_sync_enum given) {
  if (given != tlm::TLM_COMPLETED || response_open_ == nullptr || !payload.has_mm()) return given;
  payload.acquire();
  responses_.push_back(&payload);
  return tlm::TLM_ACCEPTED;
}

tlm::tlm_sync_enum Channel::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                            sc_core::sc_time& delay) {
  if (phase != tlm::BEGIN_RESP) return socket->nb_transport_bw(payload, phase, delay);
  payload.acquire();
  responses_.push_back(&payload);
  send_responses();
  return tlm::TLM_COMPLETED;
}

/// The initiator is done with the open response after `delay`. The next one never goes up within this forward call.
void Channel::end_response(const sc_core::sc_time& delay) {
  if (delay == sc_core::SC_ZERO_TIME) {
    close_response();
    if (!responses_.empty()) send_event_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  ending_ = true;
  open_until_ = sc_core::sc_time_stamp() + delay;
  send_event_.notify(delay);
}

void Channel::close_response() {
  ending_ = false;
  tlm::tlm_generic_payload* const payload = response_open_;
  response_open_ = nullptr;
  payload->release();
}

void Channel::send_responses() {
  if (sending_) return;  // an initiator that answers from within its nb_transport_bw: the loop below goes on
  sending_ = true;
  if (ending_ && sc_core::sc_time_stamp() >= open_until_) close_response();
  while (response_open_ == nullptr && !responses_.empty()) {
    tlm::tlm_generic_payload& payload = *responses_.front();
    responses_.pop_front();
    response_open_ = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum answer = socket->nb_transport_bw(payload, phase, delay);
    const bool ended =
        answer == tlm::TLM_COMPLETED || (answer == tlm::TLM_UPDATED && to_phase(phase) == Phase::EndResp);
    if (ended && response_open_ == &payload) end_response(delay);
  }
  sending_ = false;
}

void Channel::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* die = route(payload);
  if (die == nullptr) {
    refuse_route(payload);
    return;
  }
  (*die)->b_transport(payload, delay);
}

unsigned Channel::transport_dbg(tlm::tlm_generic_payload& payload) {
  auto* die = route(payload);
  return die == nullptr ? 0 : (*die)->transport_dbg(payload);
}

bool Channel::get_direct_mem_ptr(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_dmi& dmi) {
  dmi.allow_none();
  return false;  // TLM-03: an access always takes NAND time
}

}  // namespace nandtlm
