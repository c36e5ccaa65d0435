#include "tests/support/trace_scenario.h"

#include <string>
#include <utility>
#include <vector>

namespace nandtlm::test {
namespace {

constexpr Time kUs = kPsPerUs;

struct OpRow {
  const char* name;
  const char* celltype;
  bool multi;
  Scope scope;
  Family family;
  Action action;
  Family controls;
  std::vector<PayloadKey> payload;
  Time issue;
  Time core_busy;
};

std::vector<OpRow> op_rows() {
  using Key = PayloadKey;
  const std::vector<Key> address = {Key::Die, Key::Plane, Key::Block, Key::Page, Key::Celltype};
  const Time program = 300 * kUs;
  return {
      {"ERASE", "SLC", false, Scope::PlaneSet, Family::Erase, Action::Erase, Family::None, address, 85'000, 7000 * kUs},
      {"PROGRAM_SLC", "SLC", true, Scope::PlaneSet, Family::Program, Action::Program, Family::None, address, 9'824'400,
       program},
      {"READ", "SLC", false, Scope::PlaneSet, Family::None, Action::Read, Family::None, address, 120'000, 25 * kUs},
      {"SR",
       "NONE",
       false,
       Scope::None,
       Family::None,
       Action::Status,
       Family::None,
       {Key::Die, Key::ExpVal},
       278'600,
       0},
      {"PROGRAM_SUSPEND",
       "NONE",
       false,
       Scope::DieWide,
       Family::None,
       Action::Suspend,
       Family::Program,
       {Key::Die},
       185'000,
       100 * kUs},
      {"PROGRAM_RESUME",
       "NONE",
       false,
       Scope::DieWide,
       Family::None,
       Action::Resume,
       Family::Program,
       {Key::Die},
       185'000,
       150 * kUs},
      {"RESET_LUN",
       "NONE",
       false,
       Scope::DieWide,
       Family::None,
       Action::ResetDie,
       Family::None,
       {Key::Die},
       25'000,
       30 * kUs},
  };
}

}  // namespace

Device make_trace_device() {
  Device device;
  device.name = "trace";
  device.topology.dies = 2;
  device.topology.planes = 2;
  device.topology.blocks_per_die = 8;
  device.topology.pages_per_block = 16;
  device.celltypes = {"NONE", "SLC"};
  for (const OpRow& row : op_rows()) {
    OpBase base;
    base.name = row.name;
    base.scope = row.scope;
    base.family = row.family;
    base.effects.action = row.action;
    base.effects.controls = row.controls;
    base.steps = {Step{State::Issue, true, row.issue}, Step{State::CoreBusy, false, row.core_busy}};
    base.payload = row.payload;
    OpSpec op;
    op.name = std::string("Do_") + row.name;
    op.base = BaseId(device.bases.size());
    op.celltype = CellId(std::string(row.celltype) == "SLC" ? 1 : 0);
    op.multi = row.multi;
    op.steps = base.steps;
    op.nominal = row.issue + row.core_busy;
    device.bases.push_back(base);
    device.ops.push_back(op);
  }
  device.index_names();
  return device;
}

OpInfo& TraceDriver::accept(Uid uid, const char* op_name, std::uint32_t die, const TargetList& targets, Time at,
                            Time start, PhaseKey phase, Source source) {
  OpInfo op;
  op.source = source;
  op.phase_used = phase;
  op.phase_virtual = PhaseKey{phase.base, PhaseKey::kEnd};
  op.uid = uid;
  op.op = device_.find_op(op_name).value();
  op.die = die;
  op.targets = targets;
  while (slots_[op.slot]) ++op.slot;
  slots_[op.slot] = true;
  for (const Target& target : targets) op.planes = static_cast<PlaneMask>(op.planes | 1U << target.plane);
  if (device_.base_of(op.op).scope == Scope::DieWide) {
    op.planes = static_cast<PlaneMask>((1U << device_.topology.planes) - 1);
  }
  OpInfo& kept = ops_[uid] = op;
  sink_.op_accepted(kept, at, start);
  return kept;
}

void TraceDriver::start(Uid uid, Time at) {
  sink_.op_started(op(uid), at);
  sink_.state_entered(op(uid), State::Issue, at);
  sink_.bus_taken(0, op(uid), at);
}

void TraceDriver::end_issue(Uid uid, Time at) {
  sink_.bus_released(0, uid, at);
  sink_.state_entered(op(uid), State::CoreBusy, at);
}

void TraceDriver::suspend(Uid uid, Time at, Time consumed) {
  sink_.op_suspended(op(uid), at, consumed, device_.op(op(uid).op).nominal - consumed);
}

void TraceDriver::resume(Uid uid, Time at, Time remaining) {
  sink_.op_resumed(op(uid), at, remaining);
  sink_.state_entered(op(uid), State::CoreBusy, at);
}

void TraceDriver::end(Uid uid, Time at) {
  sink_.op_ended(op(uid), at);
  release_slot(uid);
}

void TraceDriver::abort(Uid uid, Time at, Time consumed) {
  sink_.op_aborted(op(uid), at, consumed, Reason::AbortedByReset);
  release_slot(uid);
}

Time TraceDriver::run(Uid uid, const char* op_name, std::uint32_t die, const TargetList& targets, Time at) {
  const OpSpec& spec = device_.op(accept(uid, op_name, die, targets, at, at).op);
  start(uid, at);
  end_issue(uid, at + spec.issue_time());
  end(uid, at + spec.nominal);
  return at + spec.nominal;
}

void TraceDriver::release_slot(Uid uid) {
  slots_[op(uid).slot] = false;
  ops_.erase(uid);
}

Time play_suspend_scenario(const Device& device, TraceSink& sink) {
  TraceDriver driver(device, sink);
  const TargetList pages = {{0, 2, 0}, {1, 3, 0}};
  driver.accept(1, "Do_PROGRAM_SLC", 0, pages, 0, 0);
  driver.start(1, 0);
  driver.accept(2, "Do_READ", 1, {{1, 3, 7}}, 5 * kUs, 9'824'400, {}, Source::Generator);
  driver.end_issue(1, 9'824'400);
  driver.start(2, 9'824'400);
  driver.end_issue(2, 9'944'400);
  driver.end(2, 34'944'400);

  // The cut: SUSPEND at 100 us. A later program goes to the backlog.
  driver.accept(3, "Do_PROGRAM_SUSPEND", 0, {}, 99 * kUs, 100 * kUs, PhaseKey{1, 1});
  driver.suspend(1, 100 * kUs, 100 * kUs);
  sink.suspend_state(0, Family::Program, true, 1, 100 * kUs);
  driver.start(3, 100 * kUs);
  driver.end_issue(3, 100'185'000);
  OpInfo& erase = driver.accept(4, "Do_ERASE", 1, {{0, 4, -1}}, 110 * kUs, 120 * kUs);
  driver.start(4, 120 * kUs);
  driver.end_issue(4, 120'085'000);
  driver.end(3, 200'185'000);
  driver.accept(5, "Do_READ", 0, {{0, 4, 1}}, 200'185'000, 200'185'000, PhaseKey{4, PhaseKey::kEnd});
  driver.start(5, 200'185'000);
  driver.end_issue(5, 200'305'000);
  sink.op_backlogged(driver.accept(6, "Do_PROGRAM_SLC", 0, {{0, 2, 1}}, 210 * kUs, kNever), 210 * kUs);
  sink.backlog_size(0, Family::Program, 1, 210 * kUs);
  sink.request_refused({erase.op, 0, {{0, 2, -1}}, 0, 215 * kUs, {Reason::PlaneScope, 5, 200'185'000, 225'305'000, ""}},
                       215 * kUs);
  driver.end(5, 225'305'000);

  // A RESUME that is cancelled, then one that succeeds.
  sink.resume_failed({Family::Program, 0, 1, {Reason::Bus, 4, 0, 0, "SUS-10"}, 376'185'000, 209'824'400}, 226 * kUs);
  driver.accept(7, "Do_PROGRAM_RESUME", 0, {}, 230 * kUs, 230 * kUs);
  driver.start(7, 230 * kUs);
  driver.end_issue(7, 230'185'000);
  OpInfo& status = driver.accept(8, "Do_SR", 0, {}, 300 * kUs, 300 * kUs, {}, Source::Client);
  status.expected_status = 0;
  driver.start(8, 300 * kUs);
  sink.bus_released(0, 8, 300'278'600);
  driver.end(8, 300'278'600);
  driver.end(7, 380'185'000);
  sink.suspend_state(0, Family::Program, false, 0, 380'185'000);
  driver.resume(1, 380'185'000, 209'824'400);
  sink.op_planned(driver.op(6), 380'185'000, 590'009'400);
  sink.backlog_size(0, Family::Program, 0, 380'185'000);

  // A reset of die 1 aborts its erase.
  driver.accept(9, "Do_RESET_LUN", 1, {}, 500 * kUs, 500 * kUs);
  driver.abort(4, 500 * kUs, 380 * kUs);
  driver.start(9, 500 * kUs);
  driver.end_issue(9, 500'025'000);
  driver.end(9, 530'025'000);

  for (const Target& page : pages) sink.page_programmed(driver.op(1), page, true, 590'009'400);
  driver.end(1, 590'009'400);
  driver.start(6, 590'009'400);
  driver.end_issue(6, 599'833'800);
  const Time finish = 700 * kUs;
  sink.finish(finish);
  return finish;
}

}  // namespace nandtlm::test
