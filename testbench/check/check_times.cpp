// The pieces that an op ran: they are what its events say, and they add up to its nominal time (SUS-03, MET-02).
#include <map>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

bool open_at_end(const Op& op) {
  return op.life == Life::Running;
}

/// An uninterrupted run shows the nominal time of its name. The short forms of SUSPEND and RESUME (nothing to suspend
/// or resume) show nothing.
bool shows_nominal(const Run& run, const Op& op) {
  if (!op.legal || op.life != Life::Ended || op.pieces.empty() || op.name == kNoName) return false;
  return !run.traits_of(op).is_control() || op.effective;
}

using Votes = std::map<std::pair<NameId, Ps>, std::uint32_t>;

/// Takes the time that most runs show; at a tie the shortest.
void elect(Run& run, const Votes& votes, bool uncut) {
  std::vector<std::uint32_t> best(run.nominal.size(), 0);
  for (const auto& [candidate, count] : votes) {
    Nominal& nominal = run.nominal[candidate.first];
    if (nominal.known && nominal.from_uncut != uncut) continue;
    if (count <= best[candidate.first]) continue;
    best[candidate.first] = count;
    nominal.time = candidate.second;
    nominal.known = true;
    nominal.from_uncut = uncut;
  }
}

/// Uninterrupted runs decide; where a name has none, interrupted ones are compared among themselves.
void find_nominal_times(Run& run) {
  Votes uncut;
  Votes cut;
  for (const Op& op : run.ops) {
    if (!shows_nominal(run, op)) continue;
    ++run.nominal[op.name].runs;
    ++(op.cut ? cut : uncut)[{op.name, run.executed(op)}];
  }
  elect(run, uncut, true);
  elect(run, cut, false);
}

RunCheckLine nominal_line(const Run& run) {
  Findings findings("nominal_time");
  std::size_t compared = 0;
  std::size_t alone = 0;
  for (const Op& op : run.ops) {
    if (op.name == kNoName || !run.nominal[op.name].known || !op.legal) continue;
    const Nominal& nominal = run.nominal[op.name];
    const Ps ran = run.executed(op);
    if (shows_nominal(run, op)) {
      ++(nominal.runs == 1 ? alone : compared);
      if (ran != nominal.time) {
        findings.add("{} ran {} us, others {} us (ended {} us)", run.label(op), us_text(ran), us_text(nominal.time),
                     us_text(run.last_event(op).at));
      }
    } else if (op.life == Life::Suspended && ran >= nominal.time) {
      findings.add("{} is suspended at {} us with nothing left: ran {} us of {} us", run.label(op),
                   us_text(run.last_event(op).at), us_text(ran), us_text(nominal.time));
    } else if (op.life == Life::Aborted && ran > nominal.time) {
      findings.add("{} ran {} us of {} us before its abort at {} us", run.label(op), us_text(ran),
                   us_text(nominal.time), us_text(run.last_event(op).at));
    }
  }
  return findings.line(fmt::format("{} completed ops agree; {} are the only run of their name", compared, alone));
}

/// Time that an op which still runs has run up to the end of the file.
Ps ran_until_end(const Run& run, const Op& op) {
  Ps before = 0;
  for (std::uint32_t i = op.events.first; i + 1 < op.events.last; ++i) {
    const Event& event = run.events[i];
    const bool opens = event.kind == EventKind::Start || event.kind == EventKind::Resume;
    if (opens) before += run.events[i + 1].at - event.at;
  }
  return before + run.end - run.last_event(op).at;
}

/// An op without an end must be able to be still running.
RunCheckLine outcome_line(Run& run) {
  Findings findings("op_outcome");
  std::map<Life, std::size_t> count;
  for (Op& op : run.ops) {
    ++count[op.life];
    if (!open_at_end(op) || !op.legal) continue;
    const Nominal nominal = op.name == kNoName ? Nominal{} : run.nominal[op.name];
    const bool stopped = !op.pieces.empty() && run.pieces[op.pieces.last - 1].start >= run.last_event(op).at &&
                         run.pieces[op.pieces.last - 1].end < run.end;
    const bool complete = nominal.known && !op.pieces.empty() && run.executed(op) == nominal.time;
    const bool overdue = nominal.known && ran_until_end(run, op) > nominal.time;
    if (!stopped && !complete && !overdue) continue;
    op.legal = false;
    findings.add("{} ran from {} us and has neither an end nor an abort", run.label(op),
                 us_text(run.last_event(op).at));
  }
  return findings.line(fmt::format("{} ended, {} aborted, {} suspended, {} running at {} us", count[Life::Ended],
                                   count[Life::Aborted], count[Life::Suspended], count[Life::Running],
                                   us_text(run.end)));
}

/// Compares one op's pieces with the intervals between its events.
class PieceMatch {
 public:
  PieceMatch(const Run& run, const Op& op, Findings& findings) : run_(run), op_(op), findings_(findings) {}

  void match() {
    std::uint32_t piece = op_.pieces.first;
    for (std::uint32_t i = op_.events.first; i < op_.events.last; ++i) {
      const Event& event = run_.events[i];
      if (event.kind != EventKind::Start && event.kind != EventKind::Resume) continue;
      const bool open = i + 1 == op_.events.last;
      if (!match_one(event.at, open ? run_.end : run_.events[i + 1].at, open, piece)) return;
    }
    if (piece < op_.pieces.last) {
      findings_.add("{}: piece [{}, {}) us has no events", run_.label(op_), us_text(run_.pieces[piece].start),
                    us_text(run_.pieces[piece].end));
    }
  }

 private:
  bool match_one(Ps start, Ps end, bool open, std::uint32_t& piece) {
    if (piece < op_.pieces.last && run_.pieces[piece].start == start) {
      const PieceRow& shortest = run_.files.pieces[run_.pieces[piece].rows.first];
      const bool same = run_.pieces[piece].end == end && shortest.end == end;
      if (!same) {
        findings_.add("{}: piece [{}, {}) us, its events say [{}, {}) us", run_.label(op_), us_text(start),
                      us_text(shortest.end == end ? run_.pieces[piece].end : shortest.end), us_text(start),
                      us_text(end));
      }
      ++piece;
      return same;
    }
    // A piece without length, and one that had not ended when the files did, need no row.
    if (open || start == end) return true;
    findings_.add("{}: no piece [{}, {}) us", run_.label(op_), us_text(start), us_text(end));
    return false;
  }

  const Run& run_;
  const Op& op_;
  Findings& findings_;
};

RunCheckLine pieces_line(const Run& run) {
  Findings findings("pieces");
  for (const Op& op : run.ops) {
    if (op.events.empty() && !op.pieces.empty()) {
      findings.add("{}: pieces from {} us but no events", run.label(op), us_text(run.pieces[op.pieces.first].start));
    } else if (op.legal) {
      PieceMatch(run, op, findings).match();
    }
  }
  return findings.line(fmt::format("{} pieces", run.pieces.size()));
}

}  // namespace

void check_times(Run& run, Lines& lines) {
  find_nominal_times(run);
  lines.push_back(outcome_line(run));
  lines.push_back(pieces_line(run));
  lines.push_back(nominal_line(run));
}

}  // namespace nandtlm::check
