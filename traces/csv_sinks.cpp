#include "traces/csv_sinks.h"

#include <exception>
#include <system_error>

namespace nandtlm {
namespace {

std::filesystem::path make_folder(const std::filesystem::path& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) throw OutputError("cannot create folder '" + dir.string() + "': " + error.message());
  return dir;
}

}  // namespace

CsvSinks::CsvSinks(const Device& device, const std::filesystem::path& dir, const CsvOptions& options) : names_(device) {
  const CsvContext context{names_, texts_, make_folder(dir), options.output};
  if (options.sequence) sequence_.emplace(context);
  if (options.timelines) {
    timeline_.emplace(context);
    state_timeline_.emplace(context);
  }
  if (options.events) {
    events_.emplace(context);
    program_log_.emplace(context);
  }
  if (options.counts) {
    touch_counts_.emplace(context);
    input_time_counts_.emplace(context);
    proposal_counts_.emplace(context);
  }
  if (options.refusals) {
    resume_errors_.emplace(context);
    log_.emplace(context);
  }
}

CsvSinks::~CsvSinks() {
  if (finished_) return;
  try {
    finish(last_);
  } catch (const OutputError&) {  // a run that is stopped by an error reports that error
  }
}

void CsvSinks::op_accepted(const OpInfo& op, Time at, Time start) {
  last_ = at;
  if (proposal_counts_) proposal_counts_->op_accepted(op, at, start);
}

void CsvSinks::request_refused(const RefusedRequest& request, Time at) {
  last_ = at;
  if (log_) log_->request_refused(request, at);
}

void CsvSinks::op_started(const OpInfo& op, Time at) {
  last_ = at;
  if (sequence_) sequence_->op_started(op, at);
  if (timeline_) timeline_->op_started(op, at);
  if (events_) events_->op_started(op, at);
  if (input_time_counts_) input_time_counts_->op_started(op, at);
}

void CsvSinks::op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) {
  last_ = at;
  if (timeline_) timeline_->op_suspended(op, at, consumed, remaining);
  if (state_timeline_) state_timeline_->op_suspended(op, at, consumed, remaining);
  if (events_) events_->op_suspended(op, at, consumed, remaining);
}

void CsvSinks::op_resumed(const OpInfo& op, Time at, Time remaining) {
  last_ = at;
  if (timeline_) timeline_->op_resumed(op, at, remaining);
  if (events_) events_->op_resumed(op, at, remaining);
}

void CsvSinks::op_ended(const OpInfo& op, Time at) {
  last_ = at;
  if (timeline_) timeline_->op_ended(op, at);
  if (state_timeline_) state_timeline_->op_ended(op, at);
  if (events_) events_->op_ended(op, at);
  if (touch_counts_) touch_counts_->op_ended(op, at);
  if (input_time_counts_) input_time_counts_->op_ended(op, at);
}

void CsvSinks::op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) {
  last_ = at;
  if (timeline_) timeline_->op_aborted(op, at, consumed, why);
  if (state_timeline_) state_timeline_->op_aborted(op, at, consumed, why);
  if (events_) events_->op_aborted(op, at, consumed, why);
}

void CsvSinks::state_entered(const OpInfo& op, State state, Time at) {
  last_ = at;
  if (timeline_) timeline_->state_entered(op, state, at);
  if (state_timeline_) state_timeline_->state_entered(op, state, at);
  if (input_time_counts_) input_time_counts_->state_entered(op, state, at);
}

void CsvSinks::resume_failed(const ResumeError& error, Time at) {
  last_ = at;
  if (resume_errors_) resume_errors_->resume_failed(error, at);
  if (log_) log_->resume_failed(error, at);
}

void CsvSinks::page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) {
  last_ = at;
  if (program_log_) program_log_->page_programmed(op, target, was_resumed, at);
}

void CsvSinks::finish(Time at) {
  finished_ = true;
  std::exception_ptr first;
  for_each([&](CsvSink& sink) {
    try {
      sink.finish(at);
    } catch (const OutputError&) {
      if (!first) first = std::current_exception();
    }
  });
  if (first) std::rethrow_exception(first);
}

void CsvSinks::flush() {
  for_each([](CsvSink& sink) { sink.file().flush(); });
}

void CsvSinks::check() {
  for_each([](CsvSink& sink) { sink.file().check(); });
}

std::size_t CsvSinks::held_back() const {
  return (timeline_ ? timeline_->held_back() : 0) + (state_timeline_ ? state_timeline_->held_back() : 0);
}

void CsvSinks::for_each(const std::function<void(CsvSink&)>& visit) {
  if (sequence_) visit(*sequence_);
  if (timeline_) visit(*timeline_);
  if (state_timeline_) visit(*state_timeline_);
  if (events_) visit(*events_);
  if (program_log_) visit(*program_log_);
  if (touch_counts_) visit(*touch_counts_);
  if (input_time_counts_) visit(*input_time_counts_);
  if (proposal_counts_) visit(*proposal_counts_);
  if (resume_errors_) visit(*resume_errors_);
  if (log_) visit(*log_);
}

}  // namespace nandtlm
