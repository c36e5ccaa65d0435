// metrics.json as the checker needs it: whole numbers by name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace nandtlm::check {

class MetricsFile {
 public:
  /// Reads the file; on failure returns nothing and sets `error`.
  static std::optional<MetricsFile> read(const std::string& path, std::string& error);

  /// The number at `path` ("suspends", "topology.dies"), or, where no such key is at the root, the only one whose path
  /// ends so.
  std::optional<std::int64_t> number(const std::string& path) const;

 private:
  std::map<std::string, std::int64_t> numbers_;  // by dotted path from the root
};

}  // namespace nandtlm::check
