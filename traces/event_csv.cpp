#include "traces/event_csv.h"

#include <cstddef>
#include <cstdint>
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
  LiveOp& live = record_at(live_, op.slot);
  remember(op, live);
  live.resumed = true;
  add(op, Kind::Resume, at);
}

void EventCsv::op_ended(const OpInfo& op, Time at) {
  add(op, Kind::End, at);
}

void EventCsv::op_aborted(const OpInfo& op, Time at, Time /*consumed*/, Reason /*why*/) {
  add(op, Kind::Abort, at);
}

/// True if the op is remembered already.
bool EventCsv::remember(const OpInfo& op, LiveOp& live) {
  if (live.uid == op.uid) return true;
  live.uid = op.uid;
  live.resumed = false;
  const Target target = op.targets.empty() ? Target{} : op.targets[0];
  char* out = format_integer(live.address.data(), op.die);
  for (const std::int32_t number : {target.plane, target.block, target.page}) {
    *out++ = ',';
    out = format_integer(out, number);
  }
  *out++ = ',';
  live.address_size = static_cast<std::uint8_t>(out - live.address.data());
  return false;
}

void EventCsv::add(const OpInfo& op, Kind kind, Time at) {
  instant_.advance(at, file());
  LiveOp& live = record_at(live_, op.slot);
  const bool known = remember(op, live) && op.targets.size() <= 1;
  const ReadyText& resumed_and_kind = kinds_[static_cast<std::size_t>(kind)][live.resumed ? 1 : 0];
  for_each_target(op.targets, [&](const Target& target) {
    CsvRow csv = row();
    csv.ready(names().op_and_id_fields(op.op)).uid(op.uid);
    if (known) {
      csv.block(live.address.data(), live.address_size);
    } else {
      csv.integer(op.die).address(target);
    }
    csv.ready(resumed_and_kind).us(at).end_text();
    instant_.end_row(op.uid, file());
  });
}

void EventCsv::write_rest(Time /*at*/) {
  instant_.leave(file());
}

}  // namespace nandtlm
