#include "model/observe/metrics.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "model/observe/observer_hub.h"
#include "tests/support/trace_scenario.h"

namespace nandtlm {
namespace {

constexpr Time kUs = kPsPerUs;

class MetricsTest : public testing::Test {
 protected:
  void refuse(const char* op, Reason reason, Uid uid = 0) {
    RefusedRequest request;
    request.op = device_.find_op(op).value();
    request.uid = uid;
    request.refusal.reason = reason;
    metrics_.request_refused(request, 0);
  }
  std::optional<std::int64_t> value(const char* name) const { return metrics_.value(name); }

  const Device device_ = test::make_trace_device();
  Metrics metrics_{device_};
  test::TraceDriver driver_{device_, metrics_};
};

// Section 7
TEST_F(MetricsTest, CountsAScenario) {
  test::play_suspend_scenario(device_, metrics_);
  EXPECT_EQ(value("ops_accepted"), 9);
  EXPECT_EQ(value("ops_completed"), 7);
  EXPECT_EQ(value("ops_aborted"), 1);
  EXPECT_EQ(value("ops_refused"), 1);
  EXPECT_EQ(value("ops_refused.planescope"), 1);
  EXPECT_EQ(value("ops_refused.bus"), 0);
  EXPECT_EQ(value("suspends"), 1);
  EXPECT_EQ(value("resumes"), 1);
  EXPECT_EQ(value("suspended_op_end_cancelled"), 1);
  EXPECT_EQ(value("suspend_refused"), 0);
  EXPECT_EQ(value("resume_cancelled.bus"), 1);
  EXPECT_EQ(value("backlog_drop"), 0);
  EXPECT_EQ(value("stack_depth.PROGRAM.0"), 0);
  EXPECT_EQ(value("stack_depth.PROGRAM.0.peak"), 1);
  EXPECT_EQ(value("stack_depth.PROGRAM.1.peak"), 0);
  EXPECT_EQ(value("backlog_size"), 0);
  EXPECT_EQ(value("backlog_size.peak"), 1);
  EXPECT_EQ(value("backlog_size.PROGRAM.0.peak"), 1);
  EXPECT_EQ(value("committed_ops.READ"), 2);
  EXPECT_EQ(value("committed_ops.PROGRAM_SLC"), 1);
  EXPECT_EQ(value("committed_ops.ERASE"), 0);
  EXPECT_EQ(value("suspended_time.count"), 1);
  EXPECT_EQ(value("suspended_time.max"), 280'185'000);
  EXPECT_EQ(value("execution_time.count"), 7);
  EXPECT_EQ(value("execution_time.max"), 590'009'400);
  EXPECT_EQ(value("wait_time.max"), 380'009'400) << "from 210 us to 590.0094 us in the backlog";
  EXPECT_EQ(value("topology.dies"), 2);
  EXPECT_EQ(value("simulated"), 700 * kUs);
}

TEST_F(MetricsTest, KnowsNoOtherNames) {
  for (const char* name : {"", "suspend", "ops_refused.none", "ops_refused.planescope.now", "stack_depth",
                           "stack_depth.ERASE.2", "wait_time.p50"}) {
    EXPECT_EQ(value(name), std::nullopt) << name;
  }
}

// SUS-02: counted, although it was accepted.
TEST_F(MetricsTest, ASuspendThatFindsNothingIsRefused) {
  driver_.accept(1, "Do_PROGRAM_SUSPEND", 0, {}, 0, 0);
  driver_.start(1, 0);
  driver_.end(1, 185'000);
  EXPECT_EQ(value("suspends"), 0);
  EXPECT_EQ(value("suspend_refused.nothing_to_suspend"), 1);
  EXPECT_EQ(value("ops_refused"), 0);

  // One that finds something, told before or after its own start.
  for (const bool cut_first : {true, false}) {
    const Time at = cut_first ? 100 * kUs : 900 * kUs;
    const Uid program = cut_first ? 10 : 20;
    driver_.accept(program, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, at - 50 * kUs, at - 50 * kUs);
    driver_.start(program, at - 50 * kUs);
    driver_.accept(program + 1, "Do_PROGRAM_SUSPEND", 0, {}, at, at);
    if (cut_first) driver_.suspend(program, at, 50 * kUs);
    driver_.start(program + 1, at);
    if (!cut_first) driver_.suspend(program, at, 50 * kUs);
    driver_.end(program + 1, at + 100'185'000);
  }
  EXPECT_EQ(value("suspends"), 2);
  EXPECT_EQ(value("suspend_refused"), 1);
}

TEST_F(MetricsTest, RefusedSuspendsCountTwiceByReason) {
  refuse("Do_PROGRAM_SUSPEND", Reason::SuspendTooSoon);
  refuse("Do_READ", Reason::Latch);
  EXPECT_EQ(value("suspend_refused.suspend_too_soon"), 1);
  EXPECT_EQ(value("suspend_refused"), 1);
  EXPECT_EQ(value("ops_refused.suspend_too_soon"), 1);
  EXPECT_EQ(value("ops_refused"), 2);
}

// BKL-03: a drop is no refusal, and what waits in no backlog is not dropped.
TEST_F(MetricsTest, CountsDropsOfTheBacklog) {
  driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, kNever);
  driver_.accept(2, "Do_PROGRAM_SLC", 0, {{0, 2, 1}}, 0, kNever);
  refuse("Do_PROGRAM_SLC", Reason::AbortedByReset, 1);
  driver_.abort(1, kUs, 0);
  driver_.abort(2, kUs, 0);
  EXPECT_EQ(value("backlog_drop"), 1);
  EXPECT_EQ(value("ops_aborted"), 2);
  EXPECT_EQ(value("ops_refused"), 0);
}

// BKL-02, BKL-03
TEST_F(MetricsTest, CountsRefillsAndRetries) {
  for (const Uid uid : {1U, 2U}) driver_.accept(uid, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, kNever);
  metrics_.refill_started(0, Family::Program, 0);
  metrics_.backlog_retried(0, Family::Program, 2, 0);
  metrics_.backlog_retried(0, Family::Program, 2, 5 * kUs);
  metrics_.backlog_retried(0, Family::Program, 1, 10 * kUs);
  metrics_.backlog_retried(0, Family::Program, 2, 15 * kUs);  // was the head before
  EXPECT_EQ(value("backlog_flush"), 1);
  EXPECT_EQ(value("backlog_retry"), 2);
  EXPECT_EQ(value("backlog_retry_events"), 4);
}

// BKL-05
TEST_F(MetricsTest, TellsWhichBacklogsAreBeingFlushed) {
  metrics_.suspend_state(1, Family::Erase, true, 1, 0);
  metrics_.backlog_size(1, Family::Erase, 3, 0);
  metrics_.backlog_size(0, Family::Program, 2, 0);
  EXPECT_EQ(value("backlog_flush_pending"), 1);
  metrics_.suspend_state(1, Family::Erase, false, 0, kUs);
  EXPECT_EQ(value("backlog_flush_pending"), 2);
  metrics_.backlog_size(0, Family::Program, 0, 2 * kUs);
  EXPECT_EQ(value("backlog_flush_pending"), 1);
  EXPECT_EQ(value("backlog_size"), 3);
  EXPECT_EQ(value("backlog_size.peak"), 5);
  EXPECT_EQ(value("backlog_size.ERASE.1"), 3);
}

// MET-01: kept until an op of that family and die is resumed; the counter loses none.
TEST_F(MetricsTest, KeepsTheLastResumeError) {
  const ResumeError on_die_0{Family::Program, 0, 1, {Reason::Bus, 4, 0, 0, "bus"}, 376 * kUs, 200 * kUs};
  ResumeError on_die_1 = on_die_0;
  on_die_1.die = 1;
  metrics_.resume_failed(on_die_0, 10 * kUs);
  metrics_.resume_failed(on_die_1, 11 * kUs);
  metrics_.resume_failed(on_die_0, 12 * kUs);
  ASSERT_TRUE(metrics_.last_resume_error(Family::Program, 0));
  EXPECT_EQ(metrics_.last_resume_error(Family::Program, 0)->at, 12 * kUs);
  EXPECT_EQ(metrics_.last_resume_error(Family::Program, 0)->error.refusal.blocker, 4U);

  driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 12 * kUs, 12 * kUs);
  driver_.start(1, 12 * kUs);
  driver_.suspend(1, 13 * kUs, kUs);
  driver_.resume(1, 400 * kUs, 300 * kUs);
  EXPECT_FALSE(metrics_.last_resume_error(Family::Program, 0));
  EXPECT_TRUE(metrics_.last_resume_error(Family::Program, 1));
  EXPECT_EQ(value("resume_cancelled.bus"), 3);
}

// A RESUME for a die beyond the topology is refused, not a crash.
TEST_F(MetricsTest, AResumeErrorMayNameADieThatThereIsNot) {
  metrics_.resume_failed({Family::Program, 77, 0, {Reason::EprAddressRange, 0, 0, 0, ""}, 0, 0}, 0);
  EXPECT_EQ(value("resume_cancelled.epr_address_range"), 1);
}

// SUS-12
TEST_F(MetricsTest, CountsMismatches) {
  metrics_.resume_mismatch(driver_.accept(1, "Do_PROGRAM_SLC", 0, {{0, 2, 0}}, 0, 0), kUs);
  EXPECT_EQ(value("program_resume_page_mismatch"), 1);
}

// EVT-03: text, exact µs, one order of keys.
TEST_F(MetricsTest, WritesJson) {
  test::play_suspend_scenario(device_, metrics_);
  metrics_.resume_failed({Family::Erase, 1, 4, {Reason::Latch, 0, 0, 0, "LATCH_ON_READ"}, 701 * kUs, 85'000},
                         700 * kUs);
  const auto json = nlohmann::ordered_json::parse(metrics_.to_json());
  EXPECT_EQ(json.begin().key(), "simulated_us");
  EXPECT_EQ(json["simulated_us"], "700");
  EXPECT_EQ(json["topology"].dump(), R"({"channels":1,"dies":2,"planes":2})");
  EXPECT_EQ(json["suspends"], 1);
  EXPECT_EQ(json["ops_refused"]["planescope"], 1);
  EXPECT_EQ(json["stack_depth"]["PROGRAM"]["0"].dump(), R"({"now":0,"peak":1})");
  EXPECT_EQ(json["suspended_time"].dump(),
            R"({"count":1,"min_us":"280.185","max_us":"280.185","mean_us":"280.185","p50_us":"280.185",)"
            R"("p90_us":"280.185","p99_us":"280.185","p99_9_us":"280.185"})");
  ASSERT_EQ(json["last_resume_errors"].size(), 1U);
  EXPECT_EQ(json["last_resume_errors"][0].dump(),
            R"({"family":"ERASE","die":1,"op_uid":4,"time_us":"700","reason":"latch","rule":"LATCH_ON_READ",)"
            R"("blocker_uid":0,"wanted_start_us":"701","remaining_us":"0.085"})");

  Metrics again(device_);
  test::play_suspend_scenario(device_, again);
  again.resume_failed({Family::Erase, 1, 4, {Reason::Latch, 0, 0, 0, "LATCH_ON_READ"}, 701 * kUs, 85'000}, 700 * kUs);
  std::ostringstream out;
  again.write_json(out);
  EXPECT_EQ(out.str(), metrics_.to_json());
}

/// Counts all that it hears.
class Listener : public TraceSink {
 public:
  void op_started(const OpInfo& /*op*/, Time /*at*/) override { ++starts; }
  void state_entered(const OpInfo& /*op*/, State /*state*/, Time /*at*/) override { ++states; }
  void refill_started(std::uint32_t /*die*/, Family /*family*/, Time /*at*/) override { ++refills; }
  void backlog_retried(std::uint32_t /*die*/, Family /*family*/, Uid /*head*/, Time /*at*/) override { ++retries; }
  void resume_mismatch(const OpInfo& /*op*/, Time /*at*/) override { ++mismatches; }
  void page_programmed(const OpInfo& /*op*/, const Target& /*target*/, bool /*resumed*/, Time /*at*/) override {
    ++pages;
  }
  void finish(Time at) override { finished_at = at; }

  int starts = 0, states = 0, refills = 0, retries = 0, mismatches = 0, pages = 0;
  Time finished_at = 0;
};

/// Has a use for some groups of calls only.
class PickyListener final : public Listener {
 public:
  explicit PickyListener(unsigned follows) : follows_(follows) {}
  unsigned follows() const override { return follows_; }

 private:
  unsigned follows_;
};

TEST(ObserverHub, TellsWhoFollows) {
  const Device device = test::make_trace_device();
  ObserverHub hub(device);
  PickyListener nothing(TraceSink::kNoCalls);
  PickyListener states(TraceSink::kStateCalls);
  PickyListener queues(TraceSink::kQueueCalls);
  for (PickyListener* listener : {&nothing, &states, &queues}) hub.attach(*listener);
  test::play_suspend_scenario(device, hub);
  hub.refill_started(0, Family::Program, 700 * kUs);
  for (const PickyListener* listener : {&nothing, &states, &queues}) {
    EXPECT_EQ(listener->starts, 9) << "what is for all";
    EXPECT_EQ(listener->states > 0, listener == &states);
    EXPECT_EQ(listener->refills, listener == &queues ? 1 : 0);
  }
  hub.detach(states);
  const int before = states.states;
  test::play_suspend_scenario(device, hub);
  EXPECT_EQ(states.states, before);
}

TEST(ObserverHub, TellsItsOwnAndTheAttached) {
  const Device device = test::make_trace_device();
  ObserverHub hub(device);
  Listener first;
  Listener second;
  hub.attach(first);
  hub.attach(second);
  test::play_suspend_scenario(device, hub);
  hub.refill_started(0, Family::Program, 700 * kUs);
  hub.backlog_retried(0, Family::Program, 1, 700 * kUs);

  EXPECT_EQ(hub.metrics().counters().ops_completed, 7);
  EXPECT_EQ(hub.metrics().counters().backlog_retry_events, 1);
  for (const CheckLine& line : hub.self_check().report()) EXPECT_TRUE(line.pass) << line.name << ": " << line.detail;
  hub.resume_mismatch(OpInfo(), 700 * kUs);
  EXPECT_EQ(hub.metrics().counters().program_resume_page_mismatch, 1);
  for (const Listener* listener : {&first, &second}) {
    EXPECT_EQ(listener->starts, 9);
    EXPECT_GT(listener->states, 9);
    EXPECT_EQ(listener->refills, 1);
    EXPECT_EQ(listener->retries, 1);
    EXPECT_EQ(listener->mismatches, 1);
    EXPECT_EQ(listener->pages, 2);
    EXPECT_EQ(listener->finished_at, 700 * kUs);
  }
}

}  // namespace
}  // namespace nandtlm
