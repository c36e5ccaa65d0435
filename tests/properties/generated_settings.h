// Run files of generated runs, drawn from a seed: both generators, and what a user may set of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/device.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {

enum class Generator : std::uint8_t { Random, SuspendPolicy };

/// What a user may change of a device that is shipped; the first is nothing.
const std::vector<Overrides>& device_variants();

/// A whole run file for `nandtlm run`, that ends after some hundred ops or a few thousand. The same arguments give the
/// same text. `device` is the file's, with the `overrides`.
std::string generated_run_file(const std::string& device_path, const Device& device, const Overrides& overrides,
                               Generator generator, std::uint32_t seed);

}  // namespace nandtlm::test
