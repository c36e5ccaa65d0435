// A die's way to its planes: what the start, the end or the abort of an operation does to contents.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <memory>
#include <systemc>
#include <vector>

#include "model/die/resource_manager.h"
#include "model/plane/array_access.h"

namespace nandtlm {

/// Owns one initiator socket per plane. Every access takes no simulated time: durations belong to the die.
class ArrayPort {
 public:
  /// Creates the sockets inside the module that is being constructed.
  explicit ArrayPort(const Device& device);

  tlm_utils::simple_initiator_socket<ArrayPort>& socket(std::size_t plane) { return *sockets_[plane]; }

  /// The end of `op` changes the array or the registers, and fills the payload with what was read. `recovered`: the
  /// suspended program whose latches a recovery read takes, else nullptr. False: the data is corrupt.
  bool complete(const Op& op, const Op* recovered);
  /// The op was cut for good (RES-06).
  void spoil(const Op& op);
  /// A reset loses what the latches held.
  void drop_latches();
  /// transport_dbg: contents without any effect on time or state. `access` names the place.
  void debug(std::size_t plane, ArrayAccess& access, std::uint8_t* data, std::size_t length);

 private:
  void send(std::size_t plane, ArrayAccess& access, std::uint8_t* data, std::size_t length);
  bool read(const Op& op, const Op* recovered);
  bool read_target(const Op& op, const Op* recovered, std::size_t i);
  bool data_out(const Op& op);
  void program(const Op& op, ArrayAccess::Kind kind);
  /// The share of target `i` in the data of `op`; nullptr with length 0 where it carries none.
  std::uint8_t* slice(const Op& op, std::size_t i, std::size_t& length) const;

  const Device& device_;
  std::vector<std::unique_ptr<tlm_utils::simple_initiator_socket<ArrayPort>>> sockets_;
  tlm::tlm_generic_payload payload_;
  ArrayAccess* access_;  ///< stays on the payload, which deletes it
};

}  // namespace nandtlm
