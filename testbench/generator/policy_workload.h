// The suspend policy as a workload: the same reads with the policy on and, on a second package, off (GEN-03).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "testbench/generator/read_controller.h"
#include "testbench/workload.h"

namespace nandtlm {

class PolicyWorkload : public Workload {
 public:
  PolicyWorkload(sc_core::sc_module_name name, std::shared_ptr<const PolicyPlan> plan, Package& package,
                 Scheduler& scheduler);

  bool finished() const override;
  double progress() const override { return main_.progress(); }
  /// The second package must pass its self-check too.
  std::vector<std::string> failures() const override;
  std::vector<std::pair<std::string, std::string>> report() const override;
  bool stop() override;
  bool waits_for_model() const override { return finished(); }
  /// The package to compare with keeps in step with the kernel: the two share nothing.
  bool lives_in_agenda() const override { return true; }
  void transfer(StateArchive& archive) override;

  const PolicyResult& result() const { return main_.result(); }
  /// nullptr: nothing to compare with.
  const PolicyResult* compared() const { return other_ ? &other_->controller.result() : nullptr; }

 private:
  struct Other {
    Other(const PolicyPlan& plan, bool policy_on);
    Package package;
    Scheduler scheduler;
    ReadController controller;
  };
  void begin() override;

  std::shared_ptr<const PolicyPlan> plan_;
  ReadController main_;
  std::unique_ptr<Other> other_;
};

}  // namespace nandtlm
