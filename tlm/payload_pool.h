// Generic payloads with their extension kept on, recycled by reference count (TLM-01).
#pragma once

#include <memory>
#include <tlm>
#include <vector>

#include "tlm/nand_command.h"

namespace nandtlm {

/// One pool per initiator. Outlives its payloads; in_use() is 0 when every reference was given back.
class PayloadPool : public tlm::tlm_mm_interface {
 public:
  PayloadPool() = default;
  PayloadPool(const PayloadPool&) = delete;
  PayloadPool& operator=(const PayloadPool&) = delete;
  ~PayloadPool() override;

  /// A cleared payload with one reference (call release() when done) and a cleared NandCommand.
  tlm::tlm_generic_payload& acquire();
  /// The extension of a payload of any pool; nullptr where the payload has none.
  static NandCommand* command(tlm::tlm_generic_payload& payload) { return payload.get_extension<NandCommand>(); }

  std::size_t in_use() const { return all_.size() - idle_.size(); }

  void free(tlm::tlm_generic_payload* payload) override { idle_.push_back(payload); }

 private:
  std::vector<std::unique_ptr<tlm::tlm_generic_payload>> all_;
  std::vector<tlm::tlm_generic_payload*> idle_;
};

}  // namespace nandtlm
