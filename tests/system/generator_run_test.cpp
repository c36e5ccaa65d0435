// Generated runs from the command line: legal, the same every time, complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kSmall = project_file("config/devices/small_2plane.yaml");

std::string random_run(const TraceFolder& folder, const std::string& device, const std::string& more) {
  return write_text(folder.path() / "run.yaml", "device: " + device + "\nworkload: random\n" + more);
}

ChildResult run_random(const TraceFolder& folder, const std::string& device, const std::string& more,
                       const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> all = {"run", random_run(folder, device, more), "--out", folder.file("out")};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_nandtlm(all);
}

nlohmann::json metrics_of(const TraceFolder& folder, const std::string& out = "out") {
  return nlohmann::json::parse(folder.text(out + "/metrics.json"));
}

void expect_legal(const TraceFolder& folder, const ChildResult& result) {
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const nlohmann::json refused = metrics_of(folder)["ops_refused"];
  for (const auto& [reason, count] : refused.items()) {
    EXPECT_FALSE(reason.rfind("epr", 0) == 0 && count != 0) << reason << " " << count;
  }
  const ChildResult check = run_nandtlm({"check", folder.file("out")});
  EXPECT_EQ(check.status, 0) << check.out << check.err;
}

// GEN-01, GEN-03, EPR-03: a legal sequence, with suspends and resumes; none is refused for its address.
TEST(GeneratorRun, IsLegalOnEveryDevice) {
  for (const auto& entry : std::filesystem::directory_iterator(project_file("config/devices"))) {
    const TraceFolder folder;
    SCOPED_TRACE(entry.path());
    const ChildResult result = run_random(
        folder, entry.path().string(), "run_until_us: 600000\noutputs: {vcd: false}\ngenerator: {bootstrap: true}\n");
    expect_legal(folder, result);
    EXPECT_GT(metrics_of(folder)["suspends"].get<int>(), 50);
  }
}

// GEN-02: the established file's weights work as they are.
TEST(GeneratorRun, IsLegalOnTheEstablishedDevice) {
  const std::string path = project_file("../shared/reference/established_device.yaml");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "there is no " << path;
  const TraceFolder folder;
  expect_legal(folder, run_random(folder, path, "run_until_us: 600000\noutputs: {vcd: false}\n", {"--lenient"}));
  EXPECT_GT(metrics_of(folder)["suspends"].get<int>(), 50);
  EXPECT_THAT(folder.text("out/operation_sequence.csv"),
              AllOf(HasSubstr("Cache_Program_SLC"), HasSubstr("Program_Resume"), Not(HasSubstr("Block_Erase_TLC"))));
}

// GEN-06, EVT-03
TEST(GeneratorRun, IsTheSameForTheSameSeed) {
  const TraceFolder folder;
  const std::string more = "run_until_us: 100000\ngenerator: {bootstrap: true}\n";
  const std::string device = project_file("config/devices/tlc_4plane.yaml");
  EXPECT_EQ(run_random(folder, device, more).status, 0);
  std::filesystem::rename(folder.path() / "out", folder.path() / "first");
  EXPECT_EQ(run_random(folder, device, more).status, 0);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "first")) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(folder.text("first/" + name) == folder.text("out/" + name)) << name;
  }
  EXPECT_EQ(run_random(folder, device, more, {"--set", "seed=2"}).status, 0);
  EXPECT_FALSE(folder.text("first/operation_sequence.csv") == folder.text("out/operation_sequence.csv"));
}

// GEN-02: the filled table can be written out and read back.
TEST(GeneratorRun, GoesTheSameWithItsOwnWeightsReadBack) {
  const TraceFolder folder;
  const std::string more = "run_until_us: 100000\noutputs: {vcd: false}\n";
  EXPECT_EQ(run_random(folder, kSmall, more + "generator: {export_weights: weights.yaml}\n").status, 0);
  std::filesystem::rename(folder.path() / "out", folder.path() / "first");
  EXPECT_EQ(run_random(folder, kSmall, more + "generator: {weights: weights.yaml}\n").status, 0);
  EXPECT_EQ(folder.text("first/operation_sequence.csv"), folder.text("out/operation_sequence.csv"));
  // Edited: no erase any more, so nothing can be programmed or read.
  std::istringstream lines(folder.text("weights.yaml"));
  std::ofstream edited(folder.path() / "edited.yaml");
  for (std::string line; std::getline(lines, line);) {
    if (line.find("Block_Erase") == std::string::npos) edited << line << '\n';
  }
  edited.close();
  EXPECT_EQ(run_random(folder, kSmall, more + "generator: {weights: edited.yaml}\n").status, 0);
  EXPECT_THAT(folder.text("out/operation_sequence.csv"),
              AllOf(HasSubstr("Read_Status"), Not(HasSubstr("Block_Erase")), Not(HasSubstr("Page_Program"))));
}

// GEN-05: after run_until nothing is proposed but the RESUMEs without which what was accepted cannot finish.
TEST(GeneratorRun, FinishesWhatWasAccepted) {
  const TraceFolder folder;
  ASSERT_EQ(run_random(folder, kSmall, "seed: 2\nrun_until_us: 300000\n").status, 0);
  const nlohmann::json metrics = metrics_of(folder);
  EXPECT_EQ(metrics["ops_accepted"], metrics["ops_completed"].get<int>() + metrics["ops_aborted"].get<int>());
  std::istringstream rows(folder.text("out/phase_proposal_counts.csv"));
  std::string row;
  std::getline(rows, row);
  while (std::getline(rows, row)) {
    std::vector<std::string> cells;
    std::istringstream text(row);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (std::stod(cells[4]) < 300000) continue;
    EXPECT_THAT(row, HasSubstr("_Resume"));
  }
}

// GEN-05: however a run ends, also with a SUSPEND that has not started yet: a run that leaves something over cannot be
// followed by another.
TEST(GeneratorRun, LeavesNothingOverWhateverItsLastOpIs) {
  const TraceFolder folder;
  const ChildResult result =
      run_random(folder, kSmall, "generator: {ops: 300}\noutputs: {csv: false, vcd: false}\n", {"--runs", "60"});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
}

// EPR-04: the ops of a one-shot program come one by one, with resets between.
TEST(GeneratorRun, IsLegalWithOneShotProgramsInPieces) {
  const TraceFolder folder;
  for (const int seed : {1, 2, 3, 4}) {
    SCOPED_TRACE(seed);
    expect_legal(folder,
                 run_random(folder, project_file("config/devices/tlc_4plane.yaml"),
                            "generator: {ops: 10000, mix: {reset: 0.002, continue: 1}}\noutputs: {vcd: false}\n",
                            {"--set", "seed=" + std::to_string(seed), "--set", "topology.blocks_per_die=32", "--set",
                             "op_bases.ONESHOT_PROGRAM_LSB.sequence={probs: [{NONE: 1.0}]}"}));
  }
}

// EPR-02: long chains in small blocks, and a chain of programs that says nothing of cell types.
TEST(GeneratorRun, IsLegalWithLongChains) {
  const std::string large = project_file("config/devices/tlc_4plane.yaml");
  const std::string more = "generator: {ops: 6000}\noutputs: {vcd: false}\n";
  const std::vector<std::vector<std::string>> variants = {
      {"--set", "topology.blocks_per_die=32", "--set", "topology.pages_per_block=1", "--set",
       "policies.maxloop_seq=20"},
      {"--set", "op_bases.PROGRAM_SLC.sequence={probs: [{PROGRAM_SLC: 1}], inherit: [{PROGRAM_SLC: [inc_page]}]}"}};
  for (const std::vector<std::string>& variant : variants) {
    const TraceFolder folder;
    SCOPED_TRACE(variant.back());
    expect_legal(folder, run_random(folder, large, more, variant));
  }
}

// GEN-05: a drain ends what forbids a RESUME: ODT switched off by another die, a one-shot program under way.
TEST(GeneratorRun, DrainsWhatAStateKeepsSuspended) {
  const std::string large = project_file("config/devices/tlc_4plane.yaml");
  const std::vector<std::vector<std::string>> variants = {
      {"--set", "seed=12", "--set", "run_until_us=15000", "--set", "generator.mix={other: 1}"},
      {"--set", "seed=14", "--set", "run_until_us=15000", "--set", "generator.mix={other: 1}"},
      {"--set", "seed=480596", "--set", "run_until_us=20000", "--set",
       "op_bases.ONESHOT_PROGRAM_LSB.sequence={probs: [{NONE: 1.0}]}"}};
  for (const std::vector<std::string>& variant : variants) {
    const TraceFolder folder;
    SCOPED_TRACE(variant.back());
    const ChildResult result = run_random(folder, large, "run_until_us: 1000\noutputs: {vcd: false}\n", variant);
    expect_legal(folder, result);
    EXPECT_THAT(result.out, Not(HasSubstr("left over")));
    EXPECT_GT(metrics_of(folder)["suspends"].get<int>(), 0);
  }
}

// GEN-05: on a device whose sequences leave caches and one-shot programs open, some states have no legal end: a drain
// tries, and comes to an end itself.
TEST(GeneratorRun, DrainsComeToAnEnd) {
  const TraceFolder folder;
  for (const int seed : {2, 40, 46, 60}) {
    const ChildResult result =
        run_random(folder, project_file("config/devices/tlc_4plane.yaml"),
                   "generator: {ops: 1000, max_backlog: 1}\noutputs: {csv: false, vcd: false}\n",
                   {"--set", "seed=" + std::to_string(seed), "--set",
                    "topology={channels: 1, dies: 1, planes: 1, blocks_per_die: 4, pages_per_block: 3}", "--set",
                    "op_bases.CACHE_PROGRAM_SLC.sequence={probs: [{NONE: 1.0}]}", "--set",
                    "op_bases.ONESHOT_PROGRAM_LSB.sequence={probs: [{NONE: 1.0}]}"});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
  }
}

// GEN-05: a drain waits as long as something is under way, however short its periods are.
TEST(GeneratorRun, DrainsInShortPeriods) {
  const TraceFolder folder;
  for (int seed = 1; seed <= 6; ++seed) {
    const ChildResult result =
        run_random(folder, project_file("config/devices/tlc_4plane.yaml"),
                   "run_until_us: 11554\noutputs: {csv: false, vcd: false}\n",
                   {"--set", "seed=" + std::to_string(seed), "--set", "policies.queue_refill_period_us=0.2"});
    EXPECT_THAT(result.out, Not(HasSubstr("left over"))) << seed;
  }
}

// A run that nothing ends but its ops, on a device on which nothing can be accepted, ends all the same.
TEST(GeneratorRun, GivesUpWhereNothingIsLegal) {
  const TraceFolder folder;
  const ChildResult never = run_random(folder, kSmall,
                                       "generator: {ops: 50000, mix: {read: 0, status: 0, erase: 0, "
                                       "other: 0, reset: 0, nop: 0}}\noutputs: {csv: false, vcd: false}\n");
  EXPECT_EQ(never.status, 1);
  EXPECT_THAT(never.out, HasSubstr("nothing is legal on this device"));
}

// GEN-05
TEST(GeneratorRun, LeavesSuspendedWhatItIsNotToDrain) {
  const TraceFolder folder;
  for (int seed = 1; seed <= 20; ++seed) {
    const ChildResult result = run_random(folder, kSmall, "run_until_us: 300000\ngenerator: {drain: false}\n",
                                          {"--set", "seed=" + std::to_string(seed)});
    ASSERT_EQ(result.status, 0) << result.out << result.err;
    if (result.out.find("left over") != std::string::npos) return;
  }
  FAIL() << "in 20 runs nothing was suspended at the end";
}

// GEN-01: it ends after so many ops.
TEST(GeneratorRun, EndsAfterItsNumberOfOps) {
  const TraceFolder folder;
  ASSERT_EQ(run_random(folder, kSmall, "generator: {ops: 500, drain: false}\n").status, 0);
  const int accepted = metrics_of(folder)["ops_accepted"];
  EXPECT_GE(accepted, 500);
  EXPECT_LT(accepted, 530);
}

// GEN-04: with a bootstrap there is something to read soon; first erases, then programs, then reads.
TEST(GeneratorRun, BootstrapsWithErasesThenPrograms) {
  const TraceFolder folder;
  ASSERT_EQ(run_random(folder, kSmall, "run_until_us: 400000\ngenerator: {bootstrap: true}\n").status, 0);
  const std::string sequence = folder.text("out/operation_sequence.csv");
  const std::size_t program = sequence.find("Pro");
  const std::size_t read = std::min(sequence.find(",Read_SLC"), sequence.find("Page_Read"));
  EXPECT_LT(sequence.find("Block_Erase"), program);
  EXPECT_LT(program, read);
  std::size_t erases = 0;
  for (std::size_t at = sequence.find("Block_Erase"); at < program; at = sequence.find("Block_Erase", at + 1)) ++erases;
  EXPECT_GT(erases, 7U) << "16 blocks, one or two at a time";
}

// GEN-03: every legal combination of suspend, resume, op state and tenth, of both families.
TEST(GeneratorCoverage, ReachesEverythingOnTheSmallDevice) {
  const TraceFolder folder;
  const ChildResult result =
      run_random(folder, kSmall, "run_until_us: 100000000\noutputs: {vcd: false}\ngenerator: {bootstrap: true}\n",
                 {"--until-covered"});
  expect_legal(folder, result);
  const auto coverage = nlohmann::json::parse(folder.text("out/coverage.json"));
  EXPECT_EQ(coverage["missing"], 0);
  EXPECT_THAT(coverage["never_reached"], IsEmpty());
  // 8 PROGRAM bases, two of them with a DATA_IN, and ERASE: 11 states, a SUSPEND and a RESUME each; three nestings.
  EXPECT_EQ(coverage["legal"], 11 * 10 * 2 + 3);
  EXPECT_GT(coverage["nesting"]["PROGRAM over ERASE"].get<int>(), 0);
  EXPECT_GT(coverage["backlog"]["PROGRAM.2"].get<int>(), 0);
  EXPECT_LT(metrics_of(folder)["ops_accepted"].get<int>(), 2'000'000);
}

// GEN-03: a run that does not get there says so, with what is missing.
TEST(GeneratorCoverage, SaysWhatItNeverReached) {
  const TraceFolder folder;
  const ChildResult result = run_random(folder, kSmall, "run_until_us: 20000\n", {"--until-covered"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, HasSubstr("legal combinations were never reached"));
  const auto coverage = nlohmann::json::parse(folder.text("out/coverage.json"));
  EXPECT_EQ(coverage["missing"], coverage["never_reached"].size());
}

// GEN-01, CFG-04
TEST(GeneratorErrors, AreOneLineWithItsPlace) {
  const TraceFolder folder;
  const auto errors = [&](const std::string& more, const std::vector<std::string>& arguments = {}) {
    const ChildResult result = run_random(folder, kSmall, more, arguments);
    EXPECT_EQ(result.status, 2) << result.out << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
    return result.error_lines();
  };
  const std::string end = "run_until_us: 1000\n";
  EXPECT_THAT(errors(""), ElementsAre(HasSubstr("a random run has no end, expected 'run_until_us'")));
  EXPECT_THAT(errors(end + "generator: {opps: 5}\n"), ElementsAre(HasSubstr("run.yaml:4:13: generator.opps")));
  EXPECT_THAT(errors(end + "suspend_policy: {reads: 5}\n"), ElementsAre(HasSubstr("run.yaml:4:17: suspend_policy")));
  EXPECT_THAT(errors(end + "generator: {mix: {read: -1}}\n"),
              ElementsAre(HasSubstr("run.yaml:4:25: generator.mix.read")));
  EXPECT_THAT(errors(end, {"--set", "phase_conditional_overrides.ERASE.CORE_BUSY={Read_SLC: 0.5}"}),
              ElementsAre(HasSubstr("the tables forbid READ in ERASE.CORE_BUSY")));
  EXPECT_THAT(errors(end, {"--set", "phase_conditional_overrides.global={Raed: 0.5}"}),
              ElementsAre(HasSubstr("'Raed' is unknown, expected the name of an op or a base")));
  EXPECT_THAT(errors(end, {"--set", "bad_blocks=[[0, 99]]"}), ElementsAre(HasSubstr("bad_blocks")));
  write_text(folder.path() / "weights.yaml", "ERASE.END:\n  Raed_SLC: 1\n");
  EXPECT_THAT(errors(end + "generator: {weights: weights.yaml}\n"),
              ElementsAre(HasSubstr("weights.yaml:2:3: ERASE.END.Raed_SLC")));
}

// GEN-01: nothing is legal: said, and over.
TEST(GeneratorErrors, ADeviceOnWhichNothingIsLegalFails) {
  const TraceFolder folder;
  write_text(folder.path() / "weights.yaml", "ERASE.END: {Read_SLC: 1}\n");
  const ChildResult result =
      run_random(folder, kSmall, "run_until_us: 100000000\ngenerator: {weights: weights.yaml}\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, HasSubstr("nothing is legal on this device"));
}

}  // namespace
}  // namespace nandtlm::test
