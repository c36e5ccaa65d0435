// A firmware that uses nb_transport with the model's phases: it starts operations, goes on, and hears of their ends.
#pragma once

#include <deque>

#include "testbench/firmware/firmware.h"
#include "tlm/phases.h"

namespace nandtlm {

/// One thread with a program under way while it suspends, reads and resumes.
class NonBlockingFirmware : public Firmware {
 public:
  NonBlockingFirmware(sc_core::sc_module_name name, Package& package);

 private:
  /// One transaction in flight, as far as the package has told.
  struct Flight {
    tlm::tlm_generic_payload* payload = nullptr;
    bool request_ended = false;  ///< END_REQ: the bus is free for the next request
    bool suspended = false;      ///< OP_SUSPENDED came last, not OP_RESUMED
    bool ended = false;          ///< BEGIN_RESP: the operation is over
    std::uint32_t resumes = 0;
    sc_core::sc_event news;
  };

  void run();  ///< thread

  tlm::tlm_sync_enum hear(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) override;

  /// Sends the request and returns when its ISSUE is over and the bus is free again.
  Flight& start(OpId op, std::int32_t page, tlm::tlm_command direction = tlm::TLM_IGNORE_COMMAND,
                std::vector<std::uint8_t>* data = nullptr);
  /// Returns when the operation is over; gives the payload back.
  void finish(Flight& flight);
  /// The program of the second page, with a read in the middle.
  void program_with_a_break();
  std::vector<std::uint8_t> read(std::int32_t page);

  std::deque<Flight> flights_;  ///< the index travels as initiator_tag; never shrinks during a story
};

}  // namespace nandtlm
