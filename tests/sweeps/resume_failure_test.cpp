// Every way in which a RESUME can fail: it leaves no trace but its record, as often as it is tried, and the RESUME that
// comes when nothing is in the way any more brings the op back with exactly what it had left.
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/effort.h"
#include "tests/sweeps/state_text.h"

namespace nandtlm::test {
namespace {

constexpr int kTries = kSanitized ? 100 : 1'000;

struct Failing {
  const char* name;
  Reason reason;
  Family family;
  Time remaining;
  Overrides overrides;
  std::function<Uid(SchedulerBench&)> arrange;  ///< up to the moment of the RESUME; the suspended op
  std::function<void(SchedulerBench&)> heal;    ///< up to the moment at which a RESUME works
  bool exact = false;
};

std::ostream& operator<<(std::ostream& out, const Failing& failing) {
  return out << failing.name;
}

/// [0, 310), another behind it; cut at 110, 200 left.
Uid suspended_program(SchedulerBench& bench, Time until) {
  const Uid program = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(110));
  bench.submit(bench.request("Program_Suspend"));
  bench.run_to(until);
  return program;
}

/// [0, 701), another behind it; cut at 100, 601 left; suspended from 200 on.
Uid suspended_erase(SchedulerBench& bench) {
  const Uid erase = bench.submit({bench.request("Erase", 0), bench.request("Erase", 2)});
  bench.run_to(us(100));
  bench.submit(bench.request("Erase_Suspend"));
  bench.run_to(us(200));
  return erase;
}

void run_to_end_of(SchedulerBench& bench, const std::vector<Request>& batch) {
  for (const Request& request : batch) {
    bench.submit(request);
    ASSERT_TRUE(bench.decision().accepted) << name(bench.decision().refusal.reason);
    bench.run_to(bench.decision().starts.back() + bench.package.device().op(request.op).nominal);
  }
}

Failing blocked_plane() {
  return {"BlockedPlane",
          Reason::PlaneScope,
          Family::Program,
          us(200),
          {},
          [](SchedulerBench& bench) {
            const Uid program = suspended_program(bench, us(300));
            bench.submit(bench.from(us(600), bench.request("Read", 1, 0)));
            return program;
          },
          [](SchedulerBench& bench) { bench.run_to(us(631)); }};
}

Failing blocked_bus() {
  const Overrides data_in_on_bus = {
      {"op_bases.CACHE_PROGRAM_SLC.states", "{ISSUE: 10, CORE_BUSY: 300, DATA_IN: {bus: true, duration: 10}}"}};
  return {"BlockedBus",
          Reason::Bus,
          Family::Program,
          us(120),
          data_in_on_bus,
          [](SchedulerBench& bench) {
            const Uid program = bench.submit({bench.request("Cache_Program", 0, 0), bench.request("Program", 0, 1)});
            bench.run_to(us(200));
            bench.submit(bench.request("Program_Suspend"));
            bench.run_to(us(300));  // its DATA_IN would be [560, 570)
            bench.submit(bench.from(us(569), bench.request("Dout", 1, 0, 1)));
            return program;
          },
          [](SchedulerBench& bench) { bench.run_to(us(319)); }};
}

Failing exclusion_of_a_reservation() {
  return {"ExclusionRule",
          Reason::Exclusion,
          Family::Program,
          us(200),
          {},
          [](SchedulerBench& bench) {
            const Uid program = suspended_program(bench, us(300));
            bench.submit(bench.from(us(500), bench.request("Dout", 1, 0)));
            return program;
          },
          [](SchedulerBench& bench) { bench.run_to(us(510)); }};
}

Failing nested_program() {
  return {"EraseResumeOverASuspendedProgram",
          Reason::StateForbidSuspend,
          Family::Erase,
          us(601),
          {},
          [](SchedulerBench& bench) {
            const Uid erase = suspended_erase(bench);
            bench.submit(bench.request("Program", 1, 0));
            bench.run_to(us(250));
            bench.submit(bench.request("Program_Suspend"));
            bench.run_to(us(350));
            return erase;
          },
          [](SchedulerBench& bench) {
            run_to_end_of(bench, {bench.request("Program_Resume")});
            bench.run_to(us(760));
          }};
}

Failing latched() {
  return {"Latch",
          Reason::Latch,
          Family::Erase,
          us(601),
          {},
          [](SchedulerBench& bench) {
            const Uid erase = suspended_erase(bench);
            run_to_end_of(bench, {bench.request("Load_LSB", 1, 0)});
            return erase;
          },
          [](SchedulerBench& bench) {
            run_to_end_of(bench, {bench.request("Load_CSB", 1, 0), bench.request("Exec", 1, 0)});
          }};
}

Failing cached() {
  return {"CacheState",
          Reason::StateForbidCache,
          Family::Erase,
          us(601),
          {},
          [](SchedulerBench& bench) {
            const Uid erase = suspended_erase(bench);
            run_to_end_of(bench, {bench.request("Cache_Program", 1, 0)});
            return erase;
          },
          [](SchedulerBench& bench) { run_to_end_of(bench, {bench.request("Program", 1, 1)}); }};
}

Failing odt_disabled() {
  return {"OdtDisabled",
          Reason::StateForbidOdt,
          Family::Erase,
          us(601),
          {},
          [](SchedulerBench& bench) {
            const Uid erase = suspended_erase(bench);
            run_to_end_of(bench, {bench.request("Odt_Off")});
            return erase;
          },
          [](SchedulerBench& bench) { run_to_end_of(bench, {bench.request("Odt_On", -1, -1, 1)}); }};
}

Failing odt_disabled_meanwhile() {
  return {"OdtDisabledWhenTheOpGoesOn",
          Reason::StateForbidOdt,
          Family::Program,
          us(200),
          {},
          [](SchedulerBench& bench) {
            const Uid program = suspended_program(bench, us(300));
            bench.submit(bench.from(us(400), bench.request("Odt_Off", -1, -1, 1)));
            return program;
          },
          [](SchedulerBench& bench) {
            bench.submit(bench.from(us(402), bench.request("Odt_On", -1, -1, 1)));
            bench.run_to(us(350));
          }};
}

Failing latches_come_back() {
  return {"ParkedLatchesWouldForbidAReservation",
          Reason::Exclusion,
          Family::Program,
          us(10),
          {},
          [](SchedulerBench& bench) {
            bench.submit(bench.request("Load_LSB", 0, 0));
            bench.run_to(us(30));
            const Uid load = bench.submit({bench.request("Load_CSB", 0, 0), bench.request("Exec", 0, 0)});
            bench.run_to(us(50));
            bench.submit(bench.request("Program_Suspend"));
            bench.run_to(us(200));
            bench.submit(bench.from(us(1000), bench.request("Read", 3, 0)));
            return load;
          },
          [](SchedulerBench& bench) { bench.run_to(us(1031)); }};
}

Failing bus_at_its_start() {
  return {"BusAtItsExactStart",
          Reason::Bus,
          Family::Program,
          us(200),
          {},
          [](SchedulerBench& bench) {
            const Uid program = suspended_program(bench, us(295));
            bench.submit(bench.request("Dout", 1, 0, 1));
            bench.run_to(us(300));
            return program;
          },
          [](SchedulerBench& bench) { bench.run_to(us(305)); },
          true};
}

Failing within_the_suspend() {
  return {"WithinTheSuspend",
          Reason::PlaneScope,
          Family::Program,
          us(200),
          {},
          [](SchedulerBench& bench) { return suspended_program(bench, us(210) - 1); },
          [](SchedulerBench& bench) { bench.run_to(us(210)); },
          true};
}

class ResumeFailure : public SystemCTest, public ::testing::WithParamInterface<Failing> {
 protected:
  static Request resume(const SchedulerBench& bench) {
    Request request =
        bench.request(std::string(GetParam().family == Family::Program ? "Program" : "Erase") + "_Resume");
    request.not_before = bench.now();
    request.exact = GetParam().exact;
    return request;
  }

  static void expect_recorded(SchedulerBench& bench, Uid uid, std::size_t tries) {
    const Failing& failing = GetParam();
    ASSERT_EQ(bench.log.resume_errors.size(), tries);
    const ResumeError& error = bench.log.resume_errors.back();
    EXPECT_STREQ(name(error.refusal.reason), name(failing.reason));
    EXPECT_EQ(error.family, failing.family);
    EXPECT_EQ(error.die, 0U);
    EXPECT_EQ(error.uid, uid);
    EXPECT_EQ(error.wanted_start, bench.now());
    EXPECT_EQ(error.remaining, failing.remaining);
    const auto counted = bench.counters().resume_cancelled[static_cast<std::size_t>(failing.reason)];
    EXPECT_EQ(counted, static_cast<std::int64_t>(tries));
    const auto& last = bench.package.observers().metrics().last_resume_error(failing.family, 0);
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(last->error.uid, uid);
    EXPECT_EQ(last->at, bench.now());
  }

  /// Alone, or behind a request that would be accepted: nothing of the batch happens.
  static void try_in_vain(SchedulerBench& bench, const std::vector<Request>& batch, const std::string& before) {
    EXPECT_EQ(bench.submit(batch), 0U);
    EXPECT_STREQ(name(bench.decision().refusal.reason), name(GetParam().reason));
    EXPECT_EQ(bench.decision().refused_index, batch.size() - 1);
    EXPECT_EQ(state_text(bench), before);
  }
};

// SUS-08, SUS-10, BKL-01, BKL-02, MET-01, MET-02, RES-03
TEST_P(ResumeFailure, LeavesNoTraceAndTheNextOneIsExact) {
  const Failing& failing = GetParam();
  SchedulerBench bench(round_device(failing.overrides));
  const Uid uid = failing.arrange(bench);
  ASSERT_NE(uid, 0U);
  bench.run_through(bench.now());  // what ends now has ended
  const Request resume_now = resume(bench);
  const std::string before = state_text(bench);
  for (int i = 0; i < kTries && !HasFailure(); ++i) try_in_vain(bench, {resume_now}, before);
  expect_recorded(bench, uid, kTries);
  if (!failing.exact) {
    try_in_vain(bench, {bench.request("Status", -1, -1, 1), resume_now}, before);
    expect_recorded(bench, uid, kTries + 1);
  }
  EXPECT_EQ(bench.scheduler.backlog_size(0, failing.family), 1U) << "the follower waits";
  bench.expect_self_check_passes();

  failing.heal(bench);
  const Time wanted = bench.now();
  ASSERT_NE(bench.submit(resume(bench)), 0U) << name(bench.decision().refusal.reason);
  EXPECT_EQ(bench.decision().starts, std::vector<Time>{wanted});
  ASSERT_TRUE(bench.drain());
  const Time goes_on = wanted + us(150);
  EXPECT_EQ(bench.log.when("resume", uid), goes_on);
  EXPECT_EQ(bench.log.when("end", uid), goes_on + failing.remaining);
  EXPECT_EQ(bench.log.when("start", uid + 1), goes_on + failing.remaining) << "the follower";
  EXPECT_FALSE(bench.package.observers().metrics().last_resume_error(failing.family, 0).has_value());
  bench.expect_all_ended_once();
}

INSTANTIATE_TEST_SUITE_P(Ways, ResumeFailure,
                         ::testing::Values(blocked_plane(), blocked_bus(), exclusion_of_a_reservation(),
                                           nested_program(), latched(), cached(), odt_disabled(),
                                           odt_disabled_meanwhile(), latches_come_back(), bus_at_its_start(),
                                           within_the_suspend()),
                         [](const auto& way) { return std::string(way.param.name); });

// SUS-11, MET-01: with nothing to bring back.
using ResumeOfNothing = SystemCTest;
TEST_F(ResumeOfNothing, LeavesNoTrace) {
  SchedulerBench bench(round_device());
  const Uid program = bench.submit({bench.request("Program", 0, 0), bench.request("Program", 0, 1)});
  bench.run_to(us(100));
  const std::string before = state_text(bench);
  for (int i = 0; i < kTries; ++i) {
    for (const char* op : {"Program_Resume", "Erase_Resume"}) {
      EXPECT_EQ(bench.submit(bench.request(op)), 0U);
      EXPECT_STREQ(name(bench.decision().refusal.reason), "nothing_to_resume");
    }
    ASSERT_EQ(state_text(bench), before);
  }
  ASSERT_EQ(bench.log.resume_errors.size(), 2U * kTries);
  EXPECT_EQ(bench.log.resume_errors.back().uid, 0U);
  EXPECT_EQ(bench.log.resume_errors.back().remaining, 0);
  EXPECT_EQ(bench.log.resume_errors.back().wanted_start, us(100));
  ASSERT_TRUE(bench.drain());
  EXPECT_EQ(bench.log.when("end", program), us(310));
  EXPECT_EQ(bench.log.when("end", program + 1), us(620));
  bench.expect_all_ended_once();
}

}  // namespace
}  // namespace nandtlm::test
