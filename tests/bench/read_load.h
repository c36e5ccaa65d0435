// A closed-loop client that reads on die 0, beside standing work there that must not make it dearer.
#pragma once

#include <systemc>

#include "model/scheduler/scheduler.h"

namespace nandtlm::bench {

/// What stands on die 0 while the reads run.
struct StandingWork {
  std::uint32_t ahead = 0;    ///< programs reserved far in the future
  std::uint32_t backlog = 0;  ///< erases that wait behind a suspended erase
};

class ReadLoad : public sc_core::sc_module, public SchedulerClient {
 public:
  ReadLoad(sc_core::sc_module_name name, Package& package, Scheduler& scheduler, const StandingWork& standing,
           std::uint64_t reads);

  std::uint64_t finished() const { return finished_; }
  std::uint64_t refused() const { return refused_; }
  void op_finished(const OpResult& result) override;
  void batch_decided(const BatchDecision& decision) override;

 private:
  void run();
  void submit(const char* op, std::int32_t block, std::int32_t page, Time not_before);
  void read();

  Package& package_;
  Scheduler& scheduler_;
  StandingWork standing_;
  OpId read_;
  std::uint64_t left_;
  std::uint64_t finished_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace nandtlm::bench
