// One plane: the array behind it, its page register and its one-shot latches.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <systemc>

#include "model/plane/array_access.h"
#include "model/plane/page_store.h"

namespace nandtlm {

/// A target that answers ArrayAccess payloads in no time. Answers TLM_COMMAND_ERROR_RESPONSE to anything else.
class Plane : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Plane> socket;

  explicit Plane(sc_core::sc_module_name name);

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(store_, register_, latches_);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void load_latch(const tlm::tlm_generic_payload& payload, const ArrayAccess& access);
  void program(const tlm::tlm_generic_payload& payload, const ArrayAccess& access);
  void drop_latches();
  void sense(ArrayAccess& access);
  static void copy_out(const Page& page, std::uint32_t column, tlm::tlm_generic_payload& payload);
  void debug_write(const tlm::tlm_generic_payload& payload, const ArrayAccess& access);

  static constexpr std::size_t kSubPages = 3;

  PageStore store_;
  Page register_;
  std::array<Page, kSubPages> latches_;
};

}  // namespace nandtlm
