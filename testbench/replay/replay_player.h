// Plays a recorded sequence: every row starts exactly at its time, with its uid.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "testbench/replay/sequence_rows.h"
#include "testbench/workload.h"
#include "tlm/kernel_time.h"

namespace nandtlm {

/// Every row is a batch of its own, proposed at its start. A refused row is a failure; a status read that answers
/// something else than its `exp_val` is a warning. An op that was cut restarts by its RESUME row.
class ReplayPlayer final : public Workload {
 public:
  ReplayPlayer(sc_core::sc_module_name name, std::shared_ptr<const SequenceRows> sequence, const Device& device,
               Scheduler& scheduler);

  bool finished() const override { return decided_ == to_propose_; }
  double progress() const override;
  /// The first ten rows that were refused, and how many there are.
  std::vector<std::string> failures() const override { return refused_.lines(); }
  /// The first ten status reads that answered otherwise, and how many there are.
  std::vector<std::string> warnings() const override { return unexpected_status_.lines(); }
  bool stop() override;
  void transfer(StateArchive& archive) override;

  void batch_decided(const BatchDecision& decision) override;
  void op_finished(const OpResult& result) override;

 private:
  /// Lines about rows; only the first few are kept, all are counted.
  class RowLog {
   public:
    explicit RowLog(const char* of_all) : of_all_(of_all) {}
    void add(const std::string& line);
    std::vector<std::string> lines() const;
    template <typename Archive>
    void transfer(Archive& archive) {
      archive(count_, kept_);
    }

   private:
    static constexpr std::size_t kKept = 10;
    const char* of_all_;
    std::size_t count_ = 0;
    std::vector<std::string> kept_;
  };

  void begin() override;
  void propose_due();
  void propose(const SequenceRow& row);
  std::string place_of(const SequenceRow& row) const;

  std::shared_ptr<const SequenceRows> sequence_;
  const Device& device_;
  Scheduler& scheduler_;
  KernelTime time_;
  sc_core::sc_event due_event_;
  std::size_t proposed_ = 0;  ///< rows; decisions come in the order of the proposals
  std::size_t decided_ = 0;
  std::size_t to_propose_;
  std::unordered_map<std::uint64_t, std::size_t> status_reads_;  ///< under way: rows by ticket
  RowLog refused_{"rows were refused"};
  RowLog unexpected_status_{"status reads answered otherwise than their exp_val"};
};

}  // namespace nandtlm
