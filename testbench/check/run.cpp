#include "testbench/check/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

namespace nandtlm::check {
namespace {

BaseTraits traits_from(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  BaseTraits traits;
  traits.is_suspend = name.find("SUSPEND") != std::string::npos;
  traits.is_resume = !traits.is_suspend && name.find("RESUME") != std::string::npos;
  (traits.is_control() ? traits.controls : traits.family) = kin_named_in(name);
  return traits;
}

template <typename Row>
std::uint32_t count(const std::vector<Row>& rows) {
  return static_cast<std::uint32_t>(rows.size());
}

void sort_rows(RunFiles& files) {
  const auto by_uid = [](const auto& a, const auto& b) { return a.uid < b.uid; };
  std::stable_sort(files.sequence.begin(), files.sequence.end(), by_uid);
  std::stable_sort(files.programs.begin(), files.programs.end(), by_uid);
  std::stable_sort(files.events.begin(), files.events.end(), [](const EventRow& a, const EventRow& b) {
    return std::tie(a.uid, a.at, a.kind) < std::tie(b.uid, b.at, b.kind);
  });
  std::stable_sort(files.pieces.begin(), files.pieces.end(), [](const PieceRow& a, const PieceRow& b) {
    return std::tie(a.uid, a.start, a.end) < std::tie(b.uid, b.start, b.end);
  });
  std::stable_sort(files.states.begin(), files.states.end(), [](const StateRow& a, const StateRow& b) {
    return std::tie(a.die, a.plane, a.start) < std::tie(b.die, b.plane, b.start);
  });
}

void group_events(Run& run) {
  const auto& rows = run.files.events;
  for (std::uint32_t i = 0; i < count(rows); ++i) {
    const bool same =
        i > 0 && rows[i].uid == rows[i - 1].uid && rows[i].at == rows[i - 1].at && rows[i].kind == rows[i - 1].kind;
    if (!same) run.events.push_back({rows[i].at, rows[i].kind, {i, i}});
    run.events.back().rows.last = i + 1;
  }
}

void group_pieces(Run& run) {
  const auto& rows = run.files.pieces;
  for (std::uint32_t i = 0; i < count(rows); ++i) {
    const bool same = i > 0 && rows[i].uid == rows[i - 1].uid && rows[i].start == rows[i - 1].start;
    if (!same) run.pieces.push_back({rows[i].start, rows[i].end, {i, i}});
    run.pieces.back().rows.last = i + 1;
    run.pieces.back().end = rows[i].end;  // the latest: rows are sorted
  }
}

/// Moves `at` over all elements of `uid`.
template <typename Rows, typename UidOf>
Range take(const Rows& rows, std::uint32_t& at, OpUid uid, UidOf uid_of) {
  const std::uint32_t first = at;
  while (at < rows.size() && uid_of(rows[at]) == uid) ++at;
  return {first, at};
}

std::vector<OpUid> all_uids(const RunFiles& files) {
  std::vector<OpUid> uids;
  uids.reserve(files.sequence.size());
  const auto add = [&uids](const auto& rows) {
    for (const auto& row : rows) {
      if (uids.empty() || uids.back() != row.uid) uids.push_back(row.uid);
    }
  };
  add(files.sequence);
  add(files.events);
  add(files.pieces);
  add(files.programs);
  std::sort(uids.begin(), uids.end());
  uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
  return uids;
}

void identify(const Run& run, Op& op) {
  if (!op.pieces.empty()) {
    const PieceRow& row = run.files.pieces[run.pieces[op.pieces.first].rows.first];
    op.name = row.name;
    op.base = row.base;
    op.die = row.place.die;
  }
  if (!op.events.empty()) {
    const EventRow& row = run.files.events[run.events[op.events.first].rows.first];
    op.name = row.name;
    op.die = row.place.die;
    op.started = run.events[op.events.first].kind == EventKind::Start;
  }
  if (op.name == kNoName && !op.sequence.empty()) op.name = run.files.sequence[op.sequence.first].name;
}

void make_ops(Run& run) {
  const auto row_uid = [](const auto& row) { return row.uid; };
  const auto event_uid = [&run](const Event& event) { return run.files.events[event.rows.first].uid; };
  const auto piece_uid = [&run](const Piece& piece) { return run.files.pieces[piece.rows.first].uid; };
  std::uint32_t event = 0;
  std::uint32_t piece = 0;
  std::uint32_t sequence = 0;
  std::uint32_t program = 0;
  for (const OpUid uid : all_uids(run.files)) {
    Op op;
    op.uid = uid;
    op.events = take(run.events, event, uid, event_uid);
    op.pieces = take(run.pieces, piece, uid, piece_uid);
    op.sequence = take(run.files.sequence, sequence, uid, row_uid);
    op.programs = take(run.files.programs, program, uid, row_uid);
    identify(run, op);
    run.ops.push_back(op);
  }
}

/// An op that has not yet a piece takes its base from another op of the name, or from a state row.
void join_bases(Run& run) {
  std::vector<NameId> base_of(run.files.names.size(), kNoName);
  for (const StateRow& row : run.files.states) base_of[row.name] = row.base;
  for (const PieceRow& row : run.files.pieces) base_of[row.name] = row.base;
  for (Op& op : run.ops) {
    if (op.base == kNoName && op.name != kNoName) op.base = base_of[op.name];
  }
}

Ps latest_time(const RunFiles& files) {
  Ps end = 0;
  for (const EventRow& row : files.events) end = std::max(end, row.at);
  for (const PieceRow& row : files.pieces) end = std::max(end, row.end);
  for (const StateRow& row : files.states) end = std::max(end, row.end);
  for (const ErrorRow& row : files.resume_errors) end = std::max(end, row.time);
  return end;
}

}  // namespace

const BaseTraits& Run::traits_of(const Op& op) const {
  static const BaseTraits kNone;
  return op.base == kNoName ? kNone : traits[op.base];
}

std::string Run::label(const Op& op) const {
  return op.name == kNoName ? fmt::format("op {}", op.uid) : fmt::format("op {} {}", op.uid, files.names.text(op.name));
}

const Op* Run::find(OpUid uid) const {
  const auto found =
      std::lower_bound(ops.begin(), ops.end(), uid, [](const Op& op, OpUid value) { return op.uid < value; });
  return found != ops.end() && found->uid == uid ? &*found : nullptr;
}

Ps Run::executed(const Op& op) const {
  Ps sum = 0;
  for (std::uint32_t i = op.pieces.first; i < op.pieces.last; ++i) sum += pieces[i].end - pieces[i].start;
  return sum;
}

Run make_run(RunFiles files) {
  Run run;
  run.files = std::move(files);
  sort_rows(run.files);
  run.end = latest_time(run.files);
  group_events(run);
  group_pieces(run);
  make_ops(run);
  join_bases(run);
  for (NameId id = 0; id < run.files.names.size(); ++id) run.traits.push_back(traits_from(run.files.names.text(id)));
  run.nominal.resize(run.files.names.size());
  return run;
}

}  // namespace nandtlm::check
