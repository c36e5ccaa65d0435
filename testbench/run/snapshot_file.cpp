#include "testbench/run/snapshot_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "testbench/checksum.h"
#include "tlm/state_archive.h"
#include "traces/whole_file.h"

namespace nandtlm {
namespace {

/// A file is this word, the version, the checksum of what follows, then identity and state.
constexpr std::string_view kMagic = "nandtlm snapshot ";
/// Changes with every change of what is saved, or of its order.
constexpr std::string_view kStateVersion = "3";
constexpr std::size_t kChecksumDigits = 8;

std::string file_head(const std::string& content) {
  return fmt::format("{}{}\n{}\n", kMagic, kStateVersion, checksum(content));
}

[[noreturn]] void fail(const std::string& what) {
  throw SnapshotError(what);
}

std::string read_all(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) fail("cannot be read: no such file");
  if (!std::filesystem::is_regular_file(status)) fail("is not a regular file, expected a snapshot");
  std::ifstream in(path, std::ios::binary);
  std::string file(kMagic.size(), '\0');
  in.read(file.data(), static_cast<std::streamsize>(file.size()));
  if (!in && !in.eof()) fail(fmt::format("cannot be read: {}", std::strerror(errno)));
  if (file != kMagic) fail("is not a snapshot");  // however large it is
  file.append(std::istreambuf_iterator<char>(in), {});
  return file;
}

/// What follows the head. Throws SnapshotError unless it is undamaged and of this version.
std::string_view content_of(const std::string& file) {
  std::string_view rest = file;
  rest.remove_prefix(kMagic.size());
  const std::size_t end_of_version = std::min(rest.find('\n'), rest.size());
  const std::string_view version = rest.substr(0, end_of_version);
  if (version != kStateVersion) {
    const bool readable = version.size() < 20 &&
                          std::all_of(version.begin(), version.end(), [](char c) { return c > ' ' && c < '\x7F'; });
    fail(fmt::format("is a snapshot of version {}, expected version {}", readable ? version : "?", kStateVersion));
  }
  const std::size_t head = kMagic.size() + end_of_version + 1 + kChecksumDigits + 1;
  if (file.size() <= head || file_head(file.substr(head)) != file.substr(0, head)) {
    fail("is damaged: its checksum does not agree with its content");
  }
  return std::string_view(file).substr(head);
}

void expect_identity(const SnapshotIdentity& found, const SnapshotIdentity& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& [what, value] = expected[i];
    const std::string seen = i < found.size() ? found[i].second : "";
    if (seen == value) continue;
    fail(fmt::format("was taken of another run: its {} is '{}', expected '{}'", what, seen, value));
  }
}

}  // namespace

void write_snapshot(const std::filesystem::path& path, SnapshotIdentity identity, std::string state) {
  StateArchive archive;
  archive(identity, state);
  write_whole_file(path, {file_head(archive.bytes()), archive.bytes()});
}

std::string read_snapshot(const std::filesystem::path& path, const SnapshotIdentity& identity) {
  const std::string file = read_all(path);
  StateArchive archive(content_of(file));
  SnapshotIdentity found;
  std::string state;
  try {
    archive(found, state);
    archive.expect_end();
  } catch (const StateError& error) {
    fail(fmt::format("is damaged: {}", error.what()));
  }
  expect_identity(found, identity);
  return state;
}

}  // namespace nandtlm
