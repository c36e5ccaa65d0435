// What a die asks of a plane, as an extension of a generic payload that takes no time.
#pragma once

#include <tlm>

#include "tlm/types.h"

namespace nandtlm {

/// Data travels in the payload's data_ptr: one page at most. The time belongs to the die: a plane only holds contents.
class ArrayAccess : public tlm::tlm_extension<ArrayAccess> {
 public:
  enum class Kind : std::uint8_t {
    Sense,         ///< array -> page register
    LoadRegister,  ///< data_ptr -> page register (recovery of a suspended program)
    RecallLatch,   ///< one-shot latch `sub_page` -> page register
    ReadRegister,  ///< page register -> data_ptr
    LoadLatch,     ///< data_ptr (or the page register, for a copyback) -> one-shot latch `sub_page`
    Program,       ///< latches and data_ptr -> array; bits are only cleared
    Spoil,         ///< a program was cut for good: as Program, but what it leaves is corrupt
    Erase,
    DropLatches,
    DebugRead,   ///< array -> data_ptr, nothing else changes
    DebugWrite,  ///< data_ptr -> array, as if it had always been there
  };

  Kind kind = Kind::Sense;
  std::uint32_t block = 0;
  std::uint32_t page = 0;
  std::uint32_t column = 0;
  std::uint8_t sub_page = 0;
  bool from_register = false;  ///< copyback: the data is in the page register
  bool corrupt = false;        ///< answer of Sense and ReadRegister

  tlm::tlm_extension_base* clone() const override { return new ArrayAccess(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const ArrayAccess&>(other); }
};

}  // namespace nandtlm
