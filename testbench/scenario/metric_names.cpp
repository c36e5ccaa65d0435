#include "testbench/scenario/metric_names.h"

#include "model/observe/metrics.h"

namespace nandtlm {
namespace {

constexpr Time kAnyDuration = kPsPerUs;

/// One op that waited, ran, and was cut and resumed: every distribution has its figures then.
Metrics metrics_with_distributions(const Device& device) {
  Metrics metrics(device);
  OpInfo op;
  op.uid = 1;
  metrics.op_accepted(op, 0, 0);
  metrics.op_started(op, 0);
  metrics.op_suspended(op, kAnyDuration, kAnyDuration, kAnyDuration);
  metrics.op_resumed(op, 2 * kAnyDuration, kAnyDuration);
  metrics.op_ended(op, 3 * kAnyDuration);
  return metrics;
}

}  // namespace

bool metric_exists(const std::string& metric, const Device& device) {
  return metrics_with_distributions(device).value(metric).has_value();
}

bool metric_is_time(const std::string& metric) {
  if (metric == "simulated") return true;
  const std::size_t dot = metric.find("_time.");
  return dot != std::string::npos && metric.substr(dot) != "_time.count";
}

}  // namespace nandtlm
