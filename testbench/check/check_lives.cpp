// The events of an op follow each other as they may (SUS-13, MET-02).
#include <algorithm>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// Walks one op at a time; the first fault of an op is reported, on the line that it belongs to.
class LifeWalk {
 public:
  explicit LifeWalk(Run& run) : run_(run) {}

  void walk(Op& op);
  void report(Lines& lines) const {
    const std::string looked_at = fmt::format("{} ops, {} events", run_.ops.size(), run_.events.size());
    lines.push_back(start_once_.line(looked_at));
    lines.push_back(end_once_.line(looked_at));
    lines.push_back(order_.line(looked_at));
  }

 private:
  void step(Op& op, const Event& event);
  void fault(Op& op, const Event& event, Findings& findings, const char* what);
  bool has_double_row(const Event& event);
  Findings& line_of(EventKind kind);

  Run& run_;
  Ps suspended_at_ = 0;
  std::vector<Place> places_;
  Findings start_once_{"op_start_once"};
  Findings end_once_{"op_end_once"};
  Findings order_{"event_order"};
};

Findings& LifeWalk::line_of(EventKind kind) {
  if (kind == EventKind::Start) return start_once_;
  return kind == EventKind::End || kind == EventKind::Abort ? end_once_ : order_;
}

void LifeWalk::fault(Op& op, const Event& event, Findings& findings, const char* what) {
  if (op.legal) findings.add("{}: {} at {} us {}", run_.label(op), text(event.kind), us_text(event.at), what);
  op.legal = false;
}

bool LifeWalk::has_double_row(const Event& event) {
  if (event.rows.last - event.rows.first < 2) return false;
  places_.clear();
  for (std::uint32_t i = event.rows.first; i < event.rows.last; ++i) places_.push_back(run_.files.events[i].place);
  std::sort(places_.begin(), places_.end());
  return std::adjacent_find(places_.begin(), places_.end()) != places_.end();
}

void LifeWalk::step(Op& op, const Event& event) {
  const bool over = op.life == Life::Ended || op.life == Life::Aborted;
  switch (event.kind) {
    case EventKind::Start:
      if (op.life != Life::Unknown) fault(op, event, start_once_, "comes again");
      op.life = Life::Running;
      break;
    case EventKind::Suspend:
      if (over) fault(op, event, end_once_, "after its end");
      if (op.life == Life::Suspended) fault(op, event, order_, "while suspended");
      op.life = Life::Suspended;
      op.cut = true;
      suspended_at_ = event.at;
      break;
    case EventKind::Resume:
      if (over) fault(op, event, end_once_, "after its end");
      if (op.life != Life::Suspended) fault(op, event, order_, "while not suspended");
      if (op.life == Life::Suspended && event.at == suspended_at_)
        fault(op, event, order_, "at the time of its suspend");
      op.life = Life::Running;
      op.resumed = true;
      break;
    case EventKind::End:
    case EventKind::Abort:
      if (over) fault(op, event, end_once_, "comes after its end");
      if (op.life == Life::Suspended && event.kind == EventKind::End) fault(op, event, order_, "while suspended");
      op.life = event.kind == EventKind::End ? Life::Ended : Life::Aborted;
      break;
  }
}

void LifeWalk::walk(Op& op) {
  if (op.events.empty()) return;
  const Event& first = run_.events[op.events.first];
  const bool never_ran = first.kind == EventKind::Abort && op.events.last - op.events.first == 1;
  if (!op.started && !never_ran) {
    fault(op, first, start_once_, "without OP_START");
    op.life = Life::Running;
    if (first.kind == EventKind::Resume) op.life = Life::Suspended;
  }
  for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
    const Event& event = run_.events[i];
    if (has_double_row(event)) fault(op, event, line_of(event.kind), "twice for one target");
    step(op, event);
  }
}

}  // namespace

void check_lives(Run& run, Lines& lines) {
  LifeWalk walk(run);
  for (Op& op : run.ops) walk.walk(op);
  walk.report(lines);
}

}  // namespace nandtlm::check
