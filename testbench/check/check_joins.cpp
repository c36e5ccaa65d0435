// The files agree with each other: one op has one start, name, base and list of targets in all of them (OUT-00,
// SUS-12).
#include <algorithm>
#include <vector>

#include "testbench/check/checks.h"
#include "testbench/check/payload.h"

namespace nandtlm::check {
namespace {

RunCheckLine sequence_line(const Run& run) {
  Findings findings("sequence");
  for (const Op& op : run.ops) {
    const std::uint32_t rows = op.sequence.last - op.sequence.first;
    if (op.events.empty() && rows == 0) continue;
    const bool ran = !op.events.empty() && run.events[op.events.first].kind != EventKind::Abort;
    if (!ran) {
      if (rows > 0) findings.add("{} is in the sequence but never started", run.label(op));
      continue;
    }
    if (rows != 1) {
      findings.add("{} started at {} us has {} rows in the sequence", run.label(op), us_text(run.start_of(op)), rows);
      continue;
    }
    const Ps time = run.files.sequence[op.sequence.first].time;
    if (op.started && time != run.start_of(op)) {
      findings.add("{} started at {} us, in the sequence at {} us", run.label(op), us_text(run.start_of(op)),
                   us_text(time));
    }
  }
  return findings.line(fmt::format("{} rows", run.files.sequence.size()));
}

/// One op name per uid and one base per op name.
class NameJoin {
 public:
  explicit NameJoin(const Run& run) : run_(run), base_of_(run.files.names.size(), kNoName) {}

  RunCheckLine line() {
    for (const PieceRow& row : run_.files.pieces) expect_base(row.name, row.base, row.uid, row.start);
    for (const ProgramRow& row : run_.files.programs) expect_base(row.name, row.base, row.uid, row.at);
    for (const Op& op : run_.ops) {
      for (std::uint32_t i = op.sequence.first; i < op.sequence.last; ++i) {
        expect_name(op, run_.files.sequence[i].name, run_.files.sequence[i].time);
      }
      for (std::uint32_t i = op.programs.first; i < op.programs.last; ++i) {
        expect_name(op, run_.files.programs[i].name, run_.files.programs[i].at);
      }
      expect_names_of_events(op);
      expect_names_of_pieces(op);
    }
    return findings_.line(fmt::format("{} ops", run_.ops.size()));
  }

 private:
  void expect_base(NameId name, NameId base, OpUid uid, Ps at) {
    if (base_of_[name] == kNoName) base_of_[name] = base;
    if (base_of_[name] == base) return;
    findings_.add("op {} {} at {} us has base {}, others have {}", uid, text(name), us_text(at), text(base),
                  text(base_of_[name]));
  }
  void expect_name(const Op& op, NameId name, Ps at) {
    if (name != op.name) findings_.add("{} is {} at {} us", run_.label(op), text(name), us_text(at));
  }
  void expect_names_of_events(const Op& op) {
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      const Event& event = run_.events[i];
      for (std::uint32_t row = event.rows.first; row < event.rows.last; ++row) {
        expect_name(op, run_.files.events[row].name, event.at);
      }
    }
  }
  void expect_names_of_pieces(const Op& op) {
    for (std::uint32_t i = op.pieces.first; i < op.pieces.last; ++i) {
      const Piece& piece = run_.pieces[i];
      for (std::uint32_t row = piece.rows.first; row < piece.rows.last; ++row) {
        expect_name(op, run_.files.pieces[row].name, piece.start);
      }
    }
  }
  const std::string& text(NameId id) const { return run_.files.names.text(id); }

  const Run& run_;
  std::vector<NameId> base_of_;
  Findings findings_{"names"};
};

std::string list(const std::vector<Place>& places) {
  std::string out;
  for (const Place& place : places) {
    out += fmt::format("{}({},{},{},{})", out.empty() ? "" : " ", place.die, place.plane, place.block, place.page);
  }
  return out;
}

/// Compares the targets of everything that an op has rows for.
class TargetJoin {
 public:
  explicit TargetJoin(const Run& run) : run_(run) {}

  RunCheckLine line() {
    for (const Op& op : run_.ops) {
      known_ = false;
      for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
        collect(run_.files.events, run_.events[i].rows);
        expect_same(op, text(run_.events[i].kind), run_.events[i].at);
      }
      for (std::uint32_t i = op.pieces.first; i < op.pieces.last; ++i) {
        const std::size_t targets = collect(run_.files.pieces, run_.pieces[i].rows);
        if (targets != run_.pieces[i].rows.size()) {
          findings_.add("{}: piece at {} us stands twice for one target", run_.label(op),
                        us_text(run_.pieces[i].start));
        }
        expect_same(op, "piece", run_.pieces[i].start);
      }
      for (std::uint32_t i = op.sequence.first; i < op.sequence.last; ++i) expect_payload(op, run_.files.sequence[i]);
    }
    return findings_.line(
        fmt::format("{} events, {} pieces; die, plane, block, page", run_.events.size(), run_.pieces.size()));
  }

 private:
  /// Returns how many targets there are.
  template <typename Rows>
  std::size_t collect(const Rows& rows, Range range) {
    places_.clear();
    for (std::uint32_t i = range.first; i < range.last; ++i) places_.push_back(rows[i].place);
    sort_places();
    return places_.size();
  }
  void sort_places() {
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
  }
  void expect_same(const Op& op, const char* what, Ps at) {
    if (!known_) reference_ = places_;
    known_ = true;
    if (places_ == reference_) return;
    findings_.add("{}: {} at {} us has {}, before {}", run_.label(op), what, us_text(at), list(places_),
                  list(reference_));
  }

  /// A payload tells of the targets what its base's keys are.
  void expect_payload(const Op& op, const SequenceRow& row) {
    if (row.payload.empty() || !known_) return;
    places_.assign(run_.files.payloads.begin() + row.payload.first, run_.files.payloads.begin() + row.payload.last);
    sort_places();
    for (Place& place : reference_) place = as_told(place, places_.front());
    reference_.erase(std::unique(reference_.begin(), reference_.end()), reference_.end());
    expect_same(op, "payload", row.time);
  }

  const Run& run_;
  std::vector<Place> places_;
  std::vector<Place> reference_;
  bool known_ = false;
  Findings findings_{"targets"};
};

/// The flags at OP_END and in the program log say whether the op was resumed.
RunCheckLine resumed_flag_line(const Run& run) {
  Findings findings("resumed_flag");
  std::size_t looked_at = 0;
  for (const Op& op : run.ops) {
    if (!op.legal || op.life != Life::Ended) continue;
    ++looked_at;
    const Event& end = run.last_event(op);
    bool right = true;
    for (std::uint32_t i = end.rows.first; i < end.rows.last; ++i) {
      right = right && run.files.events[i].is_resumed == op.resumed;
    }
    for (std::uint32_t i = op.programs.first; i < op.programs.last; ++i) {
      right = right && run.files.programs[i].resumed == op.resumed;
    }
    if (!right)
      findings.add("{} ended at {} us and was {}resumed", run.label(op), us_text(end.at), op.resumed ? "" : "never ");
  }
  return findings.line(fmt::format("{} completed ops", looked_at));
}

}  // namespace

void check_joins(const Run& run, Lines& lines) {
  lines.push_back(sequence_line(run));
  lines.push_back(NameJoin(run).line());
  lines.push_back(TargetJoin(run).line());
  lines.push_back(resumed_flag_line(run));
}

}  // namespace nandtlm::check
