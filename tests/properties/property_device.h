// Random devices for the property tests: small, quick, with a base of every kind.
#pragma once

#include <cstdint>
#include <memory>

#include "config/device.h"

namespace nandtlm::test {

/// Device 0 is the plainest: one die, one plane, sensible tables, round times. The others vary everything: topology,
/// latencies, tables, policies. The same number is the same device on every machine; each is made once.
std::shared_ptr<const Device> property_device(std::uint32_t number);

}  // namespace nandtlm::test
