// A reset leaves nothing behind on its dies: what had started before has ended or was aborted when it starts (RES-06).
#include <algorithm>
#include <map>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// When resets start, rising, by die.
class Resets {
 public:
  explicit Resets(const Run& run) {
    for (const Op& op : run.ops) {
      if (!op.started || op.base == kNoName) continue;
      const std::string& base = run.files.names.text(op.base);
      if (base == "RESET") add(kAllDies, run.start_of(op));
      if (base == "RESET_LUN") add(op.die, run.start_of(op));
    }
    for (auto& [die, times] : times_) std::sort(times.begin(), times.end());
  }

  std::size_t count() const { return count_; }
  /// The first that reaches the op after its start; false: none does.
  bool first_over(const Run& run, const Op& op, Ps& at) const {
    bool found = false;
    for (const std::int32_t die : {kAllDies, op.die}) {
      const auto times = times_.find(die);
      if (times == times_.end()) continue;
      const auto next = std::upper_bound(times->second.begin(), times->second.end(), run.start_of(op));
      if (next == times->second.end() || (found && *next >= at)) continue;
      at = *next;
      found = true;
    }
    return found;
  }

 private:
  static constexpr std::int32_t kAllDies = -1;

  void add(std::int32_t die, Ps at) {
    times_[die].push_back(at);
    ++count_;
  }

  std::map<std::int32_t, std::vector<Ps>> times_;
  std::size_t count_ = 0;
};

/// Files of other tools may not tell of aborts at all.
bool tells_aborts(const Run& run) {
  return run.files.metrics.has_value() ||
         std::any_of(run.events.begin(), run.events.end(), [](const Event& e) { return e.kind == EventKind::Abort; });
}

}  // namespace

void check_resets(const Run& run, Lines& lines) {
  Findings findings("resets");
  const Resets resets(run);
  const bool judged = tells_aborts(run);
  for (const Op& op : run.ops) {
    Ps at = 0;
    if (!op.started || !op.legal || !judged || !resets.first_over(run, op, at)) continue;
    const bool over = (op.life == Life::Ended || op.life == Life::Aborted) && run.last_event(op).at <= at;
    if (!over) {
      findings.add("{} started at {} us and outlived the reset of {} us", run.label(op), us_text(run.start_of(op)),
                   us_text(at));
    }
  }
  lines.push_back(findings.line(fmt::format("{} resets", resets.count())));
}

}  // namespace nandtlm::check
