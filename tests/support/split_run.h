// One run as a whole, and the same run cut in two by a snapshot (SNP-01), in this process.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "testbench/run/prepare.h"

namespace nandtlm::test {

/// Name and content of every file in a folder but snapshots.
using Files = std::map<std::string, std::string>;

/// What a run was at one moment.
struct Snapshot {
  Time moment = 0;
  std::string state;
  std::map<std::string, std::size_t> sizes;  ///< of the files so far
  std::size_t deepest_nesting = 0;           ///< ops suspended on one die
  std::int64_t backlogged = 0;
};

struct WholeRun {
  Files files;  ///< with the metrics
  std::vector<std::string> failures;
  std::vector<Snapshot> snapshots;  ///< of those moments that came before its end
  Time end = 0;
};

/// A run file that is read; the test fails where it has errors.
PreparedRun prepare_text(const std::filesystem::path& folder, const std::string& run_file);

/// Simulates it to its end, and takes a snapshot at each of `moments` (rising) on the way.
WholeRun play_whole(const PreparedRun& run, const std::vector<Time>& moments);

/// What is left of it behind a snapshot, in a simulation of its own.
struct RestOfRun {
  Files files;
  std::vector<std::string> failures;
  bool saves_the_same = false;  ///< the state that was loaded is saved as the same bytes
};
RestOfRun play_rest(const PreparedRun& run, const Snapshot& snapshot);

/// Fails the test where they differ: says which file, and where, rather than showing two files. `moment` is for the
/// message.
void expect_same(const Files& seen, const Files& expected, Time moment);

/// The files of the beginning and of the rest, one behind the other.
Files joined(const WholeRun& whole, const Snapshot& snapshot, const RestOfRun& rest);

}  // namespace nandtlm::test
