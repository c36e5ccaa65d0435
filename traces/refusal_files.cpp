#include "traces/refusal_files.h"

#include <string_view>

namespace nandtlm {

ResumeErrorsCsv::ResumeErrorsCsv(const CsvContext& context)
    : CsvSink(context, "resume_errors.csv", "time,family,die,op_uid,reason,wanted_start,remaining") {}

void ResumeErrorsCsv::resume_failed(const ResumeError& error, Time at) {
  errors_.add(at, error.uid, [this](Time time, Uid /*uid*/, const ResumeError& row) { write(time, row); }) = error;
}

void ResumeErrorsCsv::write_rest(Time /*at*/) {
  errors_.drain([this](Time time, Uid /*uid*/, const ResumeError& row) { write(time, row); });
}

void ResumeErrorsCsv::write(Time at, const ResumeError& error) {
  CsvRow csv = row();
  csv.us(at).text(name(error.family)).integer(error.die).uid(error.uid).text(name(error.refusal.reason));
  csv.us(error.wanted_start).us(error.remaining).end();
}

ProposerLog::ProposerLog(const CsvContext& context) : CsvSink(context, "proposer_debug.log", {}) {}

void ProposerLog::request_refused(const RefusedRequest& request, Time at) {
  begin(at, "refused", request.refusal.reason);
  word("op", names().op(request.op));
  if (request.uid != 0) number("uid", request.uid);
  number("die", request.die);
  targets(request.targets);
  time("wanted_start", request.wanted_start);
  blocker(request.refusal);
  file().append('\n');
  file().end_row();
}

void ProposerLog::resume_failed(const ResumeError& error, Time at) {
  begin(at, "resume_cancelled", error.refusal.reason);
  word("family", name(error.family));
  number("uid", error.uid);
  number("die", error.die);
  time("wanted_start", error.wanted_start);
  time("remaining", error.remaining);
  blocker(error.refusal);
  file().append('\n');
  file().end_row();
}

void ProposerLog::begin(Time at, std::string_view what, Reason reason) {
  file().append_us(at);
  file().append(' ');
  file().append(what);
  word("reason", name(reason));
}

void ProposerLog::word(std::string_view key, std::string_view value) {
  file().append(' ');
  file().append(key);
  file().append('=');
  file().append(value);
}

template <typename Integer>
void ProposerLog::number(std::string_view key, Integer value) {
  word(key, {});
  file().append_integer(value);
}

void ProposerLog::time(std::string_view key, Time value) {
  word(key, {});
  append_time(value);
}

void ProposerLog::append_time(Time value) {
  if (value == kNever) {
    file().append("never");
  } else {
    file().append_us(value);
  }
}

/// plane:block:page, comma between targets.
void ProposerLog::targets(const TargetList& targets) {
  word("targets", targets.empty() ? "none" : "");
  const char* separator = "";
  for (const Target& target : targets) {
    file().append(separator);
    file().append_integer(target.plane);
    file().append(':');
    file().append_integer(target.block);
    file().append(':');
    file().append_integer(target.page);
    separator = ",";
  }
}

void ProposerLog::blocker(const Refusal& refusal) {
  if (*refusal.rule != '\0') word("rule", csv_field(refusal.rule));
  if (refusal.blocker != 0) number("blocker", refusal.blocker);
  if (refusal.from == 0 && refusal.to == 0) return;
  word("interval", "[");
  append_time(refusal.from);
  file().append(',');
  append_time(refusal.to);
  file().append(')');
}

}  // namespace nandtlm
