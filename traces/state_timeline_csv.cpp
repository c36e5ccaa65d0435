#include "traces/state_timeline_csv.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "tlm/record_at.h"

namespace nandtlm {

StateTimelineCsv::StateTimelineCsv(const CsvContext& context)
    : CsvSink(context, "op_state_timeline.csv", "start,end,die,plane,op_state,lane,op_name,duration"),
      row_(context.names.row_room()) {
  const Topology& topology = context.names.device().topology;
  for (std::uint32_t die = 0; die < topology.dies; ++die) {
    lanes_.emplace_back("DIE" + std::to_string(die) + "/PLANE");
  }
  for (const OpSpec& op : context.names.device().ops)
    shown_.push_back(context.names.device().base(op.base).affect_state);
}

void StateTimelineCsv::state_entered(const OpInfo& op, State state, Time at) {
  if (op.planes == 0 || shown_[index(op.op)] == 0) return;
  close(op, at);
  const OrderedRows<Interval>::Handle handle = intervals_.open(at, op.uid);
  live_[op.slot].interval = handle;
  Interval& interval = intervals_[handle];
  interval.end = kNever;
  interval.op = op.op;
  interval.planes = op.planes;
  interval.state = state;
  interval.die = op.die;
}

void StateTimelineCsv::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  leave(op, at);
}
void StateTimelineCsv::op_ended(const OpInfo& op, Time at) {
  leave(op, at);
}
void StateTimelineCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  leave(op, at);
}

void StateTimelineCsv::close(const OpInfo& op, Time at) {
  LiveOp& live = record_at(live_, op.slot);
  if (live.interval != OrderedRows<Interval>::kNone) {
    intervals_[live.interval].end = at;
    intervals_.complete(live.interval);
    live.interval = OrderedRows<Interval>::kNone;
  }
}

void StateTimelineCsv::leave(const OpInfo& op, Time at) {
  close(op, at);
  drain(at);
}

void StateTimelineCsv::drain(Time now) {
  intervals_.drain(now, [this](Time start, Uid /*uid*/, const Interval& interval) { write(start, interval); });
}

void StateTimelineCsv::write_rest(Time at) {
  intervals_.drain_all([&](Time start, Uid /*uid*/, Interval& interval) {
    interval.end = std::min(interval.end, at);
    write(start, interval);
  });
}

void StateTimelineCsv::write(Time start, const Interval& interval) {
  if (interval.end == start) return;
  // The rows of the planes are one row, but for the plane: made once, copied for each.
  char* const begin = row_.data();
  NumberTexts<TimeForm>& times = texts().times;
  char* out = times[start].copy(begin);
  out = times[interval.end].copy(out);
  out = format_integer(out, interval.die);
  *out++ = ',';
  const auto plane_column = static_cast<std::size_t>(out - begin);
  *out++ = ' ';
  *out++ = ',';
  out = names().state_field(interval.op, interval.state).copy(out);
  out = lanes_[interval.die].copy(out);
  const auto lane_column = static_cast<std::size_t>(out - begin);
  *out++ = ' ';
  *out++ = ',';
  out = names().op_field(interval.op).copy(out);
  out = times[interval.end - start].copy(out);
  out[-1] = '\n';
  const auto length = static_cast<std::size_t>(out - begin);

  constexpr std::size_t kBlock = 96;  // most rows at once; row_ and the room have one more
  char* row = file().room(kMaxPlanes * row_.size());
  static_assert(kMaxPlanes <= 10, "a plane is one digit");
  for (std::uint32_t plane = 0; interval.planes >> plane != 0; ++plane) {
    if ((interval.planes >> plane & 1U) == 0) continue;
    const char digit = static_cast<char>('0' + plane);
    for (std::size_t i = 0; i < length; i += kBlock) std::memcpy(row + i, begin + i, kBlock);
    row[plane_column] = row[lane_column] = digit;
    row += length;
  }
  file().advance_to(row);
  file().end_row();
}

}  // namespace nandtlm
