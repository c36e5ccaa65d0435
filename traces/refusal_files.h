// resume_errors.csv and proposer_debug.log: what was refused, and why.
#pragma once

#include <cstdint>

#include "traces/csv_sink.h"
#include "traces/instant_rows.h"

namespace nandtlm {

/// resume_errors.csv: every RESUME that was cancelled (MET-01, SUS-10).
class ResumeErrorsCsv final : public CsvSink {
 public:
  explicit ResumeErrorsCsv(const CsvContext& context);

  void resume_failed(const ResumeError& error, Time at) override;

 private:
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write(Time at, const ResumeError& error);

  InstantRows<ResumeError> errors_;
};

/// proposer_debug.log: one line per refused request or cancelled resume, in the order in which they happened.
class ProposerLog final : public CsvSink {
 public:
  explicit ProposerLog(const CsvContext& context);

  void request_refused(const RefusedRequest& request, Time at) override;
  void resume_failed(const ResumeError& error, Time at) override;

 private:
  void begin(Time at, std::string_view what, Reason reason);
  void word(std::string_view key, std::string_view value);
  template <typename Integer>
  void number(std::string_view key, Integer value);
  void time(std::string_view key, Time value);
  void append_time(Time value);
  void targets(const TargetList& targets);
  void blocker(const Refusal& refusal);
};

}  // namespace nandtlm
