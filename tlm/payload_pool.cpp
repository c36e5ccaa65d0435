#include "tlm/payload_pool.h"

namespace nandtlm {

PayloadPool::~PayloadPool() = default;  // a payload deletes the extension that it still carries

tlm::tlm_generic_payload& PayloadPool::acquire() {
  if (idle_.empty()) {
    all_.push_back(std::make_unique<tlm::tlm_generic_payload>(this));
    all_.back()->set_extension(new NandCommand);
    idle_.push_back(all_.back().get());
  }
  tlm::tlm_generic_payload& payload = *idle_.back();
  idle_.pop_back();
  payload.get_extension<NandCommand>()->reset();
  payload.set_command(tlm::TLM_IGNORE_COMMAND);
  payload.set_address(0);
  payload.set_data_ptr(nullptr);
  payload.set_data_length(0);
  payload.set_streaming_width(1);  // 0 is not legal, data or not (IEEE 1666-2011, 14.15)
  payload.set_byte_enable_ptr(nullptr);
  payload.set_byte_enable_length(0);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  payload.acquire();
  return payload;
}

}  // namespace nandtlm
