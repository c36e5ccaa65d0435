// What a hook proposes, and when it does not.
#include <gtest/gtest.h>

#include "testbench/generator/proposer.h"
#include "tests/support/scheduler_bench.h"

namespace nandtlm::test {
namespace {

/// Two dies on one channel, whose planes have been idle so far; the only op that is drawn takes the bus for 1 us and
/// nothing else. The admission window is 0.5 us.
class GeneratorProposer : public SystemCTest {
 protected:
  GeneratorProposer() : bench_(round_device()), device_(bench_.package.device()), weights_(device_) {
    generation_.sequences.resize(device_.bases.size());
    op_ = device_.find_op("Get_Feature").value();
    for (std::uint32_t phase = 0; phase < phase_count(device_); ++phase) weights_.at(phase, op_) = 1000;
    proposer_ = std::make_unique<Proposer>(bench_.package, bench_.scheduler, generation_, settings_, weights_);
  }

  std::optional<DrawnAhead> draw_ahead(std::uint32_t die, Time at) {
    return proposer_->draw_ahead(die, default_phase(device_), at, rng_);
  }
  const Batch* propose(std::uint32_t die) {
    return proposer_->propose(Hook{die, 0, Family::None, 0, {}}, bench_.now(), rng_);
  }

  SchedulerBench bench_;
  const Device& device_;
  Generation generation_;
  GeneratorSettings settings_;
  WeightTable weights_;
  OpId op_{};
  std::unique_ptr<Proposer> proposer_;
  Rng rng_{1, 1};
};

// GEN-01: the first op starts within the admission window, so the bus must be free by then.
TEST_F(GeneratorProposer, WaitsForTheBusWithinTheAdmissionWindow) {
  bench_.submit(bench_.from(us(100), bench_.request("Program", 0, 0)));  // on the bus from 100 to 110
  bench_.run_to(us(105));
  for (const std::uint32_t die : {0U, 1U}) EXPECT_EQ(propose(die), nullptr);
  EXPECT_EQ(proposer_->counts().no_bus, 2U);
  EXPECT_EQ(proposer_->counts().drawn, 0U);
  bench_.run_to(us(110) - us(1) / 2);
  const Batch* const batch = propose(1);
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->requests.front().op, op_);
  EXPECT_EQ(batch->requests.front().die, 1U);
  EXPECT_EQ(batch->requests.front().not_before, us(110));
  EXPECT_EQ(proposer_->counts().hooks, 3U);
}

// GEN-01: a hook for whose moment the bus is reserved already does not come.
TEST_F(GeneratorProposer, DrawsNothingAheadForAMomentAtWhichTheBusIsReserved) {
  bench_.submit(bench_.from(us(100), bench_.request("Program", 0, 0)));
  const Time window = us(1) / 2;
  for (const Time at : {us(99), us(110) - window, us(110), us(500)}) {
    const std::optional<DrawnAhead> drawn = draw_ahead(1, at);
    ASSERT_TRUE(drawn.has_value()) << at;
    EXPECT_EQ(drawn->op, op_);
    EXPECT_EQ(drawn->phase, default_phase(device_));
  }
  for (const Time at : {us(100), us(105), us(110) - window - 1}) EXPECT_FALSE(draw_ahead(1, at).has_value()) << at;
  EXPECT_EQ(proposer_->counts().no_bus, 3U);
  EXPECT_EQ(proposer_->counts().hooks, 3U);
}

}  // namespace
}  // namespace nandtlm::test
