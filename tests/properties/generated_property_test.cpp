// Generated runs: each passes its self-check and `nandtlm check`; a random share of them is judged by the reference, to
// the picosecond.
// GEN-01, GEN-03, MET-02, MET-03, RES-01 to RES-07, SUS-01 to SUS-17, BKL-01 to BKL-05, EVT-01, EPR-02 to EPR-04
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>

#include "config/device_writer.h"
#include "tests/properties/compare.h"
#include "tests/properties/generated_run.h"
#include "tests/properties/generated_settings.h"
#include "tests/properties/property_device.h"
#include "tests/properties/reproduction.h"
#include "tests/properties/scenario_text.h"
#include "tests/properties/shrink.h"
#include "tests/properties/volume.h"
#include "tests/reference/machine.h"
#include "tests/support/child_process.h"
#include "tests/support/effort.h"
#include "tests/support/random_plan.h"
#include "tests/support/trace_files.h"

namespace nandtlm::test {
namespace {

constexpr int kRuns = kSanitized ? 8 : 40;  // of each generator and device
constexpr int kJudged = 25;                 // percent of them that the reference judges
constexpr std::uint32_t kRandomDevices = 400;

constexpr std::uint32_t kEnoughRuns = 40;  ///< for the minima

/// Shipped, or a random one, on which a workload may find nothing that is legal.
enum class Kind : std::uint8_t { Shipped, Random };

/// What a workload says of itself. That a short run covers everything was not to be expected.
bool is_fault(const std::string& failure, Kind kind) {
  const auto has = [&](const char* part) { return failure.find(part) != std::string::npos; };
  return has("refused for their addresses") || (kind == Kind::Shipped && !has("never reached"));
}

class GeneratedProperty : public ::testing::Test {
 protected:
  static std::uint32_t seed() { return static_cast<std::uint32_t>(from_environment("NANDTLM_SEED", 1)); }
  static std::uint32_t runs() { return static_cast<std::uint32_t>(from_environment("NANDTLM_GENERATED", kRuns)); }

  /// Run `number` with this generator; the first one is always judged by the reference.
  void play(const std::string& device_path, const Overrides& overrides, const GeneratorDevice& device,
            Generator generator, std::uint32_t number, Kind kind) {
    const TraceFolder folder;
    const std::string text =
        generated_run_file(device_path, *device.device, overrides, generator, seed() * 1'000'003U + number);
    SCOPED_TRACE(text);
    const std::string run_file = write_text(folder.path() / "run.yaml", text);
    GeneratedRun run = play_generated(device, run_file, folder.path() / "out");
    for (const std::string& fault : run.faults) ADD_FAILURE() << fault;
    for (const std::string& failure : run.failures) EXPECT_FALSE(is_fault(failure, kind)) << failure;
    if (number == 0 || share_.below(100) < static_cast<std::uint32_t>(from_environment("NANDTLM_JUDGED", kJudged)))
      judge(device.device, run);
    run.story.finish();
    volume_.add({device.device, run.proposals, run.story, run.horizon});
    ops_ += run.ops;
  }

  void TearDown() override {
    std::cout << ops_ << " ops, " << judged_ << " runs judged; " << volume_.text() << '\n';
    if (HasFailure() || IsSkipped() || runs() < kEnoughRuns) return;
    EXPECT_EQ(volume_.shortage(
                  {{"cut", 6'000}, {"resume", 6'000}, {"second cut", 2'500}, {"plan", 1'000}, {"stopped refill", 700}}),
              "");
  }

  /// Both generators on a device file and its variants.
  void play_all(const std::string& path) {
    std::map<std::size_t, GeneratorDevice> loaded;
    for (std::uint32_t i = 0; i < runs() && !HasFailure(); ++i) {
      const std::size_t variant = i % device_variants().size();
      const Overrides& overrides = device_variants()[variant];
      if (loaded.count(variant) == 0) loaded[variant] = load_generator_device(path, overrides);
      for (const Generator generator : {Generator::Random, Generator::SuspendPolicy})
        play(path, overrides, loaded[variant], generator, i, Kind::Shipped);
    }
  }

  Volume volume_;
  std::size_t ops_ = 0;

 private:
  void judge(const std::shared_ptr<const Device>& device, GeneratedRun& run) {
    ++judged_;
    reference::Story expected = reference::run_until(*device, run.proposals, run.horizon);
    const std::string wrong = first_difference(run.proposals, expected, run.story);
    if (wrong.empty()) return;
    Sequence shorter = shrink(device, run.proposals);
    ModelRun again;
    const std::string still_wrong = judge_model(shorter, again);
    ADD_FAILURE() << wrong << "\nthe same batches without those that are not needed:\n"
                  << still_wrong << scenario_text(shorter) << "\nnandtlm run "
                  << write_reproduction(shorter, again.story) << "/run.yaml\n";
  }

  Dice share_{seed()};
  std::size_t judged_ = 0;
};

}  // namespace

TEST_F(GeneratedProperty, SmallDevice) {
  play_all(project_file("config/devices/small_2plane.yaml"));
}

TEST_F(GeneratedProperty, TlcDevice) {
  play_all(project_file("config/devices/tlc_4plane.yaml"));
}

TEST_F(GeneratedProperty, EstablishedDevice) {
  const std::string path = project_file("../shared/reference/established_device.yaml");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "there is no " << path;
  play_all(path);
}

TEST_F(GeneratedProperty, RandomDevices) {
  const TraceFolder folder;
  Dice dice(seed());
  for (std::uint32_t i = 0; i < 2 * runs() && !HasFailure(); ++i) {
    const std::uint32_t number = dice.below(kRandomDevices);
    SCOPED_TRACE("random device " + std::to_string(number));
    const std::string path = write_text(folder.path() / "device.yaml", to_yaml(*property_device(number)));
    const GeneratorDevice device = load_generator_device(path, {});
    for (const Generator generator : {Generator::Random, Generator::SuspendPolicy})
      play(path, {}, device, generator, i, Kind::Random);
  }
}

}  // namespace nandtlm::test
