#include "testbench/generator/policy_workload.h"

#include <fmt/format.h>

#include "config/scalars.h"

namespace nandtlm {
namespace {

std::string row_of(const char* policy, const PolicyResult& result) {
  const Histogram& latency = result.latency;
  const auto us = [&](Time time) { return fmt::format("{:.1f}", static_cast<double>(time) / kPsPerUs); };
  return fmt::format("{:<6} {:>9} {:>10} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9}", policy, latency.count(),
                     us(latency.mean()), us(latency.percentile(500)), us(latency.percentile(990)),
                     us(latency.percentile(999)), us(latency.max()), result.suspends, result.writes);
}

}  // namespace

PolicyWorkload::Other::Other(const PolicyPlan& plan, bool policy_on)
    : package("package_compared", plan.device),
      scheduler("scheduler_compared", package),
      controller(plan, package, scheduler, policy_on) {
  scheduler.bind_all();
}

PolicyWorkload::PolicyWorkload(sc_core::sc_module_name name, std::shared_ptr<const PolicyPlan> plan, Package& package,
                               Scheduler& scheduler)
    : Workload(name), plan_(std::move(plan)), main_(*plan_, package, scheduler, plan_->settings.enabled) {
  if (plan_->settings.compare) other_ = std::make_unique<Other>(*plan_, !plan_->settings.enabled);
}

void PolicyWorkload::begin() {
  main_.begin();
  if (other_) other_->controller.begin();
}

void PolicyWorkload::transfer(StateArchive& archive) {
  archive.mark("policy");
  archive(main_);
  if (!other_) return;
  other_->package.transfer(archive);
  other_->scheduler.transfer(archive);
  archive(other_->controller);
}

bool PolicyWorkload::finished() const {
  return main_.finished() && (!other_ || other_->controller.finished());
}

bool PolicyWorkload::stop() {
  main_.stop();
  if (other_) other_->controller.stop();
  return true;
}

std::vector<std::string> PolicyWorkload::failures() const {
  std::vector<std::string> lines;
  if (main_.result().latency.count() == 0) lines.emplace_back("no read was served");
  if (!other_) return lines;
  for (const CheckLine& line : other_->package.observers().self_check().report()) {
    if (!line.pass) lines.push_back(fmt::format("on the package to compare with: {} {}", line.name, line.detail));
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> PolicyWorkload::report() const {
  std::vector<std::pair<std::string, std::string>> lines;
  lines.emplace_back(
      "reads", fmt::format("{:<6} {:>9} {:>10} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9}", "policy", "reads", "mean us",
                           "p50 us", "p99 us", "p99.9 us", "max us", "suspends", "writes"));
  const bool on = plan_->settings.enabled;
  if (other_) lines.emplace_back("", row_of(on ? "off" : "on", other_->controller.result()));
  lines.emplace_back("", row_of(on ? "on" : "off", main_.result()));
  return lines;
}

}  // namespace nandtlm
