#include "tests/support/scheduler_bench.h"

#include <sstream>

namespace nandtlm::test {

void EventLog::request_refused(const RefusedRequest& request, Time at) {
  refused.push_back(request);
  add(at, std::string("refuse ") + name(request.refusal.reason), request.uid, request.wanted_start);
}

void EventLog::op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) {
  add(at, std::string("abort ") + name(why), op.uid, consumed);
}

void EventLog::resume_failed(const ResumeError& error, Time at) {
  resume_errors.push_back(error);
  add(at, std::string("resume failed ") + name(error.refusal.reason), error.uid, error.remaining);
}

void EventLog::page_programmed(const OpInfo& op, const Target& target, bool /*was_resumed*/, Time at) {
  add(at, "programmed", op.uid, target.page);
}

Time EventLog::when(const std::string& what, Uid uid) const {
  for (const Event& event : events) {
    if (event.uid == uid && event.what == what) return event.at;
  }
  return kNever;
}

std::size_t EventLog::count(const std::string& what, Uid uid) const {
  std::size_t found = 0;
  for (const Event& event : events) found += event.uid == uid && event.what == what ? 1U : 0U;
  return found;
}

std::size_t EventLog::count(const std::string& what) const {
  std::size_t found = 0;
  for (const Event& event : events) found += event.what == what ? 1U : 0U;
  return found;
}

std::vector<Uid> EventLog::order(const std::string& what) const {
  std::vector<Uid> uids;
  for (const Event& event : events) {
    if (event.what == what) uids.push_back(event.uid);
  }
  return uids;
}

std::string EventLog::text() const {
  std::ostringstream out;
  for (const Event& event : events)
    out << event.at << ' ' << event.what << ' ' << event.uid << ' ' << event.value << '\n';
  return out.str();
}

SchedulerBench::SchedulerBench(const std::shared_ptr<const Device>& device, const std::string& prefix)
    : checkers_(prefix),
      package((prefix + "package").c_str(), device, checkers_.inside()),
      scheduler((prefix + "scheduler").c_str(), package) {
  checkers_.bind(scheduler, package);
  package.observers().attach(log);
}

// TLM-02: whatever a test is about, no module broke the base protocol.
SchedulerBench::~SchedulerBench() {
  for (const std::string& violation : checkers_.violations()) ADD_FAILURE() << violation;
}

Request SchedulerBench::request(const std::string& op, std::int32_t block, std::int32_t page, std::uint32_t die) const {
  Request request;
  request.op = package.device().find_op(op).value();
  request.die = die;
  if (block >= 0) request.targets.push_back(Target{-1, block, page});
  derive_planes(package.device().topology, request.targets);
  return request;
}

Request SchedulerBench::from(Time not_before, Request request) const {
  request.not_before = not_before;
  return request;
}

Time SchedulerBench::now() const {
  const auto ticks_per_ps = sc_core::sc_time(1, sc_core::SC_PS).value();
  return static_cast<Time>(sc_core::sc_time_stamp().value() / ticks_per_ps);
}

Uid SchedulerBench::submit(const std::vector<Request>& batch) {
  const std::size_t decided = decisions.size();
  propose(batch);
  while (decisions.size() == decided && sc_core::sc_pending_activity_at_current_time()) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }
  EXPECT_EQ(decisions.size(), decided + 1) << "a batch is decided at its own instant";
  return decision().accepted ? decision().uids.front() : 0;
}

void SchedulerBench::run_to(Time time) {
  if (time <= now()) return;
  sc_core::sc_start(static_cast<double>(time - now()), sc_core::SC_PS);
}

void SchedulerBench::run_through(Time time) {
  run_to(time);
  while (sc_core::sc_pending_activity_at_current_time()) sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

bool SchedulerBench::drain(Time limit) {
  const Time until = now() + limit;
  const auto waiting = [this] {
    for (std::uint32_t die = 0; die < package.device().topology.dies; ++die) {
      for (const Family family : {Family::Program, Family::Erase}) {
        if (scheduler.refill_pending(die, family)) return true;
      }
    }
    bool under_way = false;
    package.state().ops.for_each_live(
        [&](const Op& op) { under_way = under_way || op.life == Life::Reserved || op.life == Life::Running; });
    return under_way;
  };
  while (waiting() && now() < until) run_through(now() + us(50));
  return !waiting();
}

void SchedulerBench::op_finished(const OpResult& result) {
  EXPECT_EQ(results.count(result.uid), 0U) << "uid " << result.uid << " finished twice";
  results[result.uid] = result;
}

void SchedulerBench::expect_self_check_passes() const {
  for (const CheckLine& line : package.observers().self_check().report()) {
    EXPECT_TRUE(line.pass) << line.name << ": " << line.detail << " at " << now() / kPsPerUs << " us";
  }
}

void SchedulerBench::expect_all_ended_once() {
  expect_self_check_passes();
  EXPECT_EQ(package.state().ops.live(), 0U);
  for (const BatchDecision& decision : decisions) {
    for (const Uid uid : decision.uids) EXPECT_TRUE(finished(uid)) << "uid " << uid;
  }
}

}  // namespace nandtlm::test
