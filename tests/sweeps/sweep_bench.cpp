#include "tests/sweeps/sweep_bench.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace nandtlm::test {
namespace {

bool is_told(const EventLog::Event& event) {
  return event.what == "start" || event.what == "cut" || event.what == "resume" || event.what == "end" ||
         event.what == "programmed" || event.what.rfind("abort", 0) == 0;
}

bool same(const ArrayView& a, const ArrayView& b) {
  return a.block.condition == b.block.condition && a.block.celltype == b.block.celltype &&
         a.block.stage == b.block.stage && a.block.last_page == b.block.last_page && a.flags == b.flags;
}

bool has(const std::string& base, const char* part) {
  return base.find(part) != std::string::npos;
}

/// RES-04, RES-05: latches and cache states after the end of the op.
DieFlags changed(const Device& device, OpId op, DieFlags flags) {
  const std::string& base = device.base_of(op).name;
  const auto all = static_cast<PlaneMask>((1U << device.topology.planes) - 1U);
  const auto latch = [&flags](Latch which) -> PlaneMask& { return flags.latched[static_cast<std::size_t>(which)]; };
  const auto cache = [](Cache which) { return static_cast<CacheMask>(1U << static_cast<unsigned>(which)); };
  const auto close = [&flags](CacheMask which) { flags.cache_program &= static_cast<CacheMask>(~which); };
  if (base == "ONESHOT_PROGRAM_LSB" || base == "ONESHOT_COPYBACK_PROGRAM_LSB") latch(Latch::Lsb) = all;
  if (base == "ONESHOT_PROGRAM_CSB" || base == "ONESHOT_COPYBACK_PROGRAM_CSB") latch(Latch::Csb) = all;
  if (base == "ONESHOT_PROGRAM_MSB" || base == "ONESHOT_COPYBACK_PROGRAM_MSB") latch(Latch::Msb) = all;
  const bool executes = has(base, "MSB_23H") || has(base, "EXEC_MSB");
  if (executes || base == "ONESHOT_CACHE_PROGRAM") latch(Latch::Lsb) = latch(Latch::Csb) = latch(Latch::Msb) = 0;
  if (executes) close(cache(Cache::OneshotProgram));
  if (base == "ONESHOT_CACHE_PROGRAM") flags.cache_program |= cache(Cache::OneshotProgram);
  if (base == "CACHE_PROGRAM_SLC") flags.cache_program |= cache(Cache::Program);
  if (base == "PROGRAM_SLC" || base == "ALLWL_PROGRAM") close(cache(Cache::Program));
  return flags;
}

/// SUS-13: the block after the end of the op.
BlockState changed(const Device& device, OpId op, BlockState state, std::int32_t page) {
  const std::string& base = device.base_of(op).name;
  state.stage = Oneshot::No;
  if (base == "ERASE") {
    state.condition = BlockState::Condition::Erased;
    state.celltype = device.op(op).celltype;
    state.last_page = -1;
  } else if (base == "ALLWL_PROGRAM") {
    state.last_page = static_cast<std::int32_t>(device.topology.pages_per_block) - 1;
  } else if (base == "ONESHOT_PROGRAM_LSB" || base == "ONESHOT_COPYBACK_PROGRAM_LSB") {
    state.stage = Oneshot::Lsb;
  } else if (base == "ONESHOT_PROGRAM_CSB" || base == "ONESHOT_COPYBACK_PROGRAM_CSB") {
    state.stage = Oneshot::Csb;
  } else if (base == "ONESHOT_PROGRAM_MSB" || base == "ONESHOT_COPYBACK_PROGRAM_MSB") {
    state.stage = Oneshot::Msb;
  } else {
    state.last_page = page;
  }
  return state;
}

}  // namespace

SweepBench::SweepBench(const std::shared_ptr<const Device>& device)
    : device_(device), bench_(device), has_page_(device->topology.dies, false) {}

ArrayView SweepBench::view(const SuspendCase& one, Time flags_at) {
  const TargetList targets = targets_of(*device_, one, played_ * 3, 0);
  const ResourceManager& die = bench_.package.die(one.die).resources();  // as it is: a planner would move on to now
  ArrayView view;
  view.block = die.address().block(static_cast<std::uint32_t>(targets[targets.size() - 1].block));
  view.flags = die.flags_at(flags_at);
  view.flags.latched[static_cast<std::size_t>(Latch::Read)] = 0;
  return view;
}

void SweepBench::play_setup(const std::vector<Act>& acts) {
  for (const Act& act : acts) {
    bench_.run_to(act.at);
    bench_.submit(act.batch);
    ASSERT_TRUE(bench_.decision().accepted) << "setup: " << name(bench_.decision().refusal.reason);
  }
}

void SweepBench::play(const SuspendCase& one) {
  const Time from = bench_.now() + kPsPerUs;
  if (!has_page_[one.die]) {
    play_setup(read_page_steps(*device_, one.die, from));
    has_page_[one.die] = true;
    bench_.run_to(from + kSetupTime);
  }
  const Time begin = bench_.now() + 1;
  play_setup(setup_steps(*device_, one, played_, begin));
  const Time start = begin + kSetupTime;
  const Script script = script_of(*device_, one, played_, start);
  std::string wrong = play_script(one, script);
  if (one.within_erase) wrong += resume_outer(one);
  if (!wrong.empty() && differences_++ < 5) ADD_FAILURE() << one.text(*device_) << " from " << start << "\n" << wrong;
  ++played_;
  forget();
}

void SweepBench::forget() {
  if (played_ % 256 == 0) bench_.expect_self_check_passes();
  bench_.log.events.clear();
  bench_.log.refused.clear();
  bench_.log.resume_errors.clear();
  bench_.decisions.clear();
  bench_.results.clear();
}

std::string SweepBench::play_script(const SuspendCase& one, const Script& script) {
  bench_.run_to(script.steps.front().at);
  const ArrayView before = view(one, bench_.now());
  std::vector<std::vector<Uid>> uids(script.steps.size());
  std::string wrong;
  bool array_seen = false;
  for (std::size_t i = 0; i < script.steps.size(); ++i) {
    const Act& act = script.steps[i];
    if (!array_seen && act.at > script.end) {
      wrong += look_at_array(one, script, before);
      array_seen = true;
    }
    bench_.run_to(act.at);
    if (!array_seen && !same(view(one, std::min(bench_.now(), script.end - 1)), before))
      wrong += "the array, a latch or a cache state changes before the end\n";
    wrong += play_act(act, uids[i]);
  }
  if (!array_seen) wrong += look_at_array(one, script, before);
  bench_.run_through(script.over);
  return wrong + compare(script, uids);
}

Uid SweepBench::outer_erase(const SuspendCase& one) const {
  const SuspendStack& stack = bench_.package.die(one.die).resources().stack(Family::Erase);
  return stack.depth() == 1 ? stack.entries().front().op->info.uid : 0;
}

/// SUS-08: behind the case, the erase around it has all the time that it had left.
std::string SweepBench::resume_outer(const SuspendCase& one) {
  const Uid erase = outer_erase(one);
  if (erase == 0) return "the erase around it is not suspended any more\n";
  const Reason left = left_behind(*device_, one);
  const Time resume_at = bench_.now();
  bench_.submit(bench_.request("Erase_Resume", -1, -1, one.die));
  const BatchDecision& decision = bench_.decision();
  if (decision.refusal.reason != left) {
    return std::string("ERASE_RESUME is answered ") + name(decision.refusal.reason) + " and not " + name(left) + "\n";
  }
  if (left != Reason::None) return {};
  const Time nominal = device_->op(device_->find_op("Block_Erase_SLC").value()).nominal;
  const Time end = resume_at + device_->op(device_->find_op("Erase_Resume").value()).nominal + nominal - kOuterProgress;
  bench_.run_through(end);
  const bool on_time = bench_.finished(erase) && bench_.result(erase).ended_at == end;
  return on_time ? std::string() : "the erase around it does not end at " + std::to_string(end) + "\n";
}

std::string SweepBench::play_act(const Act& act, std::vector<Uid>& uids) {
  bench_.submit(act.batch);
  const BatchDecision& decision = bench_.decision();
  uids = decision.uids;
  std::ostringstream wrong;
  if (decision.accepted != (act.refusal == Reason::None) || decision.refusal.reason != act.refusal) {
    wrong << act.at << ": answered " << name(decision.refusal.reason) << " and not " << name(act.refusal) << '\n';
  } else if (decision.accepted && decision.starts != act.starts) {
    wrong << act.at << ": planned to start at";
    for (const Time start : decision.starts) wrong << ' ' << start;
    wrong << " and not at";
    for (const Time start : act.starts) wrong << ' ' << start;
    wrong << '\n';
  }
  if (!decision.accepted) uids.clear();
  return wrong.str();
}

std::string SweepBench::look_at_array(const SuspendCase& one, const Script& script, const ArrayView& before) {
  std::string wrong;
  if (bench_.now() < script.end) {
    bench_.run_to(script.end);
    if (!same(view(one, std::min(bench_.now(), script.end - 1)), before))
      wrong += "the array, a latch or a cache state changes before the end\n";
  }
  bench_.run_through(script.end);
  ArrayView after;
  after.block = changed(*device_, one.op, before.block, 0);
  after.flags = changed(*device_, one.op, before.flags);
  if (!same(view(one, script.end), after)) wrong += "the array, a latch or a cache state is not as after the op\n";
  return wrong;
}

std::string SweepBench::compare(const Script& script, const std::vector<std::vector<Uid>>& uids) const {
  std::string wrong;
  std::size_t told = 0;
  for (const OpStory& story : script.stories) {
    told += story.events.size();
    if (story.index >= uids[story.step].size()) {
      wrong += "an op was not accepted\n";
      continue;
    }
    wrong += compare_story(story, uids[story.step][story.index]);
  }
  for (const EventLog::Event& event : bench_.log.events) {
    if (event.at >= script.steps.front().at && is_told(event)) --told;
  }
  if (wrong.empty() && told != 0) wrong = "something else happened\n";
  if (!wrong.empty()) wrong += bench_.log.text();
  return wrong;
}

std::string SweepBench::compare_story(const OpStory& story, Uid uid) const {
  std::size_t i = 0;
  std::ostringstream wrong;
  for (const EventLog::Event& event : bench_.log.events) {
    if (event.uid != uid || !is_told(event)) continue;
    if (i < story.events.size()) {
      const Event& expected = story.events[i];
      // A page is told as programmed before the end of its op, at the same instant.
      const bool twins = expected.at == event.at && (event.what == "programmed" || event.what == "end") &&
                         (std::strcmp(expected.what, "end") == 0 || std::strcmp(expected.what, "programmed") == 0);
      const bool same_event = event.what == expected.what && event.value == expected.value;
      if (expected.at != event.at || (!twins && !same_event)) {
        wrong << "uid " << uid << ": " << event.what << ' ' << event.at << ' ' << event.value << " and not "
              << expected.what << ' ' << expected.at << ' ' << expected.value << '\n';
      }
    }
    ++i;
  }
  if (i != story.events.size()) wrong << "uid " << uid << ": " << i << " events, not " << story.events.size() << '\n';
  const auto result = bench_.results.find(uid);
  const bool answered = result != bench_.results.end() && result->second.outcome == story.outcome;
  if (!answered) wrong << "uid " << uid << ": its answer is not " << name(story.outcome) << '\n';
  return wrong.str();
}

void SweepBench::expect_clean() {
  bench_.submit(bench_.request("Synchronous_Reset"));  // of the erases that could not be resumed
  EXPECT_TRUE(bench_.drain());
  bench_.expect_all_ended_once();
}

}  // namespace nandtlm::test
