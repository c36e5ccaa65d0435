#include "traces/event_csv.h"

namespace nandtlm {

EventCsv::EventCsv(const CsvContext& context)
    : CsvSink(context, "op_event_resume.csv",
              "op_name,op_id,op_uid,die,plane,block,page,is_resumed,event,triggered_us") {}

void EventCsv::op_started(const OpInfo& op, Time at) {
  add(op, "OP_START", at);
}

void EventCsv::op_suspended(const OpInfo& op, Time at, Time /*consumed*/, Time /*remaining*/) {
  add(op, "OP_SUSPEND", at);
}

void EventCsv::op_resumed(const OpInfo& op, Time at, Time /*remaining*/) {
  resumed_[op.slot] = 1;
  add(op, "OP_RESUME", at);
}

void EventCsv::op_ended(const OpInfo& op, Time at) {
  add(op, "OP_END", at);
  resumed_[op.slot] = 0;
}

void EventCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  add(op, "OP_ABORT", at);
  resumed_[op.slot] = 0;
}

void EventCsv::add(const OpInfo& op, std::string_view name, Time at) {
  events_.drain(at, [this](Time time, Uid uid, const Event& event) { write(time, uid, event); });
  events_.add(at, op.uid, Event{op.op, op.die, op.targets, resumed_[op.slot] != 0, name});
}

void EventCsv::write_rest(Time /*at*/) {
  events_.drain_all([this](Time time, Uid uid, const Event& event) { write(time, uid, event); });
}

void EventCsv::write(Time at, Uid uid, const Event& event) {
  for_each_target(event.targets, [&](const Target& target) {
    CsvRow csv = row();
    csv.text(names().op(event.op)).integer(index(event.op)).integer(uid).integer(event.die).address(target);
    csv.integer(event.resumed ? 1 : 0).text(event.name).us(at).end();
  });
}

}  // namespace nandtlm
