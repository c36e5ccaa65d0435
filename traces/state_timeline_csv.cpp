#include "traces/state_timeline_csv.h"

#include <algorithm>
#include <cstddef>

namespace nandtlm {

StateTimelineCsv::StateTimelineCsv(const CsvContext& context)
    : CsvSink(context, "op_state_timeline.csv", "start,end,die,plane,op_state,lane,op_name,duration") {
  const Topology& topology = context.names.device().topology;
  for (std::uint32_t die = 0; die < topology.dies; ++die) {
    for (std::uint32_t plane = 0; plane < topology.planes; ++plane) {
      lanes_.push_back("DIE" + std::to_string(die) + "/PLANE" + std::to_string(plane));
    }
  }
}

void StateTimelineCsv::state_entered(const OpInfo& op, State state, Time at) {
  if (op.planes == 0 || !names().device().base_of(op.op).affect_state) return;
  close(op, at);
  live_[op.slot].interval = intervals_.open(at, op.uid, Interval{kNever, op.op, op.die, op.planes, state});
}

void StateTimelineCsv::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  close(op, at);
}
void StateTimelineCsv::op_ended(const OpInfo& op, Time at) {
  close(op, at);
}
void StateTimelineCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  close(op, at);
}

void StateTimelineCsv::close(const OpInfo& op, Time at) {
  LiveOp& live = live_[op.slot];
  if (live.interval != OrderedRows<Interval>::kNone) {
    intervals_[live.interval].end = at;
    intervals_.complete(live.interval);
    live.interval = OrderedRows<Interval>::kNone;
  }
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
  const std::uint32_t planes = names().device().topology.planes;
  for (std::uint32_t plane = 0; plane < planes; ++plane) {
    if ((interval.planes >> plane & 1U) == 0) continue;
    CsvRow csv = row();
    csv.us(start).us(interval.end).integer(interval.die).integer(plane);
    csv.text(names().state_of(interval.op, interval.state));
    csv.text(lanes_[static_cast<std::size_t>(interval.die) * planes + plane]);
    csv.text(names().op(interval.op)).us(interval.end - start).end();
  }
}

}  // namespace nandtlm
