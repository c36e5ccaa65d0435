// What the writers hold back, in a snapshot (SNP-01): a run that is carried on writes what is left of every file.
#include <unistd.h>

#include "tlm/state_archive.h"
#include "traces/csv_sinks.h"
#include "traces/vcd_sink.h"

namespace nandtlm {

void BufferedFile::transfer(StateArchive& archive) {
  std::string open;
  if (archive.loading()) {
    archive(open);
    empty();
    append(open);
  } else {
    flush();
    check();
    open.assign(open_text(), open_size());
    archive(open);
  }
}

void CsvSink::transfer(StateArchive& archive) {
  file_.transfer(archive);
  transfer_rows(archive);
}

void CsvSink::leave() {
  finished_ = true;
  file_.close();
}

void SequenceCsv::transfer_rows(StateArchive& archive) {
  archive(rows_, next_seq_);
}

void TimelineCsv::transfer_rows(StateArchive& archive) {
  archive(pieces_, live_);
}

void StateTimelineCsv::transfer_rows(StateArchive& archive) {
  archive(intervals_, live_);
}

void EventCsv::transfer_rows(StateArchive& archive) {
  archive(instant_, live_);
}

void ProgramLogCsv::transfer_rows(StateArchive& archive) {
  archive(rows_, next_call_);
}

void TouchCountCsv::transfer_rows(StateArchive& archive) {
  archive(counts_);
}

void InputTimeCountCsv::transfer_rows(StateArchive& archive) {
  archive(planes_, counts_);
}

void ProposalCountCsv::transfer_rows(StateArchive& archive) {
  archive(slice_, counts_);
}

void ResumeErrorsCsv::transfer_rows(StateArchive& archive) {
  archive(errors_);
}

void CsvSinks::transfer(StateArchive& archive) {
  finished_ = archive.loading();  // half a state is not written
  archive.mark("csv");
  archive(last_);
  for_each([&](CsvSink& file) { file.transfer(archive); });
  finished_ = false;
}

void CsvSinks::leave() {
  finished_ = true;
  for_each([](CsvSink& file) { file.leave(); });
}

void VcdFile::transfer(StateArchive& archive) {
  file_.transfer(archive);
  dirty_.resize(dirty_size_);
  archive(variables_, dirty_, now_, started_);
  dirty_size_ = dirty_capacity_ = dirty_.size();
}

void VcdFile::leave() {
  closed_ = true;
  file_.close();
}

void VcdSink::transfer(StateArchive& archive) {
  over_ = archive.loading();  // half a state is not written
  archive.mark("vcd");
  file_.transfer(archive);
  archive(ops_, dies_, channels_, changed_dies_, changed_channels_, first_suspension_);
  for (ChannelLines& lines : channel_lines_) archive(lines);
  for (PlaneLines& lines : plane_lines_) archive(lines);
  over_ = false;
}

void VcdSink::leave() {
  over_ = true;
  file_.leave();
}

}  // namespace nandtlm
