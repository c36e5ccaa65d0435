// A snapshot on the disk: versioned, checked, whole or not there (SNP-01, SNP-02).
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nandtlm {

/// Of the snapshot in the folder of a run's outputs.
inline constexpr const char* kSnapshotName = "snapshot.nandtlm";

/// A file that is no snapshot of this run. what() is one line: what is wrong, what was expected.
class SnapshotError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What must be the same where a snapshot is taken and where it is carried on: what it is called, and its value.
using SnapshotIdentity = std::vector<std::pair<std::string, std::string>>;

/// Writes a temporary file beside `path`, syncs it and renames it: at no time is there a part of a snapshot.
/// Throws OutputError.
void write_snapshot(const std::filesystem::path& path, SnapshotIdentity identity, std::string state);

/// The state in the file. Throws SnapshotError where the file cannot be read, is damaged, of another version, or not of
/// `identity`.
std::string read_snapshot(const std::filesystem::path& path, const SnapshotIdentity& identity);

}  // namespace nandtlm
