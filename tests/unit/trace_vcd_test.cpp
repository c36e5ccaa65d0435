// OUT-02, OUT-03: the waveform dump and its saved view.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"
#include "traces/saved_view.h"
#include "traces/vcd_sink.h"

namespace nandtlm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Time kUs = kPsPerUs;

/// The changes of one variable, as "time value"; a text begins with "s".
std::vector<std::string> changes(const std::string& dump, const std::string& path) {
  std::istringstream stream(dump);
  std::vector<std::string> result;
  std::string scope;
  std::string id;
  std::string time;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::vector<std::string> w;
    for (std::string word; words >> word;) w.push_back(word);
    if (w[0] == "$scope") scope += w[2] + ".";
    if (w[0] == "$upscope") scope.erase(scope.rfind('.', scope.size() - 2) + 1);
    if (w[0] == "$var" && scope + w[4] == path) id = w[3];
    if (line[0] == '#') time = line.substr(1);
    if (w.size() == 2 && w[1] == id) result.push_back(time + " " + w[0]);
    if (w.size() == 1 && line[0] != '#' && line[0] != '$' && line.substr(1) == id) {
      result.push_back(time + " " + line[0]);
    }
  }
  EXPECT_FALSE(id.empty()) << path;
  return result;
}

class TraceVcd : public ::testing::Test {
 protected:
  std::string dump() const { return folder_.text("waves.vcd"); }
  std::string path() const { return folder_.file("waves.vcd"); }

  test::TraceFolder folder_;
  Device device_ = test::make_trace_device();
};

TEST_F(TraceVcd, CutAndResumedOpsAreVisibleAsSuch) {  // OUT-02
  VcdSink sink(device_, path());
  test::play_suspend_scenario(device_, sink);
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane1.state"),
              ElementsAre("0 sISSUE", "9824400 sCORE_BUSY", "100000000 sSUSPENDING", "200185000 sCUT",
                          "230000000 sRESUMING", "380185000 sRESUMED_CORE_BUSY", "590009400 sIDLE"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane1.op"),
              ElementsAre("0 sDo_PROGRAM_SLC", "100000000 sDo_PROGRAM_SUSPEND", "200185000 sDo_PROGRAM_SLC",
                          "230000000 sDo_PROGRAM_RESUME", "380185000 sDo_PROGRAM_SLC", "590009400 s-"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane1.remaining_ps"),
              ElementsAre("0 bz", "100000000 b1100100000011010101010010000", "590009400 bz"));  // 209824400
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane1.page"),
              ElementsAre("0 b0", "100000000 bz", "200185000 b0", "230000000 bz", "380185000 b0", "590009400 bz"));
}

TEST_F(TraceVcd, DieSignals) {  // OUT-02
  VcdSink sink(device_, path());
  test::play_suspend_scenario(device_, sink);
  EXPECT_THAT(changes(dump(), "package.channel0.die0.PROGRAM_suspended"),
              ElementsAre("0 0", "100000000 1", "380185000 0"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.PROGRAM_stack_depth"),
              ElementsAre("0 b0", "100000000 b1", "380185000 b0"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.PROGRAM_backlog"),
              ElementsAre("0 b0", "210000000 b1", "380185000 b0"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.ERASE_suspended"), ElementsAre("0 0"));
  EXPECT_THAT(
      changes(dump(), "package.channel0.die1.ready"),
      ElementsAre("0 1", "9944400 0", "34944400 1", "120085000 0", "500000000 1", "500025000 0", "530025000 1"));
  EXPECT_EQ(sink.first_suspension(), 100 * kUs);
}

TEST_F(TraceVcd, BusPassesFromOneOwnerToTheNext) {
  VcdSink sink(device_, path());
  test::play_suspend_scenario(device_, sink);
  const auto busy = changes(dump(), "package.channel0.busy");
  ASSERT_GE(busy.size(), 3U);
  EXPECT_EQ(busy[0], "0 1");
  EXPECT_EQ(busy[1], "9944400 0") << "taken by the read at the instant at which the program released it";
  EXPECT_EQ(changes(dump(), "package.channel0.owner")[1], "9824400 b10");
  EXPECT_EQ(changes(dump(), "package.channel0.owner_op")[1], "9824400 sDo_READ");
}

TEST_F(TraceVcd, NestedCutsShowTheNewest) {  // SUS-08
  VcdSink sink(device_, path());
  test::TraceDriver driver(device_, sink);
  driver.accept(1, "Do_ERASE", 0, {{0, 2, -1}}, 0, 0);
  driver.start(1, 0);
  driver.end_issue(1, kUs);
  driver.suspend(1, 2 * kUs, 2 * kUs);
  driver.accept(2, "Do_PROGRAM_SLC", 0, {{0, 4, 0}}, 3 * kUs, 3 * kUs);
  driver.start(2, 3 * kUs);
  driver.suspend(2, 20 * kUs, 17 * kUs);
  driver.resume(2, 30 * kUs, 292'824'400);
  driver.end(2, 40 * kUs);
  driver.abort(1, 50 * kUs, 2 * kUs);
  sink.finish(60 * kUs);
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane0.uid"),
              ElementsAre("0 b1", "3000000 b10", "40000000 b1", "50000000 bz"));
  EXPECT_THAT(changes(dump(), "package.channel0.die0.plane0.state"),
              ElementsAre("0 sISSUE", "1000000 sCORE_BUSY", "2000000 sCUT", "3000000 sISSUE", "20000000 sCUT",
                          "30000000 sRESUMED_CORE_BUSY", "40000000 sCUT", "50000000 sIDLE"));
}

TEST_F(TraceVcd, OneInstantIsWrittenOncePerVariable) {  // OUT-02
  const std::string name = path();
  VcdFile file(name);
  const VcdFile::Var a = file.add_number("a", 8, 0);
  const VcdFile::Var b = file.add_bit("b", 0);
  file.end_definitions();
  file.set(a, 3);
  file.advance(10);
  file.set(a, 4);
  file.set(b, 1);
  file.set(a, 5);
  file.set(b, 0);  // a glitch that leaves no trace
  file.advance(20);
  file.set(a, 5);  // no change
  file.advance(30);
  file.set(b, 1);
  file.close(40);
  const std::string text = dump();
  EXPECT_EQ(text.substr(text.find("#0")), "#0\n$dumpvars\nb11 !\n0\"\n$end\n#10\nb101 !\n#30\n1\"\n#40\n");
}

TEST_F(TraceVcd, CostGrowsWithChangesNotWithTime) {  // OUT-02
  VcdSink sink(device_, path());
  test::TraceDriver driver(device_, sink);
  driver.run(1, "Do_SR", 0, {}, 1'000'000 * kUs);  // touches no plane
  sink.finish(2'000'000 * kUs);
  EXPECT_THAT(changes(dump(), "package.channel0.die1.plane1.state"), ElementsAre("0 sIDLE"));
}

TEST_F(TraceVcd, AStoppedRunLeavesAClosedDump) {  // OUT-03
  {
    VcdSink sink(device_, path());
    test::TraceDriver driver(device_, sink);
    driver.accept(1, "Do_READ", 0, {{0, 0, 0}}, 0, 0);
    driver.start(1, 5 * kUs);
  }
  const std::string text = dump();
  EXPECT_THAT(text, HasSubstr("$dumpvars"));
  EXPECT_THAT(changes(text, "package.channel0.die0.plane0.state"), ElementsAre("0 sIDLE", "5000000 sISSUE"));
  EXPECT_EQ(text.back(), '\n');
}

TEST_F(TraceVcd, AFullDiskIsAnOutputError) {  // OUT-03
  EXPECT_THROW(VcdSink(device_, "/dev/full"), OutputError);
  EXPECT_THROW(write_saved_view("/dev/full", device_, {}), OutputError);
}

TEST_F(TraceVcd, IdentifiersAreUniqueInALargePackage) {
  device_.topology.channels = 8;
  device_.topology.dies = 64;
  device_.topology.planes = 8;
  { const VcdSink sink(device_, path()); }
  std::map<std::string, int> ids;
  std::istringstream stream(dump());
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != "$var") continue;
    words >> word >> word >> word;
    EXPECT_EQ(++ids[word], 1) << line;
  }
  EXPECT_EQ(ids.size(), 8U * 3 + 64U * 8 + 512U * 6);
}

TEST_F(TraceVcd, SavedViewNamesVariablesOfTheDump) {  // OUT-02
  const VcdSink sink(device_, path());
  write_saved_view(folder_.file("waves.gtkw"), device_, saved_view_of_run(700 * kUs, 100 * kUs));
  const std::string text = dump();
  int traces = 0;
  for (const std::string& line : folder_.lines("waves.gtkw")) {
    if (line.rfind("package.", 0) != 0) continue;
    ++traces;
    EXPECT_FALSE(changes(text, line.substr(0, line.find('['))).size() > 1);
  }
  EXPECT_EQ(traces, 3 + 2 * (8 + 2 * 6));
}

TEST_F(TraceVcd, SavedViewShowsTheFirstDies) {
  SavedView view;
  view.dies = 1;
  write_saved_view(folder_.file("waves.gtkw"), device_, view);
  EXPECT_THAT(folder_.text("waves.gtkw"), HasSubstr("die0.plane1.state"));
  EXPECT_THAT(folder_.text("waves.gtkw"), Not(HasSubstr("die1")));
}

TEST(SavedViewOfRun, ALongRunIsShownAtItsFirstSuspension) {
  const SavedView whole = saved_view_of_run(700 * kUs, 100 * kUs);
  EXPECT_EQ(whole.from, 0);
  EXPECT_EQ(whole.to, 700 * kUs);
  const SavedView part = saved_view_of_run(1'000'000 * kUs, 500'000 * kUs);
  EXPECT_EQ(part.from, 499'500 * kUs);
  EXPECT_EQ(part.to, 509'500 * kUs);
}

}  // namespace
}  // namespace nandtlm
