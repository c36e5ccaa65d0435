// A SUSPEND at every boundary of every state of every base of both families, 1 ps before and behind it, and again in
// every piece that a RESUME brings; RESUMEs at every instant that matters, with and without a read in between; with
// none, one and two followers, one far behind, one that arrives meanwhile; on an idle die and while an erase stands
// suspended. tests/sweeps/suspend_case.h tells what must come of it.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/support/effort.h"
#include "tests/sweeps/op_chain.h"
#include "tests/sweeps/sweep_bench.h"

namespace nandtlm::test {
namespace {

/// What one sweep tries.
struct Extent {
  std::size_t depth = 2;        ///< SUSPENDs of one op
  std::size_t all_ways_to = 2;  ///< RESUMEs of this many are tried in every way; deeper ones in turn
  bool multi = true;            ///< multi-plane ops too
  bool within_erase = false;    ///< programs while an erase stands suspended
};

std::vector<Extent> extents() {
  if (soaking()) return {{2, 2, true, false}, {3, 1, true, false}, {3, 1, true, true}};
  if (kSanitized) return {{2, 1, true, false}, {2, 1, false, true}};
  return {{2, 2, true, false}, {3, 1, false, false}, {2, 1, false, true}};
}

class SuspendSweep : public SystemCTest, public ::testing::WithParamInterface<std::string> {
 protected:
  /// Every SUSPEND that can come next, each with every RESUME, and what comes behind those.
  void sweep(SweepBench& bench, SuspendCase one) {
    for (const Time offset : instants_after(*device_, one)) {
      one.cuts.push_back({offset, Way::AtEnd});
      const bool is_cut = script_of(*device_, one, 0, kSetupTime).was_cut;
      const bool in_turn = one.cuts.size() > extent_.all_ways_to;
      const int ways = is_cut && !in_turn ? kWays : 1;
      for (int way = 0; way < ways && !HasFailure(); ++way) {
        one.cuts.back().way = static_cast<Way>(in_turn ? turn_++ % kWays : way);
        play(bench, one, is_cut);
      }
      one.cuts.pop_back();
    }
  }

  void play(SweepBench& bench, SuspendCase& one, bool is_cut) {
    one.die = static_cast<std::uint32_t>(bench.played() % device_->topology.dies);
    const bool arrives_nowhere = one.followers == Followers::Arriving && one.cuts.size() == 1 && !is_cut;
    if (!arrives_nowhere) bench.play(one);
    if (is_cut && one.cuts.size() < extent_.depth) sweep(bench, one);
  }

  void sweep_op(SweepBench& bench, OpId op, std::size_t planes) {
    SuspendCase one;
    one.op = op;
    one.planes = planes;
    one.within_erase = extent_.within_erase;
    for (int followers = 0; followers < kFollowerKinds; ++followers) {
      one.followers = static_cast<Followers>(followers);
      sweep(bench, one);
    }
  }

  /// The first op of the base on one plane and the first on several; all of them in the long form.
  void sweep_base(SweepBench& bench, const std::string& base) {
    bool done[2] = {false, false};
    for (std::size_t i = 0; i < device_->ops.size(); ++i) {
      const auto op = static_cast<OpId>(i);
      const bool multi = device_->op(op).multi;
      if (device_->base_of(op).name != base || (multi && !extent_.multi)) continue;
      if (done[multi ? 1 : 0] && !soaking()) continue;
      done[multi ? 1 : 0] = true;
      sweep_op(bench, op, multi ? device_->topology.planes : 1);
      if (multi && soaking()) sweep_op(bench, op, 2);
    }
    EXPECT_TRUE(done[0] && done[1] == extent_.multi) << base;
  }

  std::shared_ptr<const Device> device_ = shipped_device("tlc_4plane.yaml");
  Extent extent_;
  int turn_ = 0;
};

// SUS-02, SUS-03, SUS-04, SUS-09, SUS-13, SUS-14, SUS-15, BKL-01, BKL-02, BKL-04, MET-02
TEST_P(SuspendSweep, EveryInstantOfEveryPieceGivesTheExactEnd) {
  SweepBench bench(device_);
  for (const Extent& extent : extents()) {
    if (extent.within_erase && GetParam() == "ERASE") continue;
    extent_ = extent;
    sweep_base(bench, GetParam());
  }
  EXPECT_EQ(bench.differences(), 0U);
  EXPECT_GT(bench.played(), 1000U);
  bench.expect_clean();
  std::cout << GetParam() << ": " << bench.played() << " cases\n";
}

INSTANTIATE_TEST_SUITE_P(Bases, SuspendSweep, ::testing::ValuesIn(family_bases()),
                         [](const auto& base) { return base.param; });

// CFG-05: no base of a family is left out.
TEST(SuspendSweepBases, AreAllOfBothFamilies) {
  const auto device = shipped_device("tlc_4plane.yaml");
  std::vector<std::string> bases;
  for (const OpBase& base : device->bases) {
    if (base.family != Family::None) bases.push_back(base.name);
  }
  EXPECT_EQ(bases, family_bases());
}

}  // namespace
}  // namespace nandtlm::test
