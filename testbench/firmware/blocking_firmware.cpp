#include "testbench/firmware/blocking_firmware.h"

namespace nandtlm {

BlockingFirmware::BlockingFirmware(sc_core::sc_module_name name, Package& package) : Firmware(name, package) {
  SC_HAS_PROCESS(BlockingFirmware);
  SC_THREAD(program_pages);
  SC_THREAD(read_meanwhile);
}

void BlockingFirmware::program_pages() {
  execute(commands().erase, -1);
  program(kFirstPage);
  second_program_starts_.notify();
  program(kSecondPage);  // the other thread suspends it
  expect(read_was_done_, "the program ended before the read that it was suspended for");
  expect(read(kSecondPage) == content_of(kSecondPage), "the second page does not hold what was programmed");
  story_ends();
}

void BlockingFirmware::read_meanwhile() {
  wait(second_program_starts_);
  wait(half_a_program());
  execute(commands().suspend, -1);
  expect(read(kFirstPage) == content_of(kFirstPage), "the first page does not hold what was programmed");
  read_was_done_ = true;
  execute(commands().resume, -1);
}

NandCommand BlockingFirmware::execute(OpId op, std::int32_t page, tlm::tlm_command direction,
                                      std::vector<std::uint8_t>* data) {
  tlm::tlm_generic_payload& payload = new_request(op, page, direction, data);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  die_socket()->b_transport(payload, delay);
  wait(delay);  // a target may return early and annotate the rest
  expect_ok(payload);
  NandCommand result = *PayloadPool::command(payload);
  payload.release();
  return result;
}

void BlockingFirmware::program(std::int32_t page) {
  std::vector<std::uint8_t> data = content_of(page);
  const NandCommand result = execute(commands().program, page, tlm::TLM_WRITE_COMMAND, &data);
  const bool was_cut_right = result.suspends == (page == kSecondPage ? 1U : 0U);
  expect(was_cut_right,
         "page " + std::to_string(page) + " was suspended " + std::to_string(result.suspends) + " times");
}

/// Two commands, as on the pins: the array to the page register, the page register to the host.
std::vector<std::uint8_t> BlockingFirmware::read(std::int32_t page) {
  std::vector<std::uint8_t> data = empty_page();
  execute(commands().read, page);
  execute(commands().data_out, page, tlm::TLM_READ_COMMAND, &data);
  return data;
}

}  // namespace nandtlm
