// Planes and their states: one occupant at a time, and states exactly where pieces are (SUS-03, MET-02).
#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

/// The rows are sorted by die, plane and start.
RunCheckLine occupancy_line(const Run& run) {
  Findings findings("plane_occupancy");
  const StateRow* last = nullptr;  // the latest end so far on this plane
  for (const StateRow& row : run.files.states) {
    if (row.start == row.end) continue;
    const bool same_plane = last != nullptr && last->die == row.die && last->plane == row.plane;
    if (same_plane && row.start < last->end) {
      findings.add("die {} plane {}: {} [{}, {}) us and {} [{}, {}) us", row.die, row.plane,
                   run.files.names.text(last->base), us_text(last->start), us_text(last->end),
                   run.files.names.text(row.base), us_text(row.start), us_text(row.end));
    }
    if (!same_plane || row.end > last->end) last = &row;
  }
  return findings.line(fmt::format("{} states", run.files.states.size()));
}

/// A piece of an op with what its states cover of it.
struct Slot {
  std::int32_t die = -1;
  NameId base = kNoName;
  Ps start = 0;
  Ps end = 0;
  const Op* op = nullptr;
  Range rows;      ///< targets, into RunFiles::pieces; empty where the piece had not ended with the run
  Ps covered = 0;  ///< over all planes
};

bool slot_before(const Slot& a, const Slot& b) {
  return std::tie(a.die, a.base, a.start) < std::tie(b.die, b.base, b.start);
}

/// Puts every state into the piece that it belongs to and looks for states and pieces that are left over.
/// A base is die-wide where its states stand on planes that are no targets; then all planes of the die must show it.
class StateMatch {
 public:
  explicit StateMatch(const Run& run) : run_(run), wide_(run.files.names.size(), false), shown_(wide_) {}

  RunCheckLine line() {
    make_slots();
    for (const StateRow& row : run_.files.states) place(row);
    for (const Slot& slot : slots_) expect_covered(slot);
    return findings_.line(fmt::format("{} states in {} pieces", run_.files.states.size(), slots_.size()));
  }

 private:
  void make_slots();
  void place(const StateRow& row);
  Slot* find_slot(const StateRow& row);
  bool is_target(const Slot& slot, std::int32_t plane) const;
  void expect_covered(const Slot& slot);
  Ps planes_of(const Slot& slot) const;

  const Run& run_;
  std::vector<bool> wide_;   // by base
  std::vector<bool> shown_;  // by base: it has states
  std::vector<Slot> slots_;
  std::map<std::int32_t, std::int64_t> planes_;  // per die, those that have states
  std::pair<std::int32_t, std::int32_t> last_plane_{-2, -2};
  Findings findings_{"state_pieces"};
};

void StateMatch::make_slots() {
  for (const Op& op : run_.ops) {
    for (std::uint32_t i = op.pieces.first; i < op.pieces.last; ++i) {
      const Piece& piece = run_.pieces[i];
      const bool running = op.life == Life::Running && i + 1 == op.pieces.last && piece.end == run_.end;
      slots_.push_back({op.die, op.base, piece.start, piece.end, &op, running ? Range{} : piece.rows, 0});
    }
    if (op.life != Life::Running || op.events.empty()) continue;
    const Ps start = run_.last_event(op).at;
    const bool has_row = !op.pieces.empty() && run_.pieces[op.pieces.last - 1].start >= start;
    if (!has_row) slots_.push_back({op.die, op.base, start, run_.end, &op, {}, 0});
  }
  std::stable_sort(slots_.begin(), slots_.end(), slot_before);
}

bool StateMatch::is_target(const Slot& slot, std::int32_t plane) const {
  const auto& rows = run_.files.pieces;
  for (std::uint32_t i = slot.rows.first; i < slot.rows.last; ++i) {
    if (rows[i].place.plane == plane) return true;
  }
  return false;
}

/// The piece of the row's base that holds the row, one with this plane as target before others.
Slot* StateMatch::find_slot(const StateRow& row) {
  const Slot key{row.die, row.base, row.start, 0, nullptr, {}, 0};
  auto slot = std::upper_bound(slots_.begin(), slots_.end(), key, slot_before);
  Slot* other = nullptr;
  // Ops of one base that run on a die at once are at most as many as it has planes: a few steps back are enough.
  constexpr int kSteps = 16;
  for (int step = 0; step < kSteps && slot != slots_.begin(); ++step) {
    --slot;
    if (slot->die != row.die || slot->base != row.base) break;
    if (slot->end < row.end || slot->end <= row.start) continue;
    if (is_target(*slot, row.plane)) return &*slot;
    if (other == nullptr) other = &*slot;
  }
  return other;
}

void StateMatch::place(const StateRow& row) {
  shown_[row.base] = true;
  if (last_plane_ != std::make_pair(row.die, row.plane)) ++planes_[row.die];
  last_plane_ = {row.die, row.plane};
  if (row.start == row.end) return;
  Slot* slot = find_slot(row);
  const bool right_name = slot != nullptr && (row.name == row.base || row.name == slot->op->name);
  if (!right_name) {
    findings_.add("die {} plane {}: {} {} [{}, {}) us is in no piece of such an op", row.die, row.plane,
                  run_.files.names.text(row.name), run_.files.names.text(row.base), us_text(row.start),
                  us_text(row.end));
    return;
  }
  if (slot->rows.empty()) return;
  slot->covered += row.end - row.start;
  if (!is_target(*slot, row.plane)) wide_[row.base] = true;
}

Ps StateMatch::planes_of(const Slot& slot) const {
  if (wide_[slot.base]) {
    const auto planes = planes_.find(slot.die);
    return planes == planes_.end() ? 0 : planes->second;
  }
  Ps planes = 0;
  for (std::uint32_t i = slot.rows.first; i < slot.rows.last; ++i) {
    if (run_.files.pieces[i].place.plane >= 0) ++planes;
  }
  return planes;
}

void StateMatch::expect_covered(const Slot& slot) {
  if (slot.base == kNoName || !shown_[slot.base] || slot.rows.empty()) return;
  const bool may_be_hidden = run_.traits[slot.base].is_control() && !slot.op->effective;
  if (may_be_hidden && slot.covered == 0) return;
  const Ps planes = planes_of(slot);
  if (slot.covered == planes * (slot.end - slot.start)) return;
  findings_.add("{}: states on {} planes cover {} us of its piece [{}, {}) us", run_.label(*slot.op), planes,
                us_text(slot.covered), us_text(slot.start), us_text(slot.end));
}

}  // namespace

void check_planes(const Run& run, Lines& lines) {
  lines.push_back(occupancy_line(run));
  lines.push_back(StateMatch(run).line());
}

}  // namespace nandtlm::check
