#include "traces/program_log_csv.h"

namespace nandtlm {

ProgramLogCsv::ProgramLogCsv(const CsvContext& context)
    : CsvSink(context, "apply_pgm_log.csv",
              "triggered_us,op_uid,op_name,base,celltype,die,plane,block,page,resume,call_seq") {}

void ProgramLogCsv::page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) {
  rows_.add(at, op.uid, [this](Time time, Uid uid, const Row& row) { write(time, uid, row); }) =
      Row{op.op, op.die, target, was_resumed};
}

void ProgramLogCsv::write_rest(Time /*at*/) {
  rows_.drain([this](Time time, Uid uid, const Row& row) { write(time, uid, row); });
}

void ProgramLogCsv::write(Time at, Uid uid, const Row& row) {
  CsvRow csv = CsvSink::row();
  csv.us(at).uid(uid).ready(names().op_and_base_fields(row.op)).text(names().celltype_of(row.op));
  csv.integer(row.die).address(row.target).integer(row.resumed ? 1 : 0).integer(next_call_++).end();
}

}  // namespace nandtlm
