// A device back to YAML: the whole effective configuration.
#pragma once

#include <string>

#include "config/device.h"

namespace nandtlm {

/// The device in the established full form (CFG-02): every op with every duration, every group as a list, nothing
/// generated, nothing defaulted. load_device() makes an equal device of it.
std::string to_yaml(const Device& device);

}  // namespace nandtlm
