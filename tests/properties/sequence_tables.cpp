#include "tests/properties/sequence_tables.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "tests/properties/sequence.h"

namespace nandtlm::test {
namespace {

/// More often what suspends, is suspended or waits.
constexpr std::array kOps = {
    "Program",
    "Erase",
    "Program_Suspend",
    "Program_Resume",
    "Erase_Suspend",
    "Erase_Resume",
    "Read",
    "Program",
    "Program_Suspend",
    "Program_Resume",
    "Erase_Suspend",
    "Erase_Resume",
    "Program",
    "Plane_Program",
    "Program_Suspend",
    "Program_Resume",
    "Erase_Suspend",
    "Erase_Resume",
    "Plane_Erase",
    "Cache_Program",
    "Program_Suspend",
    "Program_Resume",
    "Foo_Program",
    "Program_Multi",
    "Erase_Multi",
    "Erase_TLC",
    "Load_LSB",
    "Load_CSB",
    "Load_MSB",
    "Load_23h",
    "Exec",
    "Exec",
    "Oneshot_Cache",
    "Program_Suspend",
    "Program_Resume",
    "Plane_Read",
    "Plane_Read",
    "Recovery_Read",
    "Cache_Read",
    "Cache_Read_End",
    "Copyback_Read",
    "Program_Suspend",
    "Program_Resume",
    "Copyback_Program",
    "Dout",
    "Dout",
    "Dout",
    "Status",
    "Delay",
    "Get_Feature",
    "Odt_Off",
    "Odt_On",
    "Odt_On",
    "Odt_On",
    "Reset_Lun",
    "Reset",
    "Read_Multi",
    "Program_Suspend",
    "Program_Resume",
    "Erase_Suspend",
    "Erase_Resume",
    "Program",
    "Erase",
    "Read",
    "Read",
    "Plane_Read",
    "Plane_Program",
    "Cache_Program",
    "Program",
    "Erase_Suspend",
    "Erase_Resume",
    "Program_Suspend",
    "Program_Resume",
    "Program_A0",
    "Program_TLC",
    "Read_TLC",
    "Load_LSB",
    "Load_CSB",
    "Program_Suspend",
    "Program_Resume",
    "Dout",
    "Program",
    "Plane_Program",
    "Erase",
};

}  // namespace

const char* op_of_kind(std::uint8_t kind) {
  return kOps[kind % kOps.size()];
}

std::uint8_t kind_of(const char* op) {
  const auto found = std::find(kOps.begin(), kOps.end(), std::string_view(op));
  return static_cast<std::uint8_t>(found - kOps.begin());
}

const std::vector<Opening>& openings(std::uint8_t prelude) {
  static const std::array<std::vector<Opening>, kPreludes> kOpenings = {{
      {},
      {{"Erase", 0}, {"Program", 0}, {"Program", 0}},
      {{"Erase", 0}, {"Erase", 1}, {"Program", 0}, {"Plane_Program", 1}, {"Erase_TLC", 2}, {"Program_TLC", 2}},
      {{"Erase", 1}, {"Program", 1}, {"Erase_TLC", 0}, {"Program_TLC", 0}},
      {{"Erase", 0}, {"Program", 0}, {"Erase_TLC", 2}, {"Load_LSB", 2}, {"Load_CSB", 2}},
      {{"Erase_TLC", 1}, {"Load_LSB", 1}, {"Load_CSB", 1}, {"Load_MSB", 1}, {"Exec", 1}, {"Erase", 0}, {"Program", 0}},
      {{"Erase_Multi", 0}, {"Program_Multi", 0}, {"Program", 0}, {"Erase_TLC", 2}},
  }};
  return kOpenings.at(prelude);
}

}  // namespace nandtlm::test
