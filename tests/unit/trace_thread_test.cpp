// EVT-03, OUT-03: sinks in a thread of their own hear the same, and what goes wrong there is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <new>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "testbench/run/simulation.h"
#include "tests/support/systemc_fixture.h"
#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"
#include "tests/unit/trace_call_text.h"
#include "traces/csv_sinks.h"
#include "traces/trace_thread.h"
#include "traces/vcd_sink.h"

namespace nandtlm {
namespace {

using test::CallText;
using ::testing::HasSubstr;

/// Throws at the call with this number, counted from 1.
class ThrowingSink final : public TraceSink {
 public:
  explicit ThrowingSink(int at) : left_(at) {}
  void op_started(const OpInfo& /*op*/, Time /*at*/) override {
    if (--left_ == 0) throw std::bad_alloc();
    ++after_;
  }
  void finish(Time /*at*/) override { throw OutputError("cannot finish"); }
  int heard() const { return after_; }

 private:
  int left_;
  int after_ = 0;
};

/// Calls with more of everything than a run has.
void play_odd_calls(TraceSink& sink) {
  OpInfo op;
  op.uid = ~Uid{0};
  op.op = OpId{0xFFFE};
  op.die = 0xFFFFFFFE;
  op.slot = 70;
  for (std::int32_t plane = 0; plane < 8; ++plane) op.targets.push_back({plane, 0x7FFFFFFF, -1});
  op.planes = 0xFF;
  op.source = Source::Client;
  op.phase_used = {0xFFFE, 3};
  op.phase_virtual = {0, PhaseKey::kEnd};
  op.expected_status = 2;
  sink.op_accepted(op, 1, kNever);
  sink.op_aborted(op, 2, kNever - 1, Reason::Malformed);
  sink.resume_mismatch(op, 3);
  sink.page_programmed(op, op.targets[7], true, 4);
  sink.bus_taken(0xFFFFFFFF, op, 5);
  sink.refill_started(7, Family::Erase, 6);
  sink.backlog_retried(8, Family::Program, op.uid, 7);
  sink.backlog_size(9, Family::None, ~std::size_t{0}, 8);
  sink.suspend_state(10, Family::Erase, true, 0xFFFFFFFF, 9);
  sink.request_refused({op.op, op.die, op.targets, op.uid, kNever, {Reason::Malformed, op.uid, -1, kNever, "a rule"}},
                       10);
  sink.resume_failed({Family::Erase, 3, op.uid, {Reason::Bus, 1, 2, kNever, "SUS-10"}, kNever, -5}, 11);
}

// EVT-03: every call, with all that it tells, in the same order.
TEST(TraceThread, PassesOnWhatItIsTold) {
  const Device device = test::make_trace_device();
  CallText direct;
  CallText first;
  CallText second;
  TraceThread thread;
  thread.attach(first);
  thread.attach(second);
  for (TraceSink* sink : {static_cast<TraceSink*>(&direct), static_cast<TraceSink*>(&thread)}) {
    play_odd_calls(*sink);
    test::play_suspend_scenario(device, *sink);
  }
  EXPECT_EQ(first.text(), direct.text());
  EXPECT_EQ(second.text(), direct.text());
}

// EVT-03: more than a block holds, and ops whose slots are used again and again.
TEST(TraceThread, PassesOnALongRun) {
  const Device device = test::make_trace_device();
  CallText direct;
  CallText passed_on;
  TraceThread thread;
  thread.attach(passed_on);
  for (TraceSink* sink : {static_cast<TraceSink*>(&direct), static_cast<TraceSink*>(&thread)}) {
    test::TraceDriver driver(device, *sink);
    Time now = 0;
    for (Uid uid = 1; uid <= 30'000; ++uid) {
      now = driver.run(uid, "Do_READ", 0, {{0, static_cast<std::int32_t>(uid % 8), 1}}, now);
    }
  }
  thread.drain();
  EXPECT_EQ(passed_on.text(), direct.text());
}

// An op that was accepted before anybody listened is told of all the same.
TEST(TraceThread, MayBeginInTheMiddleOfARun) {
  const Device device = test::make_trace_device();
  CallText unused;
  test::TraceDriver driver(device, unused);
  const OpInfo& op = driver.accept(5, "Do_READ", 1, {{1, 3, 7}}, 0, 0);
  CallText direct;
  CallText passed_on;
  TraceThread thread;
  thread.attach(passed_on);
  for (TraceSink* sink : {static_cast<TraceSink*>(&direct), static_cast<TraceSink*>(&thread)}) {
    sink->bus_taken(0, op, 1);
    sink->op_suspended(op, 2, 3, 4);
  }
  thread.drain();
  EXPECT_EQ(passed_on.text(), direct.text());
}

struct RunCase {
  const char* run_file;
  std::vector<std::pair<std::string, std::string>> sets;
  friend std::ostream& operator<<(std::ostream& out, const RunCase& run_case) {
    out << run_case.run_file;
    for (const auto& [key, value] : run_case.sets) out << ' ' << key << '=' << value;
    return out;
  }
};

class TraceThreadRun : public ::testing::TestWithParam<RunCase> {};

// EVT-03: a sink that listens directly and one behind a thread. An op that changed between two calls, and nobody told
// the thread, would show.
TEST_P(TraceThreadRun, HearsTheSame) {
  const test::TraceFolder folder;
  RunOptions options;
  options.run_file = NANDTLM_SOURCE_DIR "/config/runs/" + std::string(GetParam().run_file);
  options.sets = GetParam().sets;
  options.out_dir = folder.path().string();
  const Preparation prepared = prepare_run(options);
  ASSERT_TRUE(prepared.run.has_value());
  CallText direct;
  CallText passed_on;
  TraceThread thread;
  thread.attach(passed_on);
  const OwnKernel kernel;
  Simulation simulation(*prepared.run);
  simulation.observers().attach(direct);
  simulation.observers().attach(thread);
  simulation.run([] { return true; });
  simulation.observers().finish(simulation.now());
  EXPECT_THAT(direct.text(), HasSubstr("ended"));
  EXPECT_TRUE(passed_on.text() == direct.text());
}

RunCase scenario(const std::string& name) {
  return {"demo.yaml", {{"workload", NANDTLM_SOURCE_DIR "/config/workloads/" + name}}};
}
INSTANTIATE_TEST_SUITE_P(Runs, TraceThreadRun,
                         ::testing::Values(RunCase{"demo.yaml", {}}, RunCase{"first_suspend.yaml", {}},
                                           RunCase{"random.yaml", {{"run_until_us", "30000"}}}, scenario("reset.yaml"),
                                           scenario("suspend_all_dies.yaml")));

// Between drain() and the next call the sinks may be looked at.
TEST(TraceThread, AfterADrainTheSinksHaveHeardAll) {
  const Device device = test::make_trace_device();
  CallText direct;
  CallText passed_on;
  TraceThread thread;
  thread.attach(passed_on);
  test::TraceDriver here(device, direct);
  test::TraceDriver there(device, thread);
  Time now = 0;
  for (Uid uid = 1; uid <= 100; ++uid) {
    here.run(uid, "Do_READ", 0, {{0, 2, 1}}, now);
    now = there.run(uid, "Do_READ", 0, {{0, 2, 1}}, now);
    thread.drain();
    ASSERT_EQ(passed_on.text(), direct.text());
  }
}

// OUT-03: a run that is stopped by an exception.
TEST(TraceThread, DestructionPassesOnWhatIsLeft) {
  const Device device = test::make_trace_device();
  CallText direct;
  CallText passed_on;
  test::TraceDriver(device, direct).run(1, "Do_READ", 0, {{0, 2, 1}}, 0);
  {
    TraceThread thread;
    thread.attach(passed_on);
    test::TraceDriver(device, thread).run(1, "Do_READ", 0, {{0, 2, 1}}, 0);
  }
  EXPECT_EQ(passed_on.text(), direct.text());
}

// OUT-03: what a sink throws stops the run and is told at its end.
TEST(TraceThread, WhatASinkThrowsIsToldAtTheEnd) {
  const Device device = test::make_trace_device();
  ThrowingSink sink(3);
  CallText other;
  std::atomic<int> told{0};
  TraceThread thread([&told] { ++told; });
  thread.attach(sink);
  thread.attach(other);
  test::TraceDriver driver(device, thread);
  Time now = 0;
  for (Uid uid = 1; uid <= 30'000; ++uid) now = driver.run(uid, "Do_READ", 0, {{0, 2, 1}}, now);
  EXPECT_EQ(told, 1) << "long before the end";
  EXPECT_THROW(thread.drain(), std::bad_alloc);
  EXPECT_THROW(thread.finish(now), std::bad_alloc);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(sink.heard(), 2);
  EXPECT_THAT(other.text(), HasSubstr("ended"));
}

TEST(TraceThread, WhatASinkThrowsAndNobodyAsksForIsNoHarm) {
  const Device device = test::make_trace_device();
  ThrowingSink sink(1);
  TraceThread thread;
  thread.attach(sink);
  test::TraceDriver(device, thread).run(1, "Do_READ", 0, {{0, 2, 1}}, 0);
}

// OUT-03: one output that cannot be finished does not keep the others from it.
TEST(TraceThread, AllSinksAreFinished) {
  ThrowingSink broken(0);
  CallText whole;
  TraceThread thread;
  thread.attach(broken);
  thread.attach(whole);
  EXPECT_THROW(thread.finish(7), OutputError);
  EXPECT_EQ(whole.text(), "finish 7\n");
}

// OUT-03: the files of a run that is stopped are whole, and the same as without a thread.
TEST(TraceThread, FilesOfAStoppedRunAreTheSame) {
  const Device device = test::make_trace_device();
  const test::TraceFolder direct;
  const test::TraceFolder passed_on;
  const auto play = [&](TraceSink& sink) {
    test::TraceDriver driver(device, sink);
    Time now = 0;
    for (Uid uid = 1; uid <= 5'000; ++uid) now = driver.run(uid, "Do_PROGRAM_SLC", 1, {{0, 2, 1}}, now);
    driver.accept(5'001, "Do_READ", 1, {{0, 2, 1}}, now, now);
    driver.start(5'001, now);
  };
  {
    CsvSinks csv(device, direct.path());
    VcdSink vcd(device, direct.file("waves.vcd"));
    play(csv);
    play(vcd);
  }
  {
    CsvSinks csv(device, passed_on.path());
    VcdSink vcd(device, passed_on.file("waves.vcd"));
    TraceThread thread;
    thread.attach(csv);
    thread.attach(vcd);
    play(thread);
  }
  for (const auto& entry : std::filesystem::directory_iterator(direct.path())) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(direct.text(name) == passed_on.text(name)) << name;
  }
}

// OUT-03: a full disk is heard of while the run goes on, and named at its end.
TEST(TraceThread, AFullDiskIsToldOfAtOnce) {
  const Device device = test::make_trace_device();
  const test::TraceFolder folder;
  std::atomic<int> told{0};
  OutputOptions options;
  options.buffer_bytes = 1'000;
  options.on_error = [&told] { ++told; };
  VcdSink vcd(device, folder.file("waves.vcd"), options);
  CsvOptions csv_options;
  csv_options.output = options;
  std::filesystem::create_symlink("/dev/full", folder.path() / "proposer_debug.log");
  CsvSinks csv(device, folder.path(), csv_options);
  TraceThread thread;
  thread.attach(csv);
  thread.attach(vcd);
  for (int i = 0; i < 1'000; ++i) thread.request_refused({}, i);
  thread.drain();
  EXPECT_EQ(told, 1);
  try {
    thread.finish(1'000);
    ADD_FAILURE() << "nothing thrown";
  } catch (const OutputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("proposer_debug.log"));
  }
  EXPECT_EQ(folder.text("waves.vcd").back(), '\n');
  EXPECT_THAT(folder.text("waves.vcd"), HasSubstr("#1000\n"));
}

}  // namespace
}  // namespace nandtlm
