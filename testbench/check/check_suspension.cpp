// The suspend stacks, replayed from the events (sections 4 and 5 of the rules, MET-02).
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// What happens at one instant, in this order: an op that ends makes room for one that starts.
enum class Step : std::uint8_t { Resume, Suspend, Close, Start };

struct Happening {
  Ps at;
  Step step;
  const Op* op;
};

/// The stack of one family on one die, and those that were suspended and have not finished since.
struct Stack {
  std::vector<const Op*> suspended;
  std::set<const Op*> unfinished;
};

/// The newest is looked for first: there it should be.
void take_off(std::vector<const Op*>& stack, const Op* op) {
  const auto found = std::find(stack.rbegin(), stack.rend(), op);
  if (found != stack.rend()) stack.erase(std::prev(found.base()));
}

class Replay {
 public:
  explicit Replay(const Run& run) : run_(run) {}

  void play(std::vector<Happening>& die) {
    std::stable_sort(die.begin(), die.end(), [](const Happening& a, const Happening& b) {
      return std::tie(a.at, a.step) < std::tie(b.at, b.step);
    });
    stacks_ = {};
    for (const Happening& happening : die) play_one(happening);
  }

  void report(Lines& lines) const {
    const std::string looked_at = fmt::format("{} suspends, {} resumes, {} starts", suspends_, resumes_, starts_);
    lines.push_back(order_.line(looked_at));
    lines.push_back(nesting_.line(looked_at));
    lines.push_back(start_.line(looked_at));
    lines.push_back(finish_.line(looked_at));
  }

 private:
  void play_one(const Happening& happening);
  void suspend(const Happening& happening, Stack& stack);
  void resume(const Happening& happening, Stack& stack);
  void start(const Happening& happening, const Stack& stack);
  Stack& stack_of(Kin kin) { return stacks_[static_cast<std::size_t>(kin)]; }
  /// SUS-08: nothing happens to an erase's suspension while a program is suspended on the die.
  void expect_no_program(const Happening& happening, const char* what);

  const Run& run_;
  std::array<Stack, kKins> stacks_;
  std::size_t suspends_ = 0;
  std::size_t resumes_ = 0;
  std::size_t starts_ = 0;
  Findings order_{"stack_order"};
  Findings nesting_{"nesting"};
  Findings start_{"start_while_suspended"};
  Findings finish_{"finish_order"};
};

void Replay::expect_no_program(const Happening& happening, const char* what) {
  const auto& programs = stack_of(Kin::Program).suspended;
  if (run_.family(*happening.op) != Kin::Erase || programs.empty()) return;
  nesting_.add("{} {} at {} us on die {} while {} is suspended", run_.label(*happening.op), what, us_text(happening.at),
               happening.op->die, run_.label(*programs.back()));
}

void Replay::suspend(const Happening& happening, Stack& stack) {
  ++suspends_;
  expect_no_program(happening, "suspended");
  stack.suspended.push_back(happening.op);
  stack.unfinished.insert(happening.op);
}

void Replay::resume(const Happening& happening, Stack& stack) {
  ++resumes_;
  expect_no_program(happening, "resumed");
  if (!stack.suspended.empty() && stack.suspended.back() != happening.op) {
    order_.add("{} resumed at {} us on die {} before {}, which was suspended later", run_.label(*happening.op),
               us_text(happening.at), happening.op->die, run_.label(*stack.suspended.back()));
  }
  take_off(stack.suspended, happening.op);
}

/// An op whose ISSUE takes no time may be cut at its own start.
void Replay::start(const Happening& happening, const Stack& stack) {
  ++starts_;
  const auto is_other = [&](const Op* op) { return op != happening.op; };
  const auto suspended = std::find_if(stack.suspended.begin(), stack.suspended.end(), is_other);
  const auto unfinished = std::find_if(stack.unfinished.begin(), stack.unfinished.end(), is_other);
  if (suspended != stack.suspended.end()) {
    start_.add("{} started at {} us on die {} while {} is suspended", run_.label(*happening.op), us_text(happening.at),
               happening.op->die, run_.label(**suspended));
  } else if (unfinished != stack.unfinished.end()) {
    finish_.add("{} started at {} us on die {} before {} had finished", run_.label(*happening.op),
                us_text(happening.at), happening.op->die, run_.label(**unfinished));
  }
}

void Replay::play_one(const Happening& happening) {
  Stack& stack = stack_of(run_.family(*happening.op));
  switch (happening.step) {
    case Step::Resume:
      return resume(happening, stack);
    case Step::Suspend:
      return suspend(happening, stack);
    case Step::Start:
      return start(happening, stack);
    case Step::Close:
      take_off(stack.suspended, happening.op);
      stack.unfinished.erase(happening.op);
  }
}

Step step_of(EventKind kind) {
  switch (kind) {
    case EventKind::Start:
      return Step::Start;
    case EventKind::Resume:
      return Step::Resume;
    case EventKind::Suspend:
      return Step::Suspend;
    default:
      return Step::Close;
  }
}

void replay_stacks(const Run& run, Lines& lines) {
  std::map<std::int32_t, std::vector<Happening>> dies;
  for (const Op& op : run.ops) {
    if (run.family(op) == Kin::None || !op.legal) continue;
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      dies[op.die].push_back({run.events[i].at, step_of(run.events[i].kind), &op});
    }
  }
  Replay replay(run);
  for (auto& [die, happenings] : dies) replay.play(happenings);
  replay.report(lines);
}

/// MET-02 for one family on one die.
struct Balance {
  std::int64_t suspends = 0;
  std::int64_t resumes = 0;
  std::int64_t aborts = 0;  ///< while suspended
  std::int64_t depth = 0;   ///< ops that the last event leaves suspended
};

Balance& operator+=(Balance& sum, const Balance& add) {
  sum.suspends += add.suspends;
  sum.resumes += add.resumes;
  sum.aborts += add.aborts;
  sum.depth += add.depth;
  return sum;
}

Balance balance_of(const Run& run, const Op& op) {
  Balance balance;
  bool suspended = false;
  for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
    const EventKind kind = run.events[i].kind;
    if (kind == EventKind::Suspend) ++balance.suspends;
    if (kind == EventKind::Resume) ++balance.resumes;
    if (kind == EventKind::Abort && suspended) ++balance.aborts;
    suspended = kind == EventKind::Suspend;
  }
  balance.depth = op.life == Life::Suspended ? 1 : 0;
  return balance;
}

RunCheckLine balance_line(const Run& run) {
  std::map<std::pair<std::int32_t, Kin>, Balance> balances;
  for (const Op& op : run.ops) {
    if (run.family(op) != Kin::None) balances[{op.die, run.family(op)}] += balance_of(run, op);
  }
  Findings findings("stack_balance");
  Balance total;
  for (const auto& [key, balance] : balances) {
    total += balance;
    if (balance.suspends - balance.resumes - balance.aborts == balance.depth) continue;
    findings.add("{} of die {}: {} suspends - {} resumes - {} aborted while suspended, but {} left suspended",
                 text(key.second), key.first, balance.suspends, balance.resumes, balance.aborts, balance.depth);
  }
  return findings.line(fmt::format("{} suspends - {} resumes - {} aborted while suspended = {} left suspended",
                                   total.suspends, total.resumes, total.aborts, total.depth));
}

}  // namespace

void check_suspension(const Run& run, Lines& lines) {
  lines.push_back(balance_line(run));
  replay_stacks(run, lines);
}

}  // namespace nandtlm::check
