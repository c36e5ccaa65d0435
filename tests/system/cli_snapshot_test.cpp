// Snapshots and chains of runs from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kSmall = project_file("config/devices/small_2plane.yaml");

class SnapshotRun : public ::testing::Test {
 protected:
  SnapshotRun() : run_file_(write_text(folder_.path() / "run.yaml", text_of_run(kSmall, 7))) {}

  static std::string text_of_run(const std::string& device, int seed) {
    return "device: " + device + "\nworkload: random\nseed: " + std::to_string(seed) +
           "\nrun_until_us: 60000\ngenerator: {mix: {erase: 0.01}}\n";
  }
  std::string out(const std::string& name) const { return folder_.file(name); }
  ChildResult run(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"run", run_file_, "--out", out(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_nandtlm(arguments);
  }
  /// Takes a snapshot in the folder "first".
  std::string snapshot() const {
    EXPECT_EQ(run("first", {"--snapshot-at", "23456.789"}).status, 0);
    return out("first/snapshot.nandtlm");
  }
  /// Nothing is simulated or written, and the one line says why.
  void expect_refused(const ChildResult& result, const std::string& why) const {
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.error_lines(), ElementsAre(HasSubstr(why)));
    EXPECT_FALSE(std::filesystem::exists(out("second")));
  }

  TraceFolder folder_;
  std::string run_file_;
};

// SNP-01: two processes, two folders.
TEST_F(SnapshotRun, TheTwoPartsJoinedAreTheWhole) {
  EXPECT_EQ(run("whole").status, 0);
  const std::string file = snapshot();
  EXPECT_FALSE(std::filesystem::exists(out("first/metrics.json")));
  EXPECT_EQ(run("second", {"--restore", file}).status, 0);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(out("whole"))) {
    const std::string name = entry.path().filename().string();
    const bool begun = std::filesystem::exists(folder_.path() / "first" / name);
    EXPECT_TRUE((begun ? folder_.text("first/" + name) : "") + folder_.text("second/" + name) == read_text(entry))
        << name;
    ++files;
  }
  EXPECT_EQ(files, 15U);
}

// SNP-01: a run may be stopped more than once.
TEST_F(SnapshotRun, ARestoredRunCanBeStoppedAgain) {
  EXPECT_EQ(run("whole").status, 0);
  const std::string file = snapshot();
  EXPECT_EQ(run("second", {"--restore", file, "--snapshot-at", "40000"}).status, 0);
  EXPECT_EQ(run("third", {"--restore", out("second/snapshot.nandtlm")}).status, 0);
  for (const std::string name : {"operation_sequence.csv", "waves.vcd", "op_state_timeline.csv"}) {
    EXPECT_TRUE(folder_.text("first/" + name) + folder_.text("second/" + name) + folder_.text("third/" + name) ==
                folder_.text("whole/" + name))
        << name;
  }
  EXPECT_EQ(folder_.text("third/metrics.json"), folder_.text("whole/metrics.json"));
}

// GEN-05: an end that the first part did not have.
TEST_F(SnapshotRun, AnEndMayBeGivenOnTheWay) {
  write_text(folder_.path() / "run.yaml", "device: " + kSmall + "\nworkload: random\ngenerator: {ops: 400}\n");
  EXPECT_EQ(run("whole", {"--set", "run_until_us=40000"}).status, 0);
  const std::string file = snapshot();
  EXPECT_EQ(run("second", {"--restore", file, "--set", "run_until_us=40000"}).status, 0);
  EXPECT_EQ(folder_.text("second/metrics.json"), folder_.text("whole/metrics.json"));
}

// What an earlier run left in the folder is not taken for a part of this one.
TEST_F(SnapshotRun, ThePartsHoldNothingOld) {
  EXPECT_EQ(run("first").status, 0);
  snapshot();
  for (const std::string name : {"metrics.json", "coverage.json", "coverage.csv", "waves.gtkw"}) {
    EXPECT_FALSE(std::filesystem::exists(out("first/" + name))) << name;
  }
  EXPECT_EQ(run("first").status, 0);
  EXPECT_FALSE(std::filesystem::exists(out("first/snapshot.nandtlm")));
}

// GEN-05: what was accepted is carried in a snapshot; the run goes on to a later end.
TEST_F(SnapshotRun, TheEndOfTheRunMayMove) {
  EXPECT_EQ(run("whole", {"--set", "run_until_us=90000"}).status, 0);
  const std::string file = snapshot();
  EXPECT_EQ(run("second", {"--restore", file, "--set", "run_until_us=90000"}).status, 0);
  EXPECT_EQ(folder_.text("second/metrics.json"), folder_.text("whole/metrics.json"));
}

// SNP-01
TEST_F(SnapshotRun, ASnapshotBehindTheEndFails) {
  const ChildResult result = run("first", {"--snapshot-at", "99000000"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error_lines(), ElementsAre(HasSubstr("no snapshot: the run was over at")));
  EXPECT_FALSE(std::filesystem::exists(out("first/snapshot.nandtlm")));
  EXPECT_EQ(run("whole").status, 0);
  EXPECT_EQ(folder_.text("first/metrics.json"), folder_.text("whole/metrics.json"));
}

// SNP-02: every byte matters.
TEST_F(SnapshotRun, ADamagedFileIsRefused) {
  const std::string file = snapshot();
  const std::string good = read_text(file);
  for (std::size_t i = 0; i < 40; ++i) {
    std::string bad = good;
    const std::size_t place = i < 30 ? i : good.size() - 1 - (i - 30) * (good.size() / 11);
    bad[place] = static_cast<char>(bad[place] ^ (1 << (i % 8)));
    write_text(folder_.path() / "bad", bad);
    const ChildResult result = run("second", {"--restore", out("bad")});
    EXPECT_EQ(result.status, 2) << place;
    EXPECT_THAT(result.error_lines(), ElementsAre(HasSubstr("snapshot: is "))) << place;
    EXPECT_FALSE(std::filesystem::exists(out("second"))) << place;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{20}, good.size() / 2, good.size() - 1}) {
    write_text(folder_.path() / "bad", good.substr(0, size));
    EXPECT_EQ(run("second", {"--restore", out("bad")}).status, 2) << size;
  }
  write_text(folder_.path() / "bad", good + "x");
  expect_refused(run("second", {"--restore", out("bad")}), "damaged");
}

// SNP-02
TEST_F(SnapshotRun, AnotherVersionIsRefused) {
  std::string text = read_text(snapshot());
  text.replace(text.find("3\n"), 1, "0");
  write_text(folder_.path() / "old", text);
  expect_refused(run("second", {"--restore", out("old")}), "is a snapshot of version 0, expected version 3");
}

// SNP-02
TEST_F(SnapshotRun, ASnapshotOfAnotherRunIsRefused) {
  const std::string file = snapshot();
  expect_refused(run("second", {"--restore", file, "--set", "seed=8"}), "its seed is '7', expected '8'");
  expect_refused(run("second", {"--restore", file, "--set", "topology.dies=2"}), "its device is 'small_2plane ");
  expect_refused(run("second", {"--restore", file, "--set", "policies.admission_window=3"}), "its device is");
  expect_refused(run("second", {"--restore", file, "--set", "outputs.vcd=false"}), "its outputs is 'csv vcd'");
  expect_refused(run("second", {"--restore", file, "--set", "generator.mix.read=0.9"}), "its workload is");
}

// SNP-02
TEST_F(SnapshotRun, WhatIsNoSnapshotIsRefused) {
  expect_refused(run("second", {"--restore", out("nothing")}), "cannot be read: no such file");
  expect_refused(run("second", {"--restore", folder_.path().string()}), "is not a regular file");
  expect_refused(run("second", {"--restore", run_file_}), "is not a snapshot");
  expect_refused(run("second", {"--restore", "/dev/zero"}), "is not a regular file");
}

TEST_F(SnapshotRun, TheBeginningIsNotOverwritten) {
  const std::string file = snapshot();
  const std::string before = folder_.text("first/operation_sequence.csv");
  expect_refused(run("first", {"--restore", file}), "holds a run up to a snapshot and would overwrite it");
  std::filesystem::create_directory_symlink(out("first"), out("link"));
  expect_refused(run("first", {"--restore", out("link/snapshot.nandtlm")}), "would overwrite it");
  EXPECT_EQ(folder_.text("first/operation_sequence.csv"), before);
}

// A run that goes on cannot be stopped before it does.
TEST_F(SnapshotRun, AMomentBeforeTheSnapshotIsRefused) {
  const std::string file = snapshot();
  expect_refused(run("second", {"--restore", file, "--snapshot-at", "23456.789"}),
                 "goes on from 23456.789 us, expected --snapshot-at behind that");
}

TEST_F(SnapshotRun, WrongMomentsAreRefused) {
  for (const std::string moment : {"0", "-1", "soon", "1e3", ""}) {
    expect_refused(run("second", {"--snapshot-at", moment}), "expected a time in us above 0");
  }
  expect_refused(run("second", {"--snapshot-at", "5", "--runs", "2"}), "excludes");
}

// SNP-01: there is all of a snapshot or nothing of it.
TEST_F(SnapshotRun, ASnapshotThatCannotBeWrittenLeavesNoPart) {
  std::filesystem::create_directories(out("first/snapshot.nandtlm.part"));
  const ChildResult result = run("first", {"--snapshot-at", "20000"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error_lines(), ElementsAre(HasSubstr("cannot create '" + out("first/snapshot.nandtlm"))));
  EXPECT_FALSE(std::filesystem::exists(out("first/snapshot.nandtlm")));
  // OUT-03: what the files held back is there, as of a run that was stopped.
  EXPECT_THAT(folder_.text("first/metrics.json"), HasSubstr("\"end\": \"error\""));
  EXPECT_EQ(run_nandtlm({"check", out("first")}).status, 0);
}

// A chain: the uids and what the array holds go on; every run is complete and passes its check.
TEST_F(SnapshotRun, RunsFollowOneAnother) {
  const ChildResult result = run("chain", {"--runs", "3", "--set", "generator.mix.reset=0"});  // nothing is aborted
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  std::int64_t next_uid = 1;
  for (const std::string number : {"1", "2", "3"}) {
    const std::string part = "chain/" + number + "/";
    EXPECT_EQ(run_nandtlm({"check", out("chain/" + number)}).status, 0);
    const auto metrics = nlohmann::json::parse(folder_.text(part + "metrics.json"));
    EXPECT_GT(metrics["ops_accepted"], 0);
    EXPECT_EQ(metrics["ops_accepted"], metrics["ops_completed"]);
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    std::int64_t largest = 0;
    const std::vector<std::string> rows = folder_.lines(part + "operation_sequence.csv");
    EXPECT_EQ(rows.size(), metrics["ops_completed"].get<std::size_t>() + 1);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      std::size_t at = 0;
      for (int comma = 0; comma < 4; ++comma) at = rows[i].find(',', at) + 1;
      const std::int64_t uid = std::stoll(rows[i].substr(at));
      smallest = std::min(smallest, uid);
      largest = std::max(largest, uid);
    }
    EXPECT_EQ(smallest, next_uid);
    next_uid = largest + 1;
  }
}

// OUT-03: a signal ends the chain, wherever between and within its runs it comes.
TEST_F(SnapshotRun, ASignalEndsAChain) {
  ChildProcess child(NANDTLM_BINARY,
                     {"run", run_file_, "--out", out("chain"), "--runs", "100000", "--set", "run_until_us=3000"},
                     folder_.path());
  ASSERT_TRUE(child.wait_for_file(folder_.path() / "chain/000005/metrics.json"));
  child.send(SIGINT);
  const ChildResult result = child.wait();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("interrupted"));
}

TEST_F(SnapshotRun, WhatCannotBeAChainIsRefused) {
  expect_refused(run("second", {"--runs", "0"}), "0");
  expect_refused(run("second", {"--runs", "2", "--set", "generator.drain=false"}), "expected 'generator.drain: true'");
  expect_refused(run("second", {"--runs", "2", "--until-covered"}), "expected no 'until_covered'");
  write_text(folder_.path() / "run.yaml", "device: " + kSmall + "\nworkload: suspend_policy\n");
  expect_refused(run("second", {"--runs", "2"}), "expected 'workload: random'");
}

}  // namespace
}  // namespace nandtlm::test
