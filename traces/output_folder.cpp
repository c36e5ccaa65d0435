#include "traces/output_folder.h"

#include <system_error>

#include "traces/buffered_file.h"

namespace nandtlm {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw OutputError("cannot create the folder '" + folder.string() + "': " + error.message());
}

}  // namespace nandtlm
