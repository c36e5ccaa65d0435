// The counters of metrics.json are those of the files (section 7 of the rules). Counters that it lacks are passed over.
#include <limits>

#include "testbench/check/checks.h"

namespace nandtlm::check {
namespace {

struct Counts {
  std::int64_t seen = 0;
  std::int64_t completed = 0;
  std::int64_t aborted = 0;
  std::int64_t suspends = 0;
  std::int64_t resumes = 0;
  std::int64_t resumes_under_way = 0;  ///< RESUME ops that were stopped, or run on, before the op's own time went on
};

Counts count(const Run& run) {
  Counts counts;
  for (const Op& op : run.ops) {
    if (!op.events.empty()) ++counts.seen;
    if (op.life == Life::Ended) ++counts.completed;
    if (op.life == Life::Aborted) ++counts.aborted;
    if (run.traits_of(op).is_resume && op.life != Life::Ended) ++counts.resumes_under_way;
    for (std::uint32_t i = op.events.first; i < op.events.last; ++i) {
      if (run.events[i].kind == EventKind::Suspend) ++counts.suspends;
      if (run.events[i].kind == EventKind::Resume) ++counts.resumes;
    }
  }
  return counts;
}

class Comparison {
 public:
  explicit Comparison(const MetricsFile& metrics) : metrics_(metrics) {}

  void expect(const char* counter, std::int64_t least, std::int64_t most) {
    const auto told = metrics_.number(counter);
    if (!told) return;
    ++compared_;
    if (*told < least || *told > most) findings_.add("{} is {}, the files have {}", counter, *told, least);
  }
  void expect(const char* counter, std::int64_t value) { expect(counter, value, value); }
  RunCheckLine line() const { return findings_.line(fmt::format("{} counters", compared_)); }

 private:
  const MetricsFile& metrics_;
  std::size_t compared_ = 0;
  Findings findings_{"metrics"};
};

}  // namespace

void check_metrics(const Run& run, Lines& lines) {
  if (!run.files.metrics) return;
  const Counts counts = count(run);
  Comparison comparison(*run.files.metrics);
  // Ops that were accepted but had not yet started when the run ended are in no file.
  comparison.expect("ops_accepted", counts.seen, std::numeric_limits<std::int64_t>::max());
  comparison.expect("ops_completed", counts.completed);
  comparison.expect("ops_aborted", counts.aborted);
  comparison.expect("suspends", counts.suspends);
  comparison.expect("resumes", counts.resumes, counts.resumes + counts.resumes_under_way);
  comparison.expect("resume_cancelled.total", static_cast<std::int64_t>(run.files.resume_errors.size()));  // MET-01
  comparison.expect("program_resume_page_mismatch", 0);
  lines.push_back(comparison.line());
}

}  // namespace nandtlm::check
