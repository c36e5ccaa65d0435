// Generated runs go ahead of the kernel where nobody looks: what they write is what they write in step with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testbench/run/simulation.h"
#include "tests/support/child_process.h"
#include "tests/support/kernel_reports.h"
#include "tests/support/split_run.h"
#include "tests/support/systemc_fixture.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

/// A workload as it is, but that it wants the kernel at every instant, if so told.
class Shell : public Workload {
 public:
  Shell(std::unique_ptr<Workload> inner, bool ahead, std::uint64_t& instants)
      : Workload("shell"), inner_(std::move(inner)), ahead_(ahead), instants_(instants) {}
  ~Shell() override { instants_ = sc_core::sc_delta_count(); }

  bool lives_in_agenda() const override { return ahead_ && inner_->lives_in_agenda(); }
  bool finished() const override { return inner_->finished(); }
  double progress() const override { return inner_->progress(); }
  std::vector<std::string> failures() const override { return inner_->failures(); }
  void write_outputs(const std::filesystem::path& folder) const override { inner_->write_outputs(folder); }
  bool stop() override { return inner_->stop(); }
  bool waits_for_model() const override { return inner_->waits_for_model(); }
  void transfer(StateArchive& archive) override { inner_->transfer(archive); }

 private:
  void begin() override {}  // the inner one begins by itself

  std::unique_ptr<Workload> inner_;
  bool ahead_;
  std::uint64_t& instants_;
};

struct Played {
  WholeRun run;
  std::uint64_t instants = 0;  ///< of the kernel
};

Played play(const PreparedRun& run, bool ahead) {
  Played played;
  PreparedRun shelled = run;
  shelled.workload.make = [&](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    return std::make_unique<Shell>(run.workload.make(name, package, scheduler), ahead, played.instants);
  };
  played.run = play_whole(shelled, {});
  return played;
}

void compare(const std::string& device, const std::string& rest) {
  const TraceFolder folder;
  const PreparedRun run = prepare_text(folder.path(), "device: " + project_file(device) + "\n" + rest);
  ASSERT_NE(run.device, nullptr);
  const Played ahead = play(run, true);
  const Played in_step = play(run, false);
  EXPECT_EQ(ahead.run.end, in_step.run.end);
  EXPECT_THAT(ahead.run.failures, ::testing::IsEmpty());
  EXPECT_EQ(in_step.run.failures, ahead.run.failures);
  expect_same(ahead.run.files, in_step.run.files, 0);
  EXPECT_LT(ahead.instants, in_step.instants);
}

// EVT-03: the same bytes, whoever wakes whom.
TEST(RunAhead, AGeneratedRunIsTheSameInStepWithTheKernel) {
  for (const char* const device : {"config/devices/small_2plane.yaml", "config/devices/tlc_4plane.yaml"}) {
    for (const char* const seed : {"1", "2", "3"}) {
      compare(device, std::string("workload: random\nseed: ") + seed +
                          "\ngenerator: {ops: 3000, mix: {program: 0.4, erase: 0.2, suspend: 0.4, resume: 0.2}}\n");
    }
  }
}

// GEN-04, GEN-05: with a bootstrap, a limit in time and what is left over by then.
TEST(RunAhead, ARunThatEndsInTimeEndsAtTheSameInstant) {
  for (const char* const end : {"1000", "33333.333", "200000"}) {
    compare("config/devices/small_2plane.yaml",
            std::string("workload: random\nrun_until_us: ") + end + "\ngenerator: {bootstrap: true, drain: false}\n");
  }
}

// GEN-03: two packages in one kernel, one of which goes ahead.
TEST(RunAhead, ThePolicyIsTheSameInStepWithTheKernel) {
  compare("config/devices/small_2plane.yaml", "workload: suspend_policy\nsuspend_policy: {reads: 500}\n");
}

/// Goes wrong at the end of one op.
class FailingSink : public TraceSink {
 public:
  explicit FailingSink(int ends) : left_(ends) {}
  void op_ended(const OpInfo& /*op*/, Time at) override {
    if (--left_ != 0) return;
    failed_at_ = at;
    SC_REPORT_ERROR("/nandtlm/test/failing_sink", "no more");
  }
  Time failed_at() const { return failed_at_; }

 private:
  int left_;
  Time failed_at_ = kNever;
};

// OUT-03: what was written ends at the moment of the error, not where the kernel stood.
TEST(RunAhead, AnErrorHasItsOwnMoment) {
  const TraceFolder folder;
  const PreparedRun run =
      prepare_text(folder.path(), "device: " + project_file("config/devices/small_2plane.yaml") +
                                      "\nworkload: random\ngenerator: {ops: 3000, bootstrap: false}\n");
  ASSERT_NE(run.device, nullptr);
  expect_report(sc_core::SC_ERROR, "/nandtlm/test/failing_sink");
  const OwnKernel kernel;
  Simulation simulation(run);
  FailingSink sink(1000);
  simulation.observers().attach(sink);
  EXPECT_THROW(simulation.run([] { return true; }), sc_core::sc_report);
  EXPECT_EQ(simulation.now(), sink.failed_at());
  EXPECT_LT(KernelTime().now(), sink.failed_at());
}

}  // namespace
}  // namespace nandtlm::test
