// No bus has two occupants at once: commands are issued one after the other (MET-02).
#include <algorithm>
#include <tuple>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// The ISSUE of an op; `bus` is its channel, or its die where channels are not known.
struct Issue {
  std::int64_t bus = 0;
  Ps start = 0;
  Ps end = 0;
  const Op* op = nullptr;
};

/// ISSUE rows by what an op can be joined with.
struct IssueRow {
  std::int32_t die;
  NameId base;
  Ps start;
  Ps end;
};
bool operator<(const IssueRow& a, const IssueRow& b) {
  return std::tie(a.die, a.base, a.start) < std::tie(b.die, b.base, b.start);
}

std::vector<IssueRow> issue_rows(const Run& run) {
  std::vector<IssueRow> rows;
  for (const StateRow& row : run.files.states) {
    if (row.issue) rows.push_back({row.die, row.base, row.start, row.end});
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

/// Dies per channel; 0 where it is not known.
std::int64_t dies_per_channel(const Run& run) {
  if (!run.files.metrics) return 0;
  const auto channels = run.files.metrics->number("topology.channels");
  const auto dies = run.files.metrics->number("topology.dies");
  if (!channels || !dies || *channels <= 0 || *dies < *channels) return 0;
  return *dies / *channels;
}

std::vector<Issue> issues_of(const Run& run, std::int64_t dies_per_bus) {
  const std::vector<IssueRow> rows = issue_rows(run);
  std::vector<Issue> issues;
  for (const Op& op : run.ops) {
    if (!op.started) continue;
    const Ps start = run.start_of(op);
    const auto row = std::lower_bound(rows.begin(), rows.end(), IssueRow{op.die, op.base, start, start});
    if (row == rows.end() || row->die != op.die || row->base != op.base || row->start != start) continue;
    issues.push_back({dies_per_bus > 0 ? op.die / dies_per_bus : op.die, start, row->end, &op});
  }
  std::sort(issues.begin(), issues.end(), [](const Issue& a, const Issue& b) {
    return std::tie(a.bus, a.start, a.op->uid) < std::tie(b.bus, b.start, b.op->uid);
  });
  return issues;
}

}  // namespace

void check_bus(const Run& run, Lines& lines) {
  const std::int64_t dies_per_bus = dies_per_channel(run);
  const char* bus = dies_per_bus > 0 ? "channel" : "die";
  const std::vector<Issue> issues = issues_of(run, dies_per_bus);
  Findings findings("bus");
  for (std::size_t i = 1; i < issues.size(); ++i) {
    const Issue& before = issues[i - 1];
    const Issue& now = issues[i];
    if (now.bus != before.bus || now.start >= before.end) continue;
    findings.add("{} {}: ISSUE of {} [{}, {}) us and of {} [{}, {}) us", bus, now.bus, run.label(*before.op),
                 us_text(before.start), us_text(before.end), run.label(*now.op), us_text(now.start), us_text(now.end));
  }
  lines.push_back(findings.line(fmt::format("{} ISSUE states, per {}", issues.size(), bus)));
}

}  // namespace nandtlm::check
