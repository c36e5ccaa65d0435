#include "traces/state_timeline_csv.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "tlm/record_at.h"

namespace nandtlm {
StateTimelineCsv::StateTimelineCsv(const CsvContext& context)
    : CsvSink(context, "op_state_timeline.csv", "start,end,die,plane,op_state,lane,op_name,duration") {
  const Topology& topology = context.names.device().topology;
  for (std::uint32_t die = 0; die < topology.dies; ++die) {
    const std::string number = std::to_string(die);
    lanes_.push_back({ReadyText(number + ","), ReadyText("DIE" + number + "/PLANE")});
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
  const ReadyText& state = names().state_field(interval.op, interval.state);
  const ReadyText& op = names().op_field(interval.op);
  const Lane& lane = lanes_[interval.die];
  NumberTexts<TimeForm>& times = texts().times;
  static_assert(kMaxPlanes <= 10, "a plane is one digit");
  char* out = file().room(kMaxPlanes * names().row_room());
  for (PlaneMask planes = interval.planes; planes != 0; planes = planes & (planes - 1)) {
    const char digit = static_cast<char>('0' + __builtin_ctz(planes));
    out = times.put(times.put(out, start), interval.end);
    out = lane.die.copy(out);
    *out++ = digit;
    *out++ = ',';
    out = lane.name.copy(state.copy(out));
    *out++ = digit;
    *out++ = ',';
    out = times.put(op.copy(out), interval.end - start);
    out[-1] = '\n';
  }
  file().advance_to(out);
  file().end_row();
}

}  // namespace nandtlm
