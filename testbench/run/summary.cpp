#include "testbench/run/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "config/scalars.h"

namespace nandtlm {
namespace {

class Lines {
 public:
  template <typename... Args>
  void add(std::string_view label, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), "{:<12}", label);
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::int64_t total(const Metrics::ByReason& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

/// "3 (bus 1, latch 2)"
std::string by_reason(const Metrics::ByReason& counts) {
  std::string reasons;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", name(static_cast<Reason>(i)), counts[i]);
  }
  return reasons.empty() ? "0" : fmt::format("{} ({})", total(counts), reasons);
}

void add_operations(Lines& lines, const Metrics::Counters& counters, double seconds) {
  lines.add("operations", "{} accepted, {} completed, {} aborted", counters.ops_accepted, counters.ops_completed,
            counters.ops_aborted);
  lines.add("refused", "{}", by_reason(counters.ops_refused));
  lines.add("speed", "{:.0f} ops/s, {:.2f} s",
            seconds > 0 ? static_cast<double>(counters.ops_completed) / seconds : 0.0, seconds);
}

void add_suspension(Lines& lines, const Metrics& metrics, std::int64_t suspended) {
  const Metrics::Counters& counters = metrics.counters();
  lines.add("suspends", "{}, refused or with nothing to suspend {}", counters.suspends,
            by_reason(counters.suspend_refused));
  lines.add("resumes", "{}, cancelled {}", counters.resumes, by_reason(counters.resume_cancelled));
  lines.add("backlog", "peak {}, {} refills, {} retries, {} dropped", metrics.backlog().peak, counters.backlog_flush,
            counters.backlog_retry_events, counters.backlog_drop);
  if (suspended == 0 && metrics.backlog().now == 0) return;
  lines.add("left over", "{} suspended, {} in the backlog", suspended, metrics.backlog().now);
}

void add_verdicts(Lines& lines, const RunOutcome& outcome) {
  const char* label = "self-check";
  for (const CheckLine& line : outcome.self_check) {
    lines.add(label, "{} {:<21} {}", line.pass ? "PASS" : "FAIL", line.name, line.detail);
    label = "";
  }
  for (const std::string& warning : outcome.warnings) lines.add("warning", "{}", warning);
  if (outcome.end == RunEnd::Stopped || outcome.end == RunEnd::Paused) return;
  if (outcome.failures.empty()) lines.add("expected", "all as expected");
  for (const std::string& failure : outcome.failures) lines.add("FAILED", "{}", failure);
  if (outcome.end == RunEnd::Stalled) lines.add("FAILED", "the workload still waited when nothing more could happen");
}

}  // namespace

std::string summary_of(const PreparedRun& run, const Metrics& metrics, const RunOutcome& outcome) {
  Lines lines;
  lines.add("workload", "{} on device {}, seed {}", run.settings.workload_path, run.device->name, run.settings.seed);
  lines.add("simulated", "{} us, {}", us_text(outcome.simulated), name_of_end(outcome));
  add_operations(lines, metrics.counters(), outcome.seconds);
  add_suspension(lines, metrics, outcome.suspended);
  for (const auto& [label, text] : outcome.report) lines.add(label, "{}", text);
  add_verdicts(lines, outcome);
  lines.add("outputs", "{}", run.settings.out_dir);
  if (!outcome.snapshot.empty()) lines.add("snapshot", "{}, to go on from with --restore", outcome.snapshot);
  lines.add("result", "{}", outcome.ok() ? "PASS" : "FAIL");
  return lines.take();
}

}  // namespace nandtlm
