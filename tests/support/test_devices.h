// Small devices with round durations, so that every expected time of a test can be worked out in the head.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/device.h"

namespace nandtlm::test {

/// Dotted key and YAML text, as in LoadOptions::overrides.
using Overrides = std::vector<std::pair<std::string, std::string>>;

inline constexpr Time us(Time count) {
  return count * kPsPerUs;
}

/// One channel, two dies of two planes, 8 blocks of 16 pages per die. In µs:
/// Erase 1 + 700; Program 10 + 300; Cache_Program 10 + 300 + 10 (data in); Load_* 10 + 20; Exec 1 + 2000;
/// Read 1 + 25 + 5; Plane_Read the same, in pairs; Recovery_Read 2 + 30 + 5; Cache_Read 1 + 20 + 10; Dout 10; Status 1;
/// suspends 1 + 99, resumes 1 + 149, resets 1 + 29; Odt_Off and Odt_On 1. A "_Multi" op takes both planes.
/// Address rules are off unless `overrides` turn `constraints.enable_epr` on.
std::shared_ptr<const Device> round_device(const Overrides& overrides = {});
/// The same with the address rules on.
std::shared_ptr<const Device> round_device_with_epr(Overrides overrides = {});
/// A file of config/devices/.
std::shared_ptr<const Device> shipped_device(const std::string& file_name, const Overrides& overrides = {});

}  // namespace nandtlm::test
