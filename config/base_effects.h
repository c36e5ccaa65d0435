// What the name of a base says about it, where the device file says nothing (CFG-05, RES-04, RES-05, EPR-04, SUS-07).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/device.h"

namespace nandtlm {

/// True for a base whose name contains SUSPEND or RESUME: never in a family (CFG-05).
bool is_suspend_or_resume(const std::string& base);

/// PROGRAM or ERASE where the name contains it, else NONE (CFG-05). std::nullopt where it contains both.
std::optional<Family> family_from_name(const std::string& base);

/// The effects of a base by its name; a base of a family that is known by no name of its own programs or erases.
Effects effects_from_name(const std::string& base, Family family);

/// LSB 0, CSB 1, MSB 2 by the op's name, else by its base's; otherwise 0.
std::uint8_t sub_page_from_names(const std::string& op, const std::string& base);

/// The payload keys of a base that `payload_by_op_base` does not list. Needs name, scope and effects.
std::vector<PayloadKey> default_payload(const OpBase& base);

}  // namespace nandtlm
