// Runs that are cut in two by a snapshot: what the two parts write, joined, is what the whole run writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "config/scalars.h"
#include "testbench/checksum.h"
#include "testbench/generator/rng.h"
#include "tests/support/child_process.h"
#include "tests/support/effort.h"
#include "tests/support/split_run.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

/// Beside random ones those where the kernel stops by itself: whole 100 us (the generator refills), the last instants,
/// `end` itself.
std::vector<Time> random_moments(std::size_t count, Time end, std::uint64_t seed) {
  constexpr Time kRound = 100 * kPsPerUs;
  Rng rng(seed, 0);
  std::vector<Time> moments = {end - 1, end};
  while (moments.size() < count) {
    const Time moment = 1 + static_cast<Time>(rng.below(static_cast<std::uint64_t>(end)));
    moments.push_back(rng.below(4) != 0 ? moment : std::max(kRound, moment / kRound * kRound));
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

/// The ends of the last ops, around which a run comes to its end.
std::vector<Time> last_ends(const Files& files, std::size_t count) {
  std::vector<Time> ends;
  std::istringstream rows(files.at("op_event_resume.csv"));
  for (std::string row; std::getline(rows, row);) {
    if (row.find(",OP_END,") == std::string::npos) continue;
    ends.push_back(*parse_duration(row.substr(row.rfind(',') + 1)).value);
  }
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  if (ends.size() > count) ends.erase(ends.begin(), ends.end() - static_cast<std::ptrdiff_t>(count));
  return ends;
}

/// What the snapshots of some runs had in them.
struct Seen {
  std::size_t snapshots = 0;
  std::size_t suspended = 0;
  std::size_t nested = 0;
  std::size_t backlogged = 0;
};

/// Plays the run whole and from every snapshot on, and compares.
void split(const std::string& run_file, std::size_t count, std::uint64_t seed, Seen& seen) {
  const TraceFolder folder;
  const PreparedRun run = prepare_text(folder.path(), run_file);
  ASSERT_NE(run.device, nullptr);
  const WholeRun undisturbed = play_whole(run, {});
  std::vector<Time> moments = random_moments(count, undisturbed.end, seed);
  const std::vector<Time> ends = last_ends(undisturbed.files, 5);
  moments.insert(moments.end(), ends.begin(), ends.end());
  if (run.settings.run_until) moments.push_back(*run.settings.run_until);
  std::sort(moments.begin(), moments.end());
  const WholeRun whole = play_whole(run, moments);
  expect_same(whole.files, undisturbed.files, 0);  // to save changes nothing
  EXPECT_THAT(whole.failures, ::testing::IsEmpty());
  for (const Snapshot& snapshot : whole.snapshots) {
    const RestOfRun rest = play_rest(run, snapshot);
    EXPECT_TRUE(rest.saves_the_same) << snapshot.moment;
    EXPECT_EQ(rest.failures, whole.failures) << snapshot.moment;
    expect_same(joined(whole, snapshot, rest), whole.files, snapshot.moment);
    seen.suspended += snapshot.deepest_nesting > 0 ? 1 : 0;
    seen.nested += snapshot.deepest_nesting > 1 ? 1 : 0;
    seen.backlogged += snapshot.backlogged > 0 ? 1 : 0;
  }
  seen.snapshots += whole.snapshots.size();
}

std::string random_run(const std::string& device, std::uint64_t seed, const std::string& more) {
  return "device: " + device + "\nworkload: random\nseed: " + std::to_string(seed) + "\n" + more;
}

// SNP-01: a thousand random instants of random runs, on one die and on eight.
TEST(Snapshot, ARandomRunGoesOnAsIfItHadNeverStopped) {
  Seen seen;
  const std::string small = project_file("config/devices/small_2plane.yaml");
  const std::string large = project_file("config/devices/tlc_4plane.yaml");
  const std::string busy =
      "generator: {ops: 250, max_backlog: 8, mix: {program: 0.4, erase: 0.2, suspend: 0.4, resume: 0.2}}\n";
  const std::size_t moments = kSanitized ? 10 : 50;
  for (std::uint64_t seed = 1; seed <= 13; ++seed) split(random_run(small, seed, busy), moments, seed, seen);
  for (std::uint64_t seed = 1; seed <= 8; ++seed) split(random_run(large, seed, busy), moments, seed, seen);
  EXPECT_GE(seen.snapshots, 20 * moments);
  EXPECT_GE(seen.suspended, 6 * moments);
  EXPECT_GE(seen.nested, moments);
  EXPECT_GE(seen.backlogged, 2 * moments);
}

// SNP-01, GEN-03, GEN-04: the bootstrap, coverage that is to be complete, the suspend policy on two packages.
TEST(Snapshot, EveryGeneratorGoesOn) {
  Seen seen;
  const std::string small = project_file("config/devices/small_2plane.yaml");
  split(random_run(small, 3, "generator: {ops: 600, bootstrap: true, drain: false}\n"), 30, 1, seen);
  split(random_run(small, 4, "run_until_us: 400000\ngenerator: {until_covered: false, bootstrap: true}\n"), 30, 2,
        seen);
  split("device: " + small + "\nworkload: suspend_policy\nsuspend_policy: {reads: 200}\n", 30, 3, seen);
  EXPECT_GE(seen.snapshots, 80U);
}

// SNP-01, GEN-05: at `run_until` and around it, when what is left over is drained.
TEST(Snapshot, ARunGoesOnFromItsLastMoments) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    split(random_run(project_file("config/devices/small_2plane.yaml"), seed,
                     "run_until_us: 1000\ngenerator: {mix: {program: 0.4, erase: 0.2}}\n"),
          5, seed, seen);
    split(random_run(project_file("config/devices/tlc_4plane.yaml"), seed, "run_until_us: 500\n"), 5, seed, seen);
  }
  EXPECT_GE(seen.snapshots, 100U);
}

// SNP-01 on the file that users have.
TEST(Snapshot, TheEstablishedDeviceGoesOn) {
  const std::string path = project_file("../shared/reference/established_device.yaml");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "there is no " << path;
  Seen seen;
  split(random_run(path, 5, "generator: {ops: 400}\n"), 30, 4, seen);
  EXPECT_GE(seen.snapshots, 30U);
}

// SNP-02: what is saved, and in which order, has a version. Where this fails and the model does the same as before,
// raise kStateVersion (testbench/run/snapshot_file.cpp) and put the new checksum here.
TEST(Snapshot, TheLayoutOfTheStateIsThatOfItsVersion) {
  const std::string small = project_file("config/devices/small_2plane.yaml");
  const auto checksum_at = [](const std::string& run_file, Time at) {
    const TraceFolder folder;
    const WholeRun whole = play_whole(prepare_text(folder.path(), run_file), {at});
    EXPECT_EQ(whole.snapshots.size(), 1U);
    EXPECT_GT(whole.snapshots.front().deepest_nesting, 1U);
    return checksum(whole.snapshots.front().state);
  };
  const std::string nested = project_file("config/workloads/nested_suspend.yaml");
  EXPECT_EQ(checksum_at("device: " + small + "\nworkload: " + nested + "\n", 16000 * kPsPerUs), "10165b5e");
  const std::string busy = "generator: {ops: 600, mix: {program: 0.4, erase: 0.2, suspend: 0.4}}\n";
  EXPECT_EQ(checksum_at(random_run(small, 1, busy), 25000 * kPsPerUs), "76b04f0b");
}

// SNP-01: scenarios with their page data, loops, and expectations that span the cut.
TEST(Snapshot, EveryScenarioGoesOn) {
  Seen seen;
  for (const auto& entry : std::filesystem::directory_iterator(project_file("config/workloads"))) {
    SCOPED_TRACE(entry.path());
    const std::string text = read_text(entry.path());
    const std::string device = text.find("device: tlc_4plane") != std::string::npos ? "tlc_4plane" : "small_2plane";
    split(
        "device: " + project_file("config/devices/" + device + ".yaml") + "\nworkload: " + entry.path().string() + "\n",
        25, 5, seen);
  }
  EXPECT_GE(seen.snapshots, 250U);
  EXPECT_GE(seen.suspended, 40U);
}

}  // namespace
}  // namespace nandtlm::test
