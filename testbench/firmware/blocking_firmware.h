// A firmware that uses b_transport only: every call returns at the end of its operation.
#pragma once

#include "testbench/firmware/firmware.h"

namespace nandtlm {

/// Two threads: one is blocked in the program, the other suspends that program, reads and resumes. The call of the
/// first returns later then, and that is all that it notices.
class BlockingFirmware : public Firmware {
 public:
  BlockingFirmware(sc_core::sc_module_name name, Package& package);

 private:
  void program_pages();   ///< thread
  void read_meanwhile();  ///< thread

  /// One operation from command to end. Returns what the package says about it.
  NandCommand execute(OpId op, std::int32_t page, tlm::tlm_command direction = tlm::TLM_IGNORE_COMMAND,
                      std::vector<std::uint8_t>* data = nullptr);
  void program(std::int32_t page);
  std::vector<std::uint8_t> read(std::int32_t page);

  sc_core::sc_event second_program_starts_;
  bool read_was_done_ = false;
};

}  // namespace nandtlm
