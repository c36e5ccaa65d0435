#include "traces/timeline_csv.h"

#include <algorithm>
#include <cstddef>

#include "tlm/record_at.h"

namespace nandtlm {

TimelineCsv::TimelineCsv(const CsvContext& context)
    : CsvSink(context, "operation_timeline.csv",
              "start,end,die,plane,block,page,op_name,op_base,source,op_uid,op_state,phase_key_used,"
              "phase_key_virtual") {
  // In the order of Source.
  for (const char* source : {"script,", "replay,", "generator,", "client,"}) sources_.emplace_back(source);
}

void TimelineCsv::op_started(const OpInfo& op, Time at) {
  record_at(live_, op.slot) = LiveOp{};
  open(op, at, State::Issue);
}

void TimelineCsv::op_resumed(const OpInfo& op, Time at, Time /*remaining*/) {
  open(op, at, record_at(live_, op.slot).state);
}

void TimelineCsv::state_entered(const OpInfo& op, State state, Time /*at*/) {
  LiveOp& live = record_at(live_, op.slot);
  live.state = state;
  // An op that is cut at the border of two states is resumed in the second, which it had not entered before.
  if (live.fresh) pieces_[live.piece].state = state;
  live.fresh = false;
}

void TimelineCsv::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  close(op, at);
}
void TimelineCsv::op_ended(const OpInfo& op, Time at) {
  close(op, at);
}
void TimelineCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  close(op, at);
}

void TimelineCsv::open(const OpInfo& op, Time at, State state) {
  LiveOp& live = record_at(live_, op.slot);
  live.piece = pieces_.open(at, op.uid);
  Piece& piece = pieces_[live.piece];
  piece.end = kNever;
  piece.op = op.op;
  piece.source = op.source;
  piece.state = state;
  piece.phase_used = op.phase_used;
  piece.phase_virtual = op.phase_virtual;
  piece.die = op.die;
  piece.targets = op.targets;
  live.fresh = true;
}

void TimelineCsv::close(const OpInfo& op, Time at) {
  LiveOp& live = record_at(live_, op.slot);
  if (live.piece == OrderedRows<Piece>::kNone) return;  // aborted while it did not run
  pieces_[live.piece].end = at;
  pieces_.complete(live.piece);
  live.piece = OrderedRows<Piece>::kNone;
  live.fresh = false;
  drain(at);
}

void TimelineCsv::drain(Time now) {
  pieces_.drain(now, [this](Time start, Uid uid, const Piece& piece) { write(start, uid, piece); });
}

void TimelineCsv::write_rest(Time at) {
  pieces_.drain_all([&](Time start, Uid uid, Piece& piece) {
    piece.end = std::min(piece.end, at);
    write(start, uid, piece);
  });
}

void TimelineCsv::write(Time start, Uid uid, const Piece& piece) {
  for_each_target(piece.targets, [&](const Target& target) {
    CsvRow csv = row();
    csv.us(start).us(piece.end).integer(piece.die).address(target);
    csv.ready(names().op_and_base_fields(piece.op)).ready(sources_[static_cast<std::size_t>(piece.source)]);
    csv.uid(uid).ready(names().state_field(piece.op, piece.state));
    csv.ready(names().phase_field(piece.phase_used)).ready(names().phase_field(piece.phase_virtual)).end();
  });
}

}  // namespace nandtlm
