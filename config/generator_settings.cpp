#include "config/generator_settings.h"

namespace nandtlm {

const char* name(OpClass op_class) {
  constexpr std::array<const char*, kOpClasses> kNames = {"read",   "program",  "erase", "suspend", "resume",
                                                          "status", "continue", "reset", "nop",     "other"};
  return kNames[static_cast<std::size_t>(op_class)];
}

}  // namespace nandtlm
