// The folder that outputs go to.
#pragma once

#include <filesystem>

namespace nandtlm {

/// Makes the folder, and those that it lies in, where they are missing. Throws OutputError.
void make_folder(const std::filesystem::path& folder);

}  // namespace nandtlm
