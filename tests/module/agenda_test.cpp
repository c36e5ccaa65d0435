// The agenda and the kernel: who wakes whom, and what time it is then.
#include "model/agenda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/systemc_fixture.h"

namespace nandtlm::test {
namespace {

/// Notes when its entries came, by the agenda and by the kernel.
class Clock : public AgendaClient {
 public:
  explicit Clock(Agenda& agenda) : agenda_(agenda) {}
  void due(Turn /*turn*/, Op* /*op*/, std::uint32_t argument) override {
    came_.push_back({agenda_.now(), time_.now()});
    if (argument != 0) agenda_.at(0, agenda_.now() + argument, Turn::Proposal, *this, nullptr);
    if (at_each_) at_each_();
  }
  void wake_at(Time time, std::uint32_t again = 0) { agenda_.at(0, time, Turn::Proposal, *this, nullptr, again); }

  std::vector<std::pair<Time, Time>> came_;
  std::function<void()> at_each_;

 private:
  Agenda& agenda_;
  KernelTime time_;
};

class AgendaTest : public SystemCTest {
 protected:
  void run(Time duration) { sc_core::sc_start(static_cast<double>(duration), sc_core::SC_PS); }

  Agenda agenda_{"agenda", 1};
  Clock clock_{agenda_};
  KernelTime time_;
};

using ::testing::ElementsAre;
using ::testing::Pair;

// EVT-01
TEST_F(AgendaTest, KeepsInStepWithTheKernel) {
  for (const Time time : {30, 10, 20}) clock_.wake_at(time);
  run(100);
  EXPECT_THAT(clock_.came_, ElementsAre(Pair(10, 10), Pair(20, 20), Pair(30, 30)));
}

// EVT-01: each entry at its time, in one activation; then the kernel is where it would be.
TEST_F(AgendaTest, RunsAheadWhereItMay) {
  clock_.wake_at(10, 7);
  for (const Time time : {20, 30, 40}) clock_.wake_at(time);
  agenda_.may_run_ahead_until(30);
  sc_core::sc_start(sc_core::sc_time(35, sc_core::SC_PS), sc_core::SC_EXIT_ON_STARVATION);
  EXPECT_THAT(clock_.came_, ElementsAre(Pair(10, 10), Pair(17, 10), Pair(20, 10), Pair(30, 30)));
  EXPECT_EQ(time_.now(), 30);
  EXPECT_EQ(agenda_.now(), 30);
  EXPECT_TRUE(agenda_.is_settled());
  run(100);
  EXPECT_THAT(clock_.came_.back(), Pair(40, 40));
}

TEST_F(AgendaTest, TheKernelCatchesUpWithTheLastOfIt) {
  for (const Time time : {10, 20}) clock_.wake_at(time);
  agenda_.may_run_ahead_until(100);
  sc_core::sc_start(sc_core::sc_time(50, sc_core::SC_PS), sc_core::SC_EXIT_ON_STARVATION);
  EXPECT_THAT(clock_.came_, ElementsAre(Pair(10, 10), Pair(20, 10)));
  EXPECT_EQ(time_.now(), 20);
}

// A process that waits to run is not left behind.
TEST_F(AgendaTest, DoesNotRunAheadOfAProcess) {
  sc_core::sc_event event;
  clock_.at_each_ = [&] { event.notify(sc_core::SC_ZERO_TIME); };
  for (const Time time : {10, 20}) clock_.wake_at(time);
  agenda_.may_run_ahead_until(100);
  run(100);
  EXPECT_THAT(clock_.came_, ElementsAre(Pair(10, 10), Pair(20, 20)));
}

}  // namespace
}  // namespace nandtlm::test
