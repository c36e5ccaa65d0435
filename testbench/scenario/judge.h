// Compares what was expected with what was seen.
#pragma once

#include <vector>

#include "model/scheduler/scheduler.h"
#include "testbench/scenario/failure_log.h"
#include "testbench/scenario/frame.h"

namespace nandtlm {

/// Every expectation that does not hold becomes one line of the log: what was expected, what was seen.
class Judge {
 public:
  Judge(const Package& package, const Scheduler& scheduler) : package_(package), scheduler_(scheduler) {}

  /// A batch was decided. Refusals that nobody expects are failures too.
  void decision(const Frame& frame, const ScenarioStep& step, const BatchDecision& decision, FailureLog& log) const;
  /// A request ended, was aborted or dropped.
  void finished(const Frame& frame, const OpLine& line, const OpResult& result, const PageData& read,
                FailureLog& log) const;
  /// The run is over and the request neither ended nor was aborted.
  void unfinished(const Frame& frame, const OpLine& line, FailureLog& log) const;
  /// Where the request stands in the end of the instant of its proposal.
  void state(const Frame& frame, const OpLine& line, FailureLog& log) const;
  /// An expectation standing alone; call it when its instant is over.
  void check(const Frame& frame, const ScenarioStep& step, FailureLog& log) const;

 private:
  void time(const Frame& frame, const OpLine& line, const TimeExpect& expect, FailureLog& log) const;
  void times(const Frame& frame, const OpLine& line, FailureLog& log) const;
  void outcome(const OpLine& line, const OpResult& result, FailureLog& log) const;
  void status(const OpLine& line, const OpResult& result, FailureLog& log) const;
  void data(const Frame& frame, const OpLine& line, const std::vector<std::uint8_t>& read, FailureLog& log) const;
  void depth(const Frame& frame, const DepthExpect& expect, FailureLog& log) const;
  void metric(const Frame& frame, const MetricExpect& expect, FailureLog& log) const;
  void share(const Frame& frame, const ShareExpect& expect, FailureLog& log) const;
  void end_order(const Frame& frame, const CheckExpect& check, FailureLog& log) const;
  void self_check(const Mark& mark, FailureLog& log) const;

  const Package& package_;
  const Scheduler& scheduler_;
};

/// The moment's time; kNever where its event has not happened.
Time time_of(const Moment& moment, const Frame& frame);

}  // namespace nandtlm
