#include "testbench/firmware/nonblocking_firmware.h"

namespace nandtlm {

NonBlockingFirmware::NonBlockingFirmware(sc_core::sc_module_name name, Package& package) : Firmware(name, package) {
  SC_HAS_PROCESS(NonBlockingFirmware);
  SC_THREAD(run);
}

void NonBlockingFirmware::run() {
  finish(start(commands().erase, -1));
  std::vector<std::uint8_t> first = content_of(kFirstPage);
  finish(start(commands().program, kFirstPage, tlm::TLM_WRITE_COMMAND, &first));
  program_with_a_break();
  expect(read(kSecondPage) == content_of(kSecondPage), "the second page does not hold what was programmed");
  expect(pool().in_use() == 0, "a payload is still in flight");
  story_ends();
}

void NonBlockingFirmware::program_with_a_break() {
  std::vector<std::uint8_t> second = content_of(kSecondPage);
  Flight& program = start(commands().program, kSecondPage, tlm::TLM_WRITE_COMMAND, &second);
  wait(half_a_program());

  Flight& suspend = start(commands().suspend, -1);
  expect(program.suspended, "no OP_SUSPENDED although the suspend was issued");
  finish(suspend);

  expect(read(kFirstPage) == content_of(kFirstPage), "the first page does not hold what was programmed");
  expect(!program.ended, "the program ended while it was suspended");

  Flight& resume = start(commands().resume, -1);
  finish(resume);
  while (program.suspended) wait(program.news);
  expect(program.resumes == 1, "no OP_RESUMED although the resume was accepted");
  finish(program);
}

std::vector<std::uint8_t> NonBlockingFirmware::read(std::int32_t page) {
  std::vector<std::uint8_t> data = empty_page();
  finish(start(commands().read, page));
  finish(start(commands().data_out, page, tlm::TLM_READ_COMMAND, &data));
  return data;
}

NonBlockingFirmware::Flight& NonBlockingFirmware::start(OpId op, std::int32_t page, tlm::tlm_command direction,
                                                        std::vector<std::uint8_t>* data) {
  Flight& flight = flights_.emplace_back();
  flight.payload = &new_request(op, page, direction, data);
  PayloadPool::command(*flight.payload)->initiator_tag = flights_.size() - 1;

  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  if (die_socket()->nb_transport_fw(*flight.payload, phase, delay) == tlm::TLM_COMPLETED) {
    flight.request_ended = true;  // refused at once: the response is in the payload already
    flight.ended = true;
  }
  // One request at a time: until END_REQ (or the response, which implies it) the bus is taken.
  while (!flight.request_ended) wait(flight.news);
  return flight;
}

void NonBlockingFirmware::finish(Flight& flight) {
  while (!flight.ended) wait(flight.news);
  expect_ok(*flight.payload);
  flight.payload->release();
  flight.payload = nullptr;
}

/// Notes what is told and wakes the thread. It must not call the forward path from here (IEEE 1666-2011, 11.1.2.4).
tlm::tlm_sync_enum NonBlockingFirmware::hear(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                             sc_core::sc_time& /*delay*/) {
  Flight& flight = flights_[static_cast<std::size_t>(PayloadPool::command(payload)->initiator_tag)];
  const Phase told = to_phase(phase);
  switch (told) {
    case Phase::EndReq:
      flight.request_ended = true;
      break;
    case Phase::OpSuspended:
      flight.suspended = true;
      break;
    case Phase::OpResumed:
      flight.suspended = false;
      ++flight.resumes;
      break;
    case Phase::BeginResp:
      flight.request_ended = true;
      flight.ended = true;
      break;
    default:
      break;  // ignorable: somebody else's phase, or one that this client does not care for
  }
  flight.news.notify(sc_core::SC_ZERO_TIME);
  // TLM_COMPLETED in answer to BEGIN_RESP stands for END_RESP: the transaction is over.
  return told == Phase::BeginResp ? tlm::TLM_COMPLETED : tlm::TLM_ACCEPTED;
}

}  // namespace nandtlm
