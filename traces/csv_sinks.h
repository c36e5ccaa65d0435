// All text outputs of a run in one folder, behind one sink.
#pragma once

#include <filesystem>
#include <optional>
#include <tuple>

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

  unsigned follows() const override { return kStateCalls; }
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

  /// SNP-01: what is held back, for files that go on elsewhere.
  void transfer(StateArchive& archive);
  /// The end of these files, without what is held back. Throws OutputError.
  void leave();

  /// Writes what is complete to the files, for readers while the run goes on.
  void flush();
  /// Throws OutputError if a write of any file has failed.
  void check();
  /// Rows held back in the two timelines, for their bound (memory does not grow with the run).
  std::size_t held_back();

 private:
  /// Each is there where it is wanted.
  using Files = std::tuple<std::optional<SequenceCsv>, std::optional<TimelineCsv>, std::optional<StateTimelineCsv>,
                           std::optional<EventCsv>, std::optional<ProgramLogCsv>, std::optional<TouchCountCsv>,
                           std::optional<InputTimeCountCsv>, std::optional<ProposalCountCsv>,
                           std::optional<ResumeErrorsCsv>, std::optional<ProposerLog>>;

  template <typename File>
  std::optional<File>& get() {
    return std::get<std::optional<File>>(files_);
  }
  template <typename Visit>
  void for_each(Visit&& visit) {
    std::apply([&visit](auto&... file) { ((file ? visit(*file) : void()), ...); }, files_);
  }
  /// The classes of the files are final: a call costs nothing where a file does not need it.
  template <typename Call>
  void tell(Time at, Call&& call) {
    last_ = at;
    for_each(call);
  }

  CsvNames names_;
  SharedTexts texts_;
  Files files_;
  Time last_ = 0;
  bool finished_ = false;
};

}  // namespace nandtlm
