// Cases of the suspend sweep, played by the model and by the reference: the same to the picosecond.
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "tests/properties/compare.h"
#include "tests/properties/model_run.h"
#include "tests/reference/machine.h"
#include "tests/support/effort.h"
#include "tests/support/test_devices.h"
#include "tests/sweeps/op_chain.h"
#include "tests/sweeps/suspend_case.h"

namespace nandtlm::test {
namespace {

class ReferenceSweep : public ::testing::TestWithParam<std::string> {
 protected:
  /// Two cuts drawn from all that the sweep tries.
  SuspendCase draw() {
    SuspendCase one;
    one.op = find_op(*device_, GetParam(), "", below(2) == 1);
    one.planes = device_->op(one.op).multi ? 2 + below(3) : 1;
    one.die = static_cast<std::uint32_t>(below(device_->topology.dies));
    one.followers = static_cast<Followers>(below(kFollowerKinds));
    one.within_erase = GetParam() != "ERASE" && below(3) == 0;
    for (int i = 0; i < 3; ++i) {
      const std::vector<Time> instants = instants_after(*device_, one);
      if (!instants.empty()) one.cuts.push_back({instants[below(instants.size())], static_cast<Way>(below(kWays))});
    }
    return one;
  }

  std::vector<reference::Proposal> proposals(const SuspendCase& one) const {
    std::vector<reference::Proposal> all;
    const auto add = [&all](const std::vector<Act>& acts) {
      for (const Act& act : acts) all.push_back({act.at, act.batch});
    };
    add(read_page_steps(*device_, one.die, 1));
    add(setup_steps(*device_, one, 0, kSetupTime));
    add(script_of(*device_, one, 0, 2 * kSetupTime).steps);
    return all;
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::shared_ptr<const Device> device_ = shipped_device("tlc_4plane.yaml");
  std::mt19937_64 random_{20'240};
};

// SUS-02, SUS-03, SUS-04, SUS-09, BKL-01, BKL-02, BKL-04
TEST_P(ReferenceSweep, ModelAndReferenceTellTheSameStory) {
  const int cases = soaking() ? 3'000 : kSanitized ? 10 : 60;
  for (int i = 0; i < cases && !HasFailure(); ++i) {
    const SuspendCase one = draw();
    const std::vector<reference::Proposal> batches = proposals(one);
    Time horizon = 0;
    reference::Story expected = reference::run(*device_, batches, 20 * kSetupTime, horizon);
    ModelRun seen = play_in_model(device_, batches, horizon);
    EXPECT_EQ(first_difference(batches, expected, seen.story), "") << one.text(*device_);
    EXPECT_TRUE(seen.faults.empty()) << one.text(*device_) << '\n' << seen.faults.front();
  }
}

INSTANTIATE_TEST_SUITE_P(Bases, ReferenceSweep, ::testing::ValuesIn(family_bases()),
                         [](const auto& base) { return base.param; });

}  // namespace
}  // namespace nandtlm::test
