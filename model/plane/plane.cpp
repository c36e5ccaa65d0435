#include "model/plane/plane.h"

#include <algorithm>

namespace nandtlm {

Plane::Plane(sc_core::sc_module_name name) : sc_core::sc_module(name), socket("socket") {
  socket.register_b_transport(this, &Plane::b_transport);
}

void Plane::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  auto* access = payload.get_extension<ArrayAccess>();
  if (access == nullptr || access->sub_page >= kSubPages) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
  switch (access->kind) {
    case ArrayAccess::Kind::Sense:
      sense(*access);
      break;
    case ArrayAccess::Kind::LoadRegister:
      register_ = programmed_over(nullptr, payload.get_data_ptr(), payload.get_data_length(), false);
      break;
    case ArrayAccess::Kind::RecallLatch:
      register_ = latches_[access->sub_page];
      break;
    case ArrayAccess::Kind::ReadRegister:
      access->corrupt = register_ != nullptr && register_->corrupt;
      copy_out(register_, access->column, payload);
      break;
    case ArrayAccess::Kind::LoadLatch:
      load_latch(payload, *access);
      break;
    case ArrayAccess::Kind::Program:
    case ArrayAccess::Kind::Spoil:
      program(payload, *access);
      break;
    case ArrayAccess::Kind::Erase:
      store_.erase_block(access->block);
      break;
    case ArrayAccess::Kind::DropLatches:
      drop_latches();
      break;
    case ArrayAccess::Kind::DebugRead:
      copy_out(store_.find(access->block, access->page, access->sub_page), access->column, payload);
      break;
    case ArrayAccess::Kind::DebugWrite:
      debug_write(payload, *access);
      break;
  }
}

void Plane::sense(ArrayAccess& access) {
  register_ = store_.find(access.block, access.page, access.sub_page);
  access.corrupt = register_ != nullptr && register_->corrupt;
}

void Plane::load_latch(const tlm::tlm_generic_payload& payload, const ArrayAccess& access) {
  if (payload.get_data_length() != 0) {
    latches_[access.sub_page] = programmed_over(nullptr, payload.get_data_ptr(), payload.get_data_length(), false);
  } else if (access.from_register) {
    latches_[access.sub_page] = register_;
  }
}

void Plane::program(const tlm::tlm_generic_payload& payload, const ArrayAccess& access) {
  load_latch(payload, access);
  const bool corrupt = access.kind == ArrayAccess::Kind::Spoil;
  for (std::uint8_t sub = 0; sub < kSubPages; ++sub) {
    const Page& latch = latches_[sub];
    if (latch == nullptr && !(corrupt && sub == access.sub_page)) continue;
    const std::uint8_t* data = latch == nullptr ? nullptr : latch->bytes.data();
    const std::size_t size = latch == nullptr ? 0 : latch->bytes.size();
    const bool carries_fault = corrupt || (latch != nullptr && latch->corrupt);
    store_.put(access.block, access.page, sub,
               programmed_over(store_.find(access.block, access.page, sub), data, size, carries_fault));
  }
  drop_latches();
}

void Plane::drop_latches() {
  latches_.fill(nullptr);
}

void Plane::copy_out(const Page& page, std::uint32_t column, tlm::tlm_generic_payload& payload) {
  std::uint8_t* out = payload.get_data_ptr();
  const std::size_t length = payload.get_data_length();
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t from = column + i;
    out[i] = page != nullptr && from < page->bytes.size() ? page->bytes[from] : kErasedByte;
  }
}

void Plane::debug_write(const tlm::tlm_generic_payload& payload, const ArrayAccess& access) {
  auto contents = std::make_shared<PageContents>();
  if (const Page before = store_.find(access.block, access.page, access.sub_page)) *contents = *before;
  const std::size_t end = access.column + payload.get_data_length();
  if (contents->bytes.size() < end) contents->bytes.resize(end, kErasedByte);
  std::copy_n(payload.get_data_ptr(), payload.get_data_length(),
              contents->bytes.begin() + static_cast<std::ptrdiff_t>(access.column));
  store_.put(access.block, access.page, access.sub_page, std::move(contents));
}

}  // namespace nandtlm
