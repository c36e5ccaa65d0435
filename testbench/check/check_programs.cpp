// A page is programmed at the end of its op, once per target, and only there (SUS-13).
#include <algorithm>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// Bases whose ops leave pages programmed: those that the log shows, and every single-step program. One-shot programs
/// only load data until the last of their sequence (EPR-04), so a base of theirs that never shows is none.
std::vector<bool> committing_bases(const Run& run) {
  std::vector<bool> commits(run.files.names.size(), false);
  for (NameId base = 0; base < run.files.names.size(); ++base) {
    const std::string& name = run.files.names.text(base);
    commits[base] = run.traits[base].family == Kin::Program && name.find("ONESHOT") == std::string::npos &&
                    name.find("ALLWL") == std::string::npos;
  }
  for (const ProgramRow& row : run.files.programs) commits[row.base] = true;
  return commits;
}

/// The blocks and pages of some rows. An op that names no target has one row without a block: it changes no page.
template <typename Rows>
std::vector<Place> places_of(const Rows& rows, Range range) {
  std::vector<Place> places;
  for (std::uint32_t i = range.first; i < range.last; ++i) {
    if (rows[i].place.block >= 0) places.push_back(rows[i].place);
  }
  std::sort(places.begin(), places.end());
  return places;
}

bool has_end(const Run& run, const Op& op) {
  for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
    if (run.events[i].kind == EventKind::End) return true;
  }
  return false;
}

/// The rows of an op that ended: one per target, at its end.
void expect_programmed(const Run& run, const Op& op, Findings& findings) {
  const Event& end = run.last_event(op);
  if (places_of(run.files.programs, op.programs) != places_of(run.files.events, end.rows)) {
    findings.add("{} ended at {} us with {} targets and has {} pages in the log, or others", run.label(op),
                 us_text(end.at), end.rows.last - end.rows.first, op.programs.last - op.programs.first);
  }
  for (std::uint32_t i = op.programs.first; i < op.programs.last; ++i) {
    const Ps at = run.files.programs[i].at;
    if (at == end.at) continue;
    findings.add("{} ended at {} us but its page is in the log at {} us", run.label(op), us_text(end.at), us_text(at));
    return;
  }
}

}  // namespace

void check_programs(const Run& run, Lines& lines) {
  Findings findings("page_programmed");
  const std::vector<bool> commits = committing_bases(run);
  for (const Op& op : run.ops) {
    if (!has_end(run, op)) {
      if (op.programs.empty()) continue;
      findings.add("{} has its page in the log at {} us but no OP_END", run.label(op),
                   us_text(run.files.programs[op.programs.first].at));
    } else if (op.legal && op.base != kNoName && commits[op.base]) {
      expect_programmed(run, op, findings);
    }
  }
  lines.push_back(findings.line(fmt::format("{} pages", run.files.programs.size())));
}

}  // namespace nandtlm::check
