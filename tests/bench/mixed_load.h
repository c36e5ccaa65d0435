// A closed-loop client: reads, programs, erases, suspends and resumes on every die, as fast as the dies take them.
#pragma once

#include <systemc>
#include <vector>

#include "model/scheduler/scheduler.h"

namespace nandtlm::bench {

/// Every die works through its blocks of plane 0: erase (suspended once for a read), then its pages: program, read
/// back; every fourth program is suspended for a read and resumed.
class MixedLoad : public sc_core::sc_module, public SchedulerClient {
 public:
  MixedLoad(sc_core::sc_module_name name, Package& package, Scheduler& scheduler, std::uint64_t ops);

  std::uint64_t finished() const { return finished_; }
  std::uint64_t refused() const { return refused_; }
  void op_finished(const OpResult& result) override;
  void batch_decided(const BatchDecision& decision) override;

 private:
  struct DieLoad {
    std::uint32_t block = 0;
    std::uint32_t page = 0;  ///< next to program
    bool erased = false;
    std::uint32_t open = 0;  ///< submitted and not finished
  };
  struct Ops {
    OpId erase, program, read, program_suspend, program_resume, erase_suspend, erase_resume;
  };

  void start();
  void next_group(std::uint32_t die);
  void erase_group(std::uint32_t die, DieLoad& load);
  void program_group(std::uint32_t die, DieLoad& load);
  void submit(std::uint32_t die, OpId op, std::int32_t block, std::int32_t page, Time not_before);
  OpId find(const char* name) const;

  Package& package_;
  Scheduler& scheduler_;
  KernelTime time_;
  Ops ops_;
  std::vector<DieLoad> dies_;
  std::uint64_t to_submit_;
  std::uint64_t finished_ = 0;
  std::uint64_t refused_ = 0;
  std::uint32_t blocks_;
  std::uint32_t planes_;
  std::uint32_t pages_;
};

}  // namespace nandtlm::bench
