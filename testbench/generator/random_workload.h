// The constrained-random generator as a workload: hooks in simulated time, batches to the scheduler (SPEC section 10).
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "model/package.h"
#include "testbench/generator/bootstrap.h"
#include "testbench/generator/coverage.h"
#include "testbench/generator/hook.h"
#include "testbench/generator/proposer.h"
#include "testbench/workload.h"

namespace nandtlm {

/// Everything a generated run is made of, checked.
struct RandomPlan {
  std::shared_ptr<const Device> device;
  GeneratorSettings settings;
  Generation generation;
  WeightTable weights;
  std::uint64_t seed = 1;
};

/// Has no process of its own: it takes part in the package's agenda, at the turn of proposals, so that a hook meets the
/// ends and refills of its instant done (EVT-01).
class RandomWorkload : public Workload, private TraceSink, private AgendaClient {
 public:
  RandomWorkload(sc_core::sc_module_name name, std::shared_ptr<const RandomPlan> plan, Package& package,
                 Scheduler& scheduler);

  bool finished() const override;
  double progress() const override;
  std::vector<std::string> failures() const override;
  std::vector<std::pair<std::string, std::string>> report() const override;
  void write_outputs(const std::filesystem::path& folder) const override;
  bool stop() override;
  bool next_run() override;
  bool waits_for_model() const override { return finished(); }
  bool lives_in_agenda() const override { return true; }
  void transfer(StateArchive& archive) override;

  const ProposerCounts& counts() const { return proposer_.counts(); }
  const Coverage& coverage() const { return coverage_; }

 private:
  void begin() override;
  // The model tells.
  void batch_decided(const BatchDecision& decision) override;
  unsigned follows() const override { return kStateCalls; }
  void op_accepted(const OpInfo& op, Time at, Time start) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void state_entered(const OpInfo& op, State state, Time at) override;
  void lose_stages_to(const OpInfo& op);
  // Hooks.
  void due(Turn turn, Op* op, std::uint32_t argument) override;
  bool is_void(const Hook& hook);
  void add_hooks_of(const OpInfo& op, std::size_t step, Time at, Time left);
  Time draw_offset(const OpInfo& op, const Step& step, Time left, Rng& rng) const;
  void add_hook(const Hook& hook, Time at);
  std::uint32_t phase_behind(const OpInfo& op, std::size_t step) const;
  std::uint32_t& cuts(std::uint32_t die, Family family) { return cuts_[die][static_cast<std::size_t>(family)]; }
  void run_hook(const Hook& hook);
  void decide(Batch& batch);
  void refill();
  bool is_idle(std::uint32_t die, std::uint32_t plane) const;
  void refill_at(Time at);
  void drain_step();
  bool drained();
  bool gives_up(std::uint32_t most_quiet_rounds);
  Time now() const { return package_.agenda().now(); }

  std::shared_ptr<const RandomPlan> plan_;
  Package& package_;
  Scheduler& scheduler_;
  const Device& device_;
  Proposer proposer_;
  Coverage coverage_;
  Bootstrap bootstrap_;
  HookList hooks_;
  std::vector<std::array<std::uint32_t, kFamilies>> cuts_;  ///< [die][family]: SUSPENDs that cut an op
  std::uint64_t next_hook_ = 0;
  std::uint64_t accepted_ = 0;         ///< in this run
  std::uint64_t accepted_before_ = 0;  ///< in those of its chain before
  std::uint64_t address_refusals_ = 0;
  std::uint64_t refill_round_ = 0;
  bool refill_pending_ = false;
  Uid resumed_uid_ = 0;  ///< whose next state is the rest of one
  Time resumed_left_ = 0;
  bool stopped_ = false;
  bool drained_ = false;
  bool starved_ = false;  ///< gave up proposing
  std::uint32_t quiet_rounds_ = 0;
};

}  // namespace nandtlm
