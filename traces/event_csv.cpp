#include "traces/event_csv.h"

#include <cstddef>

#include "tlm/record_at.h"

namespace nandtlm {

EventCsv::EventCsv(const CsvContext& context)
    : CsvSink(context, "op_event_resume.csv",
              "op_name,op_id,op_uid,die,plane,block,page,is_resumed,event,triggered_us") {
  // In the order of Kind.
  for (const char* kind : {"OP_START,", "OP_SUSPEND,", "OP_RESUME,", "OP_END,", "OP_ABORT,"}) kinds_.emplace_back(kind);
}

void EventCsv::op_started(const OpInfo& op, Time at) {
  add(op, Kind::Start, at);
}

void EventCsv::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  add(op, Kind::Suspend, at);
}

void EventCsv::op_resumed(const OpInfo& op, Time at, Time /*remaining*/) {
  record_at(resumed_, op.slot) = 1;
  add(op, Kind::Resume, at);
}

void EventCsv::op_ended(const OpInfo& op, Time at) {
  add(op, Kind::End, at);
  resumed_[op.slot] = 0;
}

void EventCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  add(op, Kind::Abort, at);
  resumed_[op.slot] = 0;
}

void EventCsv::add(const OpInfo& op, Kind kind, Time at) {
  events_.drain(at, [this](Time time, Uid uid, const Event& event) { write(time, uid, event); });
  events_.add(at, op.uid, Event{op.op, op.die, op.targets, record_at(resumed_, op.slot) != 0, kind});
}

void EventCsv::write_rest(Time /*at*/) {
  events_.drain_all([this](Time time, Uid uid, const Event& event) { write(time, uid, event); });
}

void EventCsv::write(Time at, Uid uid, const Event& event) {
  for_each_target(event.targets, [&](const Target& target) {
    CsvRow csv = row();
    csv.ready(names().op_and_id_fields(event.op)).integer(uid).integer(event.die).address(target);
    csv.integer(event.resumed ? 1 : 0).ready(kinds_[static_cast<std::size_t>(event.kind)]).us(at).end();
  });
}

}  // namespace nandtlm
