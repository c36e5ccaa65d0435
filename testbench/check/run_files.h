// Finds and reads the files of a run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "testbench/check/csv_table.h"
#include "testbench/check/findings.h"
#include "testbench/check/metrics_file.h"
#include "testbench/check/rows.h"

namespace nandtlm::check {

/// Everything that was read, in file order.
struct RunFiles {
  Names names;
  std::vector<SequenceRow> sequence;
  std::vector<Place> payloads;  ///< of all sequence rows
  std::vector<PieceRow> pieces;
  std::vector<StateRow> states;
  std::vector<EventRow> events;
  std::vector<ProgramRow> programs;
  std::vector<ErrorRow> resume_errors;
  std::optional<MetricsFile> metrics;

  Findings row_order{"row_order"};    ///< OUT-00, judged while reading
  Findings state_rows{"state_rows"};  ///< OUT-01, judged while reading
  Rounding rounding;
  std::vector<std::string> notes;
  std::vector<std::string> errors;
};

/// Reads the run in the folder `dir`; what cannot be read stands in `errors`.
RunFiles read_run(const std::string& dir);

}  // namespace nandtlm::check
