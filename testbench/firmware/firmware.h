// What the example firmwares share: the sockets, what they know of the device, and the list of what went wrong.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "model/package.h"
#include "tlm/nand_command.h"
#include "tlm/payload_pool.h"

namespace nandtlm {

/// The commands that the example sends, looked up once: ids travel on the socket, names do not.
struct FirmwareCommands {
  /// Single-plane SLC commands. Throws std::runtime_error naming the base that `device` has no op of.
  explicit FirmwareCommands(const Device& device);

  OpId erase;
  OpId program;
  OpId read;      ///< array to page register
  OpId data_out;  ///< page register to host
  OpId suspend;   ///< of programs
  OpId resume;    ///< of programs
};

/// A client that drives a package over its sockets alone. It erases a block, programs two pages, suspends the second
/// program to read the first page, resumes it, reads the second page back and compares the data.
/// The base holds the story's data; how transactions are sent is the business of the derived classes.
class Firmware : public sc_core::sc_module {
 public:
  /// Works on die 0 of `package`, which outlives it.
  Firmware(sc_core::sc_module_name name, Package& package);

  /// Connects one socket to every channel of the package; call once, at elaboration.
  void bind_all();
  /// The socket of a channel, for who wants to put something in between instead of bind_all().
  tlm_utils::simple_initiator_socket<Firmware>& socket(std::size_t channel) { return *sockets_[channel]; }

  /// The whole story was told and nothing went wrong.
  bool passed() const { return finished_ && problems_.empty(); }
  /// What went wrong, one line each with the simulated time.
  const std::vector<std::string>& problems() const { return problems_; }

 protected:
  /// The block of the story, and its two pages.
  static constexpr std::int32_t kBlock = 0;
  static constexpr std::int32_t kFirstPage = 0;
  static constexpr std::int32_t kSecondPage = 1;

  /// What the package tells on the backward path. Blocking clients hear nothing there.
  virtual tlm::tlm_sync_enum hear(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);

  tlm_utils::simple_initiator_socket<Firmware>& die_socket() { return *sockets_[0]; }
  const FirmwareCommands& commands() const { return commands_; }
  PayloadPool& pool() { return pool_; }

  /// A payload with one reference that asks for `op` on a page of the story's block. `data`: to program, or room for
  /// what is read; must live until the response. The plane follows from the block.
  tlm::tlm_generic_payload& new_request(OpId op, std::int32_t page, tlm::tlm_command direction,
                                        std::vector<std::uint8_t>* data);
  /// Notes a problem unless the transaction was answered with TLM_OK_RESPONSE.
  void expect_ok(const tlm::tlm_generic_payload& payload);
  void expect(bool holds, const std::string& what);
  void story_ends() { finished_ = true; }

  /// The content that the story programs into a page.
  std::vector<std::uint8_t> content_of(std::int32_t page) const;
  std::vector<std::uint8_t> empty_page() const { return std::vector<std::uint8_t>(page_bytes_, 0); }
  /// A moment when the program is well under way, counted from its start.
  sc_core::sc_time half_a_program() const { return half_a_program_; }

 private:
  FirmwareCommands commands_;
  std::size_t page_bytes_;
  sc_core::sc_time half_a_program_;
  PayloadPool pool_;
  Package& package_;
  std::vector<std::unique_ptr<tlm_utils::simple_initiator_socket<Firmware>>> sockets_;
  std::vector<std::string> problems_;
  bool finished_ = false;
};

}  // namespace nandtlm
