// Tells texts apart.
#pragma once

#include <string>
#include <string_view>

namespace nandtlm {

/// CRC-32, as eight hexadecimal digits. Every single damaged byte changes it.
std::string checksum(std::string_view text);

}  // namespace nandtlm
