#include "testbench/scenario/scenario.h"

#include <array>

namespace nandtlm {

const char* name(Event event) {
  static constexpr std::array<const char*, kEvents> kNames = {"start", "end", "suspend", "resume"};
  return kNames.at(static_cast<std::size_t>(event));
}

const char* name(OpState state) {
  static constexpr std::array<const char*, 8> kNames = {"not_proposed", "refused",   "reserved", "backlogged",
                                                        "running",      "suspended", "done",     "aborted"};
  return kNames.at(static_cast<std::size_t>(state));
}

const char* name(TimeOf what) {
  static constexpr std::array<const char*, 7> kNames = {"start",  "end",      "duration", "suspend",
                                                        "resume", "consumed", "remaining"};
  return kNames.at(static_cast<std::size_t>(what));
}

}  // namespace nandtlm
