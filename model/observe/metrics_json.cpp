// The names of the counters: one flat list, which value() searches and to_json() nests.
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/scalars.h"
#include "model/observe/metrics.h"

namespace nandtlm {
namespace {

using Json = nlohmann::ordered_json;

struct Percentile {
  const char* name;
  std::uint32_t per_mille;
};
constexpr std::array<Percentile, 4> kPercentiles = {{{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p99_9", 999}}};

std::string dotted(const std::vector<std::string>& path) {
  std::string name;
  for (const std::string& part : path) name += (name.empty() ? "" : ".") + part;
  return name;
}

Json json_of(const Metrics::LastResumeError& last) {
  const ResumeError& error = last.error;
  return {{"family", name(error.family)},
          {"die", error.die},
          {"op_uid", error.uid},
          {"time_us", us_text(last.at)},
          {"reason", name(error.refusal.reason)},
          {"rule", error.refusal.rule},
          {"blocker_uid", error.refusal.blocker},
          {"wanted_start_us", us_text(error.wanted_start)},
          {"remaining_us", us_text(error.remaining)}};
}

}  // namespace

Metrics::Entries Metrics::entries() const {
  Entries out;
  const auto count = [&out](std::vector<std::string> path, std::int64_t value) {
    out.push_back({std::move(path), value, Entry::Unit::Count});
  };
  const auto by_reason = [&count](const char* group, const ByReason& counts) {
    std::int64_t total = 0;
    for (const std::int64_t value : counts) total += value;
    count({group, "total"}, total);
    for (std::size_t i = 1; i < kReasons; ++i) count({group, name(static_cast<Reason>(i))}, counts[i]);
  };
  const auto distribution = [&](const char* group, const Histogram& times) {
    count({group, "count"}, static_cast<std::int64_t>(times.count()));
    if (times.count() == 0) return;
    const auto time = [&](const char* key, Time value) { out.push_back({{group, key}, value, Entry::Unit::Ps}); };
    time("min", times.min());
    time("max", times.max());
    time("mean", times.mean());
    for (const Percentile& p : kPercentiles) time(p.name, times.percentile(p.per_mille));
  };

  out.push_back({{"simulated"}, now_, Entry::Unit::Ps});
  count({"topology", "channels"}, device_.topology.channels);
  count({"topology", "dies"}, device_.topology.dies);
  count({"topology", "planes"}, device_.topology.planes);
  count({"ops_accepted"}, counters_.ops_accepted);
  count({"ops_completed"}, counters_.ops_completed);
  count({"ops_aborted"}, counters_.ops_aborted);
  by_reason("ops_refused", counters_.ops_refused);
  count({"suspends"}, counters_.suspends);
  count({"resumes"}, counters_.resumes);
  by_reason("suspend_refused", counters_.suspend_refused);
  by_reason("resume_cancelled", counters_.resume_cancelled);
  count({"suspended_op_end_cancelled"}, counters_.suspends);  // every cut takes the end of an op off the calendar
  count({"program_resume_page_mismatch"}, counters_.program_resume_page_mismatch);
  count({"backlog_flush"}, counters_.backlog_flush);
  count({"backlog_flush_pending"}, backlog_flush_pending());
  count({"backlog_retry"}, counters_.backlog_retry);
  count({"backlog_retry_events"}, counters_.backlog_retry_events);
  count({"backlog_drop"}, counters_.backlog_drop);
  add_families(out);
  distribution("suspended_time", suspended_time_);
  distribution("wait_time", wait_time_);
  distribution("execution_time", execution_time_);
  for (std::size_t i = 0; i < committed_.size(); ++i) count({"committed_ops", device_.bases[i].name}, committed_[i]);
  return out;
}

void Metrics::add_families(Entries& out) const {
  const auto gauge = [&out](std::vector<std::string> path, const Gauge& value) {
    path.emplace_back("now");
    out.push_back({path, value.now, Entry::Unit::Count});
    path.back() = "peak";
    out.push_back({std::move(path), value.peak, Entry::Unit::Count});
  };
  gauge({"backlog_size"}, backlog_);
  families_.for_each([&](Family family, std::uint32_t die, const FamilyView& view) {
    gauge({"backlog_size", name(family), std::to_string(die)}, view.backlog);
  });
  families_.for_each([&](Family family, std::uint32_t die, const FamilyView& view) {
    gauge({"stack_depth", name(family), std::to_string(die)}, view.depth);
  });
}

std::optional<std::int64_t> Metrics::value(const std::string& name) const {
  const Entries all = entries();
  for (const std::string& wanted : {name, name + ".now", name + ".total"}) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&wanted](const Entry& entry) { return dotted(entry.path) == wanted; });
    if (found != all.end()) return found->value;
  }
  return std::nullopt;
}

std::string Metrics::to_json() const {
  Json root = Json::object();
  for (const Entry& entry : entries()) {
    Json* node = &root;
    for (std::size_t i = 0; i + 1 < entry.path.size(); ++i) node = &(*node)[entry.path[i]];
    if (entry.unit == Entry::Unit::Ps) {
      (*node)[entry.path.back() + "_us"] = us_text(entry.value);
    } else {
      (*node)[entry.path.back()] = entry.value;
    }
  }
  Json errors = Json::array();
  families_.for_each([&errors](Family, std::uint32_t, const FamilyView& view) {
    if (view.last_error) errors.push_back(json_of(*view.last_error));
  });
  root["last_resume_errors"] = std::move(errors);
  return root.dump(2) + "\n";
}

void Metrics::write_json(std::ostream& out) const {
  out << to_json();
}

}  // namespace nandtlm
