// Files that are there as a whole, or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace nandtlm {

/// Writes `parts`, one after the other, into a temporary file beside `path`, brings it to the disk and renames it: at
/// no time is there a part of a file under that name. Throws OutputError; the temporary file is gone then.
void write_whole_file(const std::filesystem::path& path, std::initializer_list<std::string_view> parts);

}  // namespace nandtlm
