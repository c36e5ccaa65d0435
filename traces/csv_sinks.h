// All text outputs of a run in one folder, behind one sink.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "traces/count_csvs.h"
#include "traces/csv_names.h"
#include "traces/event_csv.h"
#include "traces/number_texts.h"
#include "traces/program_log_csv.h"
#include "traces/refusal_files.h"
#include "traces/sequence_csv.h"
#include "traces/state_timeline_csv.h"
#include "traces/timeline_csv.h"

namespace nandtlm {

/// Which files are written, and how.
struct CsvOptions {
  bool sequence = true;   ///< operation_sequence.csv
  bool timelines = true;  ///< operation_timeline.csv, op_state_timeline.csv
  bool events = true;     ///< op_event_resume.csv, apply_pgm_log.csv
  bool counts = true;     ///< address_touch_count, op_state_name_input_time_count, phase_proposal_counts
  bool refusals = true;   ///< resume_errors.csv, proposer_debug.log
  OutputOptions output;
};

/// The files of SPEC section 9 that are text, except metrics.json. Destroying it without finish() (a run that is
/// stopped) finishes the files at the time of the last call; errors are then not reported.
class CsvSinks final : public TraceSink {
 public:
  /// Creates `dir` where it is missing. The device outlives this. Throws OutputError.
  CsvSinks(const Device& device, const std::filesystem::path& dir, const CsvOptions& options = {});
  ~CsvSinks() override;
  CsvSinks(const CsvSinks&) = delete;
  CsvSinks& operator=(const CsvSinks&) = delete;

  void op_accepted(const OpInfo& op, Time at, Time start) override;
  void request_refused(const RefusedRequest& request, Time at) override;
  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void state_entered(const OpInfo& op, State state, Time at) override;
  void resume_failed(const ResumeError& error, Time at) override;
  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override;
  /// Finishes every file; throws the first OutputError after that.
  void finish(Time at) override;

  /// Writes what is complete to the files, for readers while the run goes on.
  void flush();
  /// Throws OutputError if a write of any file has failed.
  void check();
  /// Rows held back in the two timelines, for their bound (memory does not grow with the run).
  std::size_t held_back() const;

 private:
  void for_each(const std::function<void(CsvSink&)>& visit);

  CsvNames names_;
  SharedTexts texts_;
  std::optional<SequenceCsv> sequence_;
  std::optional<TimelineCsv> timeline_;
  std::optional<StateTimelineCsv> state_timeline_;
  std::optional<EventCsv> events_;
  std::optional<ProgramLogCsv> program_log_;
  std::optional<TouchCountCsv> touch_counts_;
  std::optional<InputTimeCountCsv> input_time_counts_;
  std::optional<ProposalCountCsv> proposal_counts_;
  std::optional<ResumeErrorsCsv> resume_errors_;
  std::optional<ProposerLog> log_;
  Time last_ = 0;
  bool finished_ = false;
};

}  // namespace nandtlm
