#include "traces/event_csv.h"

#include <cstddef>
#include <string>

#include "tlm/record_at.h"

namespace nandtlm {

EventCsv::EventCsv(const CsvContext& context)
    : CsvSink(context, "op_event_resume.csv",
              "op_name,op_id,op_uid,die,plane,block,page,is_resumed,event,triggered_us") {
  // In the order of Kind.
  for (const std::string kind : {"OP_START,", "OP_SUSPEND,", "OP_RESUME,", "OP_END,", "OP_ABORT,"}) {
    kinds_.push_back({ReadyText("0," + kind), ReadyText("1," + kind)});
  }
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
  Event& event = events_.add(at, op.uid, [this](Time time, Uid uid, const Event& held) { write(time, uid, held); });
  event.op = op.op;
  event.die = op.die;
  event.kind = kind;
  event.resumed = record_at(resumed_, op.slot) != 0;
  event.targets = op.targets;
}

void EventCsv::write_rest(Time /*at*/) {
  events_.drain([this](Time time, Uid uid, const Event& event) { write(time, uid, event); });
}

void EventCsv::write(Time at, Uid uid, const Event& event) {
  const ReadyText& resumed_and_kind = kinds_[static_cast<std::size_t>(event.kind)][event.resumed ? 1 : 0];
  for_each_target(event.targets, [&](const Target& target) {
    CsvRow csv = row();
    csv.ready(names().op_and_id_fields(event.op)).uid(uid).integer(event.die).address(target);
    csv.ready(resumed_and_kind).us(at).end();
  });
}

}  // namespace nandtlm
