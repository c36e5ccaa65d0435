// Every failed RESUME that is told of names an op that was suspended then, with exactly what it had left (SUS-10,
// MET-01).
#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// Suspended at `at`; `ran` is set to what it had run by then. A reset that ends the suspension at `at` starts behind
/// what is proposed at that instant (EVT-01).
bool suspended_at(const Run& run, const Op& op, Ps at, Ps& ran) {
  ran = 0;
  for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
    const Event& event = run.events[i];
    const bool last = i + 1 == op.events.last;
    const Ps until = last ? run.end : run.events[i + 1].at;
    if (event.kind == EventKind::Suspend) {
      const bool aborted_then = !last && run.events[i + 1].kind == EventKind::Abort && at == until;
      if (event.at <= at && (at < until || last || aborted_then)) return true;
    } else {
      ran += until - event.at;
    }
  }
  return false;
}

/// Suspended at `at`, with what the row says is left.
bool fits(const Run& run, const Op& op, const ErrorRow& row, Ps at) {
  Ps ran = 0;
  if (!suspended_at(run, op, at, ran)) return false;
  const Nominal& nominal = run.nominal[op.name];
  return !nominal.known || row.remaining == nominal.time - ran;
}

/// Its SUSPEND was only planned when the RESUME failed: it stands still at the wanted start, or was over before that.
bool fits_later(const Run& run, const Op& op, const ErrorRow& row) {
  if (row.wanted_start <= row.time) return false;
  if (fits(run, op, row, row.wanted_start)) return true;
  Ps ran = 0;
  if (op.events.last == op.events.first || suspended_at(run, op, row.time, ran)) return false;
  const Event& last = run.events[op.events.last - 1];
  const bool aborted = last.kind == EventKind::Abort && last.at > row.time && last.at <= row.wanted_start;
  return aborted || run.end < row.wanted_start;
}

void expect_right(const Run& run, const ErrorRow& row, Findings& findings) {
  const Op* op = run.find(row.uid);
  Ps ran = 0;
  const bool later = op != nullptr && fits_later(run, *op, row);
  if (op == nullptr || (!later && !suspended_at(run, *op, row.time, ran))) {
    findings.add("line {}: op {} was not suspended at {} us", row.line, row.uid, us_text(row.time));
    return;
  }
  if (op->die != row.die || run.family(*op) != row.kin) {
    findings.add("line {}: {} is no {} op of die {} (at {} us)", row.line, run.label(*op), text(row.kin), row.die,
                 us_text(row.time));
    return;
  }
  if (row.wanted_start < row.time) {
    findings.add("line {}: {} was to go on at {} us, before the error at {} us", row.line, run.label(*op),
                 us_text(row.wanted_start), us_text(row.time));
  }
  const Nominal& nominal = run.nominal[op->name];
  if (!later && nominal.known && row.remaining != nominal.time - ran) {
    findings.add("line {}: {} had {} us left at {} us, not {} us", row.line, run.label(*op),
                 us_text(nominal.time - ran), us_text(row.time), us_text(row.remaining));
  }
}

}  // namespace

void check_resume_errors(const Run& run, Lines& lines) {
  Findings findings("resume_errors");
  for (const ErrorRow& row : run.files.resume_errors) {
    const Op* op = run.find(row.uid);
    const bool judged_before = op != nullptr && !op->legal;
    if (row.uid != 0 && !judged_before) expect_right(run, row, findings);
  }
  lines.push_back(findings.line(fmt::format("{} rows", run.files.resume_errors.size())));
}

}  // namespace nandtlm::check
