// Generated runs in which something was wrong once, so that they are played on every run.
#include <gtest/gtest.h>

#include <map>

#include "config/device_writer.h"
#include "tests/properties/generated_run.h"
#include "tests/properties/property_device.h"
#include "tests/support/child_process.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

constexpr Time kRunUntil = 6'000 * kPsPerUs;
constexpr std::size_t kReads = 185;

/// Eight dies on which programs are seldom legal, and more reads than they can serve.
class OverloadedPolicy : public ::testing::Test {
 protected:
  OverloadedPolicy() {
    const TraceFolder folder;
    const std::string path = write_text(folder.path() / "device.yaml", to_yaml(*device_));
    const std::string run_file = write_text(
        folder.path() / "run.yaml", "device: device.yaml\nworkload: suspend_policy\nseed: 10002\nrun_until_us: " +
                                        std::to_string(kRunUntil / kPsPerUs) +
                                        "\nsuspend_policy: {compare: false, reads: " + std::to_string(kReads) +
                                        ", read_interval_us: 7, max_wait_us: 5, min_remaining_us: 4, "
                                        "max_suspended_us: 13, pages_per_erase: 11}\n");
    run_ = play_generated(load_generator_device(path, {}), run_file, folder.path() / "out");
  }

  std::shared_ptr<const Device> device_ = property_device(10);
  GeneratedRun run_;
};

}  // namespace

// GEN-03: while a SUSPEND is accepted and has not started, the policy proposes no other for that die.
TEST_F(OverloadedPolicy, HasOneSuspendOfADieOnItsWay) {
  std::map<std::uint32_t, Time> last_start;
  std::size_t suspends = 0;
  for (std::size_t b = 0; b < run_.proposals.size(); ++b) {
    const Request& request = run_.proposals[b].requests[0];
    if (device_->base_of(request.op).effects.action != Action::Suspend) continue;
    EXPECT_GE(run_.proposals[b].at, last_start[request.die]) << "batch " << b;
    const reference::Decision& decision = run_.story.decisions[b];
    if (decision.accepted) last_start[request.die] = decision.starts[0];
    ++suspends;
  }
  EXPECT_GT(suspends, 20U);
}

// GEN-03: what was refused is proposed again every 5 us, not more and more often.
TEST_F(OverloadedPolicy, DoesNotMultiplyWhatWasRefused) {
  const auto again = static_cast<std::size_t>(kRunUntil / (5 * kPsPerUs)) * device_->topology.dies;
  EXPECT_LT(run_.proposals.size(), again + 3 * (kReads + run_.ops));
}

}  // namespace nandtlm::test
