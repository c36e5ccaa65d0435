#include "testbench/firmware/firmware.h"

#include <stdexcept>

#include "tlm/kernel_time.h"

namespace nandtlm {
namespace {

/// The first single-plane op of a base, with SLC cells where the base knows cell types.
OpId op_of(const Device& device, const std::string& base) {
  const std::optional<CellId> slc = device.find_celltype("SLC");
  std::optional<OpId> found;
  for (std::size_t i = 0; i < device.ops.size(); ++i) {
    const OpSpec& spec = device.ops[i];
    if (spec.multi || device.base(spec.base).name != base) continue;
    if (slc && spec.celltype == *slc) return OpId(i);
    if (!found) found = OpId(i);
  }
  if (!found) throw std::runtime_error("device " + device.name + " has no op of base " + base);
  return *found;
}

}  // namespace

FirmwareCommands::FirmwareCommands(const Device& device)
    : erase(op_of(device, "ERASE")),
      program(op_of(device, "PROGRAM_SLC")),
      read(op_of(device, "READ")),
      data_out(op_of(device, "DOUT")),
      suspend(op_of(device, "PROGRAM_SUSPEND")),
      resume(op_of(device, "PROGRAM_RESUME")) {}

Firmware::Firmware(sc_core::sc_module_name name, Package& package)
    : sc_core::sc_module(name),
      commands_(package.device()),
      page_bytes_(package.device().topology.page_total_bytes()),
      half_a_program_(KernelTime().to_kernel(package.device().op(commands_.program).nominal / 2)),
      package_(package) {
  for (std::size_t channel = 0; channel < package.channels(); ++channel) {
    const std::string socket_name = "channel_socket_" + std::to_string(channel);
    sockets_.push_back(std::make_unique<tlm_utils::simple_initiator_socket<Firmware>>(socket_name.c_str()));
    sockets_.back()->register_nb_transport_bw(this, &Firmware::hear);
  }
}

void Firmware::bind_all() {
  for (std::size_t channel = 0; channel < sockets_.size(); ++channel) {
    sockets_[channel]->bind(package_.channel_socket(channel));
  }
}

tlm::tlm_sync_enum Firmware::hear(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& /*phase*/,
                                  sc_core::sc_time& /*delay*/) {
  return tlm::TLM_ACCEPTED;
}

tlm::tlm_generic_payload& Firmware::new_request(OpId op, std::int32_t page, tlm::tlm_command direction,
                                                std::vector<std::uint8_t>* data) {
  tlm::tlm_generic_payload& payload = pool_.acquire();
  NandCommand& command = *PayloadPool::command(payload);
  command.op = op;
  command.die = 0;
  command.targets = {Target{-1, kBlock, page}};
  payload.set_command(direction);
  if (data != nullptr) {
    payload.set_data_ptr(data->data());
    payload.set_data_length(static_cast<unsigned>(data->size()));
    payload.set_streaming_width(static_cast<unsigned>(data->size()));
  }
  return payload;
}

void Firmware::expect_ok(const tlm::tlm_generic_payload& payload) {
  if (payload.is_response_ok()) return;
  const auto* command = payload.get_extension<NandCommand>();
  expect(false, package_.device().op(command->op).name + " was answered with " + payload.get_response_string() + ": " +
                    nandtlm::name(command->refusal.reason) + " (" + command->refusal.rule + ")");
}

void Firmware::expect(bool holds, const std::string& what) {
  if (!holds) problems_.push_back(sc_core::sc_time_stamp().to_string() + ": " + what);
}

std::vector<std::uint8_t> Firmware::content_of(std::int32_t page) const {
  std::vector<std::uint8_t> content(page_bytes_);
  for (std::size_t i = 0; i < content.size(); ++i) {
    content[i] = static_cast<std::uint8_t>(i * 7 + static_cast<std::size_t>(page) * 101 + 13);
  }
  return content;
}

}  // namespace nandtlm
