// Which metrics a scenario may ask for.
#pragma once

#include <string>

#include "config/device.h"

namespace nandtlm {

/// True where a run on `device` has, or comes to have, a metric of this dotted name (docs/metrics.md).
bool metric_exists(const std::string& metric, const Device& device);
/// True where its value is a time: a scenario gives it in µs.
bool metric_is_time(const std::string& metric);

}  // namespace nandtlm
