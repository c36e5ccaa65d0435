#include "traces/csv_sinks.h"

#include <exception>
#include <future>

#include "traces/output_folder.h"
#include "traces/quiet_thread.h"

namespace nandtlm {

CsvSinks::CsvSinks(const Device& device, const std::filesystem::path& dir, const CsvOptions& options) : names_(device) {
  make_folder(dir);
  const CsvContext context{names_, texts_, dir, options.output};
  if (options.sequence) get<SequenceCsv>().emplace(context);
  if (options.timelines) {
    get<TimelineCsv>().emplace(context);
    get<StateTimelineCsv>().emplace(context);
  }
  if (options.events) {
    get<EventCsv>().emplace(context);
    get<ProgramLogCsv>().emplace(context);
  }
  if (options.counts) {
    get<TouchCountCsv>().emplace(context);
    get<InputTimeCountCsv>().emplace(context);
    get<ProposalCountCsv>().emplace(context);
  }
  if (options.refusals) {
    get<ResumeErrorsCsv>().emplace(context);
    get<ProposerLog>().emplace(context);
  }
}

CsvSinks::~CsvSinks() {
  if (finished_) return;
  try {
    finish(last_);
  } catch (...) {  // a run that is stopped by an error reports that error
  }
}

void CsvSinks::op_accepted(const OpInfo& op, Time at, Time start) {
  tell(at, [&](auto& file) { file.op_accepted(op, at, start); });
}

void CsvSinks::request_refused(const RefusedRequest& request, Time at) {
  tell(at, [&](auto& file) { file.request_refused(request, at); });
}

void CsvSinks::op_started(const OpInfo& op, Time at) {
  tell(at, [&](auto& file) { file.op_started(op, at); });
}

void CsvSinks::op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) {
  tell(at, [&](auto& file) { file.op_suspended(op, at, consumed, remaining); });
}

void CsvSinks::op_resumed(const OpInfo& op, Time at, Time remaining) {
  tell(at, [&](auto& file) { file.op_resumed(op, at, remaining); });
}

void CsvSinks::op_ended(const OpInfo& op, Time at) {
  tell(at, [&](auto& file) { file.op_ended(op, at); });
}

void CsvSinks::op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) {
  tell(at, [&](auto& file) { file.op_aborted(op, at, consumed, why); });
}

void CsvSinks::state_entered(const OpInfo& op, State state, Time at) {
  tell(at, [&](auto& file) { file.state_entered(op, state, at); });
}

void CsvSinks::resume_failed(const ResumeError& error, Time at) {
  tell(at, [&](auto& file) { file.resume_failed(error, at); });
}

void CsvSinks::page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) {
  tell(at, [&](auto& file) { file.page_programmed(op, target, was_resumed, at); });
}

/// The table of pages takes about as long as all the others together: at the same time, where a thread can be had. It
/// only reads what it shares with them.
void CsvSinks::finish(Time at) {
  finished_ = true;
  std::exception_ptr first;
  const auto attempt = [&first](auto&& work) {
    try {
      work();
    } catch (const OutputError&) {
      if (!first) first = std::current_exception();
    }
  };
  std::future<void> pages;
  try {
    const QuietThreads quiet;
    if (auto& file = get<TouchCountCsv>()) pages = std::async([&file, at] { file->finish(at); });
  } catch (const std::exception&) {
    // No thread to be had, or no memory for one: all in turn.
  }
  for_each([&](CsvSink& file) {
    if (!pages.valid() || &file != &*get<TouchCountCsv>()) attempt([&] { file.finish(at); });
  });
  if (pages.valid()) attempt([&] { pages.get(); });
  if (first) std::rethrow_exception(first);
}

void CsvSinks::flush() {
  for_each([](CsvSink& file) { file.file().flush(); });
}

void CsvSinks::check() {
  for_each([](CsvSink& file) { file.file().check(); });
}

std::size_t CsvSinks::held_back() {
  const auto& timeline = get<TimelineCsv>();
  const auto& states = get<StateTimelineCsv>();
  return (timeline ? timeline->held_back() : 0) + (states ? states->held_back() : 0);
}

}  // namespace nandtlm
