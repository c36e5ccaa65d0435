// How two sockets are bound, for who wants to put something in between.
#pragma once

#include <functional>
#include <tlm>

namespace nandtlm {

/// Binds `from` to `to`, directly or through a module of its own (a monitor, a protocol checker). What it puts in
/// between must pass every call on and live as long as the sockets.
using SocketBinder = std::function<void(tlm::tlm_initiator_socket<>& from, tlm::tlm_target_socket<>& to)>;

inline void bind_directly(tlm::tlm_initiator_socket<>& from, tlm::tlm_target_socket<>& to) {
  from.bind(to);
}

}  // namespace nandtlm
