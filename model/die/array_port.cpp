#include "model/die/array_port.h"

#include <algorithm>
#include <string>

namespace nandtlm {

ArrayPort::ArrayPort(const Device& device) : device_(device), access_(new ArrayAccess) {
  for (std::uint32_t plane = 0; plane < device.topology.planes; ++plane) {
    const std::string name = "plane_socket_" + std::to_string(plane);
    sockets_.push_back(std::make_unique<tlm_utils::simple_initiator_socket<ArrayPort>>(name.c_str()));
  }
  payload_.set_extension(access_);
}

void ArrayPort::send(std::size_t plane, ArrayAccess& access, std::uint8_t* data, std::size_t length) {
  *access_ = access;
  payload_.set_data_ptr(data);
  payload_.set_data_length(static_cast<unsigned>(length));
  payload_.set_streaming_width(std::max(1U, static_cast<unsigned>(length)));  // IEEE 1666-2011, 14.15
  payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time no_time = sc_core::SC_ZERO_TIME;
  (*sockets_[plane])->b_transport(payload_, no_time);
  access.corrupt = access_->corrupt;
}

std::uint8_t* ArrayPort::slice(const Op& op, std::size_t i, std::size_t& length) const {
  length = 0;
  if (op.payload == nullptr || op.payload->get_data_ptr() == nullptr) return nullptr;
  const bool moves = op.effects().action == Action::Program ? op.payload->is_write() : op.payload->is_read();
  if (!moves) return nullptr;
  const std::size_t page = device_.topology.page_total_bytes();
  const std::size_t total = op.payload->get_data_length();
  const std::size_t from = i * page;
  if (from >= total) return nullptr;
  length = std::min(page, total - from);
  return op.payload->get_data_ptr() + from;
}

bool ArrayPort::complete(const Op& op, const Op* recovered) {
  if (!device_.policies.store_data) return true;
  switch (op.effects().action) {
    case Action::Read:
      return read(op, recovered);
    case Action::DataOut:
      return data_out(op);
    case Action::Program:
      program(op, ArrayAccess::Kind::Program);
      return true;
    case Action::Erase:
      for (const Target& target : op.info.targets) {
        ArrayAccess access;
        access.kind = ArrayAccess::Kind::Erase;
        access.block = static_cast<std::uint32_t>(target.block);
        send(static_cast<std::size_t>(target.plane), access, nullptr, 0);
      }
      return true;
    default:
      return true;
  }
}

bool ArrayPort::read(const Op& op, const Op* recovered) {
  bool sound = true;
  for (std::size_t i = 0; i < op.info.targets.size(); ++i) sound = read_target(op, recovered, i) && sound;
  return sound;
}

bool ArrayPort::read_target(const Op& op, const Op* recovered, std::size_t i) {
  const Target& target = op.info.targets[i];
  const auto plane = static_cast<std::size_t>(target.plane);
  ArrayAccess access;
  access.block = static_cast<std::uint32_t>(target.block);
  access.page = static_cast<std::uint32_t>(target.page);
  access.sub_page = op.spec->sub_page;
  std::uint8_t* data = nullptr;
  std::size_t length = 0;
  if (recovered != nullptr && recovered->spec->sub_page == op.spec->sub_page) {
    access.kind = ArrayAccess::Kind::LoadRegister;
    const TargetList& held = recovered->info.targets;
    for (std::size_t k = 0; k < held.size(); ++k) {
      if (held[k].plane == target.plane) data = slice(*recovered, k, length);
    }
  } else {
    access.kind = recovered != nullptr ? ArrayAccess::Kind::RecallLatch : ArrayAccess::Kind::Sense;
  }
  send(plane, access, data, length);
  const bool sound = !access.corrupt;
  std::uint8_t* out = slice(op, i, length);
  if (out == nullptr) return sound;
  access.kind = ArrayAccess::Kind::ReadRegister;
  send(plane, access, out, length);
  return sound;
}

bool ArrayPort::data_out(const Op& op) {
  bool sound = true;
  for (std::size_t i = 0; i < op.info.targets.size(); ++i) {
    std::size_t length = 0;
    std::uint8_t* out = slice(op, i, length);
    if (out == nullptr || op.info.targets[i].plane < 0) continue;
    ArrayAccess access;
    access.kind = ArrayAccess::Kind::ReadRegister;
    send(static_cast<std::size_t>(op.info.targets[i].plane), access, out, length);
    sound = sound && !access.corrupt;
  }
  return sound;
}

void ArrayPort::program(const Op& op, ArrayAccess::Kind kind) {
  for (std::size_t i = 0; i < op.info.targets.size(); ++i) {
    const Target& target = op.info.targets[i];
    std::size_t length = 0;
    std::uint8_t* data = slice(op, i, length);
    ArrayAccess access;
    access.kind = op.effects().commits_page() ? kind : ArrayAccess::Kind::LoadLatch;
    access.block = static_cast<std::uint32_t>(target.block);
    access.page = static_cast<std::uint32_t>(target.page);
    access.sub_page = op.spec->sub_page;
    access.from_register = op.effects().copyback;
    send(static_cast<std::size_t>(target.plane), access, data, length);
  }
}

void ArrayPort::spoil(const Op& op) {
  if (!device_.policies.store_data || op.effects().action != Action::Program || !op.effects().commits_page()) return;
  program(op, ArrayAccess::Kind::Spoil);
}

void ArrayPort::drop_latches() {
  if (!device_.policies.store_data) return;
  for (std::size_t plane = 0; plane < sockets_.size(); ++plane) {
    ArrayAccess access;
    access.kind = ArrayAccess::Kind::DropLatches;
    send(plane, access, nullptr, 0);
  }
}

void ArrayPort::debug(std::size_t plane, ArrayAccess& access, std::uint8_t* data, std::size_t length) {
  send(plane, access, data, length);
}

}  // namespace nandtlm
