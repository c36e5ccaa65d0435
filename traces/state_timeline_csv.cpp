#include "traces/state_timeline_csv.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "tlm/record_at.h"

namespace nandtlm {

StateTimelineCsv::StateTimelineCsv(const CsvContext& context)
    : CsvSink(context, "op_state_timeline.csv", "start,end,die,plane,op_state,lane,op_name,duration"),
      planes_per_die_(context.names.device().topology.planes) {
  const Topology& topology = context.names.device().topology;
  for (std::uint32_t die = 0; die < topology.dies; ++die) {
    for (std::uint32_t plane = 0; plane < topology.planes; ++plane) {
      lanes_.emplace_back("DIE" + std::to_string(die) + "/PLANE" + std::to_string(plane) + ",");
    }
  }
  for (const OpSpec& op : context.names.device().ops)
    shown_.push_back(context.names.device().base(op.base).affect_state);
}

void StateTimelineCsv::state_entered(const OpInfo& op, State state, Time at) {
  if (op.planes == 0 || shown_[index(op.op)] == 0) return;
  close(op, at);
  record_at(live_, op.slot).interval = intervals_.open(at, op.uid, Interval{kNever, op.op, op.die, op.planes, state});
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
  LiveOp& live = record_at(live_, op.slot);
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
  std::uint32_t plane = 0;
  while ((interval.planes >> plane & 1U) == 0) ++plane;

  CsvRow csv = row();
  csv.us(start).us(interval.end).integer(interval.die).integer(plane);
  const std::size_t plane_digit = csv.length() - 2;
  csv.ready(names().state_field(interval.op, interval.state));
  csv.ready(lanes_[static_cast<std::size_t>(interval.die) * planes_per_die_ + plane]);
  const std::size_t lane_digit = csv.length() - 2;
  csv.ready(names().op_field(interval.op)).us(interval.end - start).end_line();

  // The rows of the other planes differ in the number of the plane, in its column and in its lane.
  const std::size_t length = csv.length();
  static_assert(kMaxPlanes <= 10, "a plane is one digit");
  while ((interval.planes >> ++plane) != 0) {
    if ((interval.planes >> plane & 1U) == 0) continue;
    csv.repeat(length);
    for (const std::size_t digit : {plane_digit, lane_digit})
      csv.replace(length - digit, static_cast<char>('0' + plane));
  }
  csv.end_lines();
}

}  // namespace nandtlm
