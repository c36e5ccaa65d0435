// The files that a run writes: traces while it goes on, metrics.json at its end.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "config/run_file.h"
#include "model/observe/observer_hub.h"
#include "traces/csv_sinks.h"
#include "traces/trace_thread.h"
#include "traces/vcd_sink.h"

namespace nandtlm {

/// Opens the outputs of a run in its folder and listens. All of them are opened before anything is simulated.
class RunSinks {
 public:
  /// Makes the folder where it is missing, removes what an earlier run wrote at its end (a run that is killed must not
  /// look finished), and attaches the sinks to `hub`; this outlives the last event. Throws OutputError.
  /// `restored`: the files go on where those of a snapshot ended.
  RunSinks(const RunFile& settings, const Device& device, ObserverHub& hub, StateArchive* restored = nullptr);
  ~RunSinks();
  RunSinks(const RunSinks&) = delete;
  RunSinks& operator=(const RunSinks&) = delete;

  /// True from the first write that failed on: the run should stop.
  bool failed() const { return failed_; }
  /// Complete rows, a closed dump and its saved view as of `at`. Throws the first OutputError of the run.
  void finish(Time at);
  /// SNP-01: what the files do not hold yet; they have all complete rows then. Throws OutputError.
  void save(StateArchive& archive);
  /// Instead of finish(): what was saved is written elsewhere. Throws OutputError.
  void leave();
  /// Writes metrics.json in one piece: there is either all of it or nothing. Throws OutputError.
  void write_metrics(const std::string& json);

  const std::filesystem::path& folder() const { return folder_; }

 private:
  void transfer(StateArchive& archive);

  const Device& device_;
  ObserverHub& hub_;
  std::filesystem::path folder_;
  std::atomic<bool> failed_ = false;  ///< set in the thread of the sinks
  std::optional<CsvSinks> csv_;
  std::optional<VcdSink> vcd_;
  TraceThread thread_;  ///< behind its sinks: it tells them what is left when it goes
};

}  // namespace nandtlm
