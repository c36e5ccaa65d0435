// Random sequences on random devices: the model does what the reference says, to the picosecond, and every line of its
// self-check passes.
// RES-01, RES-02, RES-03, RES-04, RES-05, RES-06, RES-07, SUS-01 to SUS-17, BKL-01 to BKL-05, EVT-01, EPR-02 to EPR-04,
// MET-02
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "config/device_writer.h"
#include "tests/properties/compare.h"
#include "tests/properties/model_run.h"
#include "tests/properties/property_device.h"
#include "tests/properties/scenario_text.h"
#include "tests/properties/sequence.h"
#include "tests/properties/volume.h"

namespace nandtlm::test {
namespace {

#if defined(__SANITIZE_ADDRESS__)
#define NANDTLM_IS_SLOW_BUILD
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NANDTLM_IS_SLOW_BUILD
#endif
#endif

#ifdef NANDTLM_IS_SLOW_BUILD
constexpr int kSequences = 1'000;
#else
constexpr int kSequences = 10'000;
#endif
constexpr int kDevices = 400;
constexpr int kMostWishes = 34;

int from_environment(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::atoi(text);
}

rc::Gen<Wish> any_wish() {
  const auto number = [](int most) {
    // Over the whole range, however long the sequence is.
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint8_t>(0, static_cast<std::uint8_t>(most)));
  };
  const auto sometimes = [number](int most) {
    return rc::gen::weightedOneOf<std::uint8_t>({{3, rc::gen::just<std::uint8_t>(0)}, {2, number(most)}});
  };
  const auto rarely = [number](int most) {
    return rc::gen::weightedOneOf<std::uint8_t>({{9, rc::gen::just<std::uint8_t>(0)}, {1, number(most)}});
  };
  const auto one_in = [](std::size_t rate) { return rc::gen::weightedElement<bool>({{rate - 1, false}, {1, true}}); };
  return rc::gen::build<Wish>(rc::gen::set(&Wish::kind, number(84)), rc::gen::set(&Wish::die, rarely(8)),
                              rc::gen::set(&Wish::block, sometimes(12)), rc::gen::set(&Wish::twist, rarely(7)),
                              rc::gen::set(&Wish::when, number(9)), rc::gen::set(&Wish::jitter, sometimes(4)),
                              rc::gen::set(&Wish::start, rarely(9)), rc::gen::set(&Wish::joins, one_in(3)),
                              rc::gen::set(&Wish::drives, one_in(2)));
}

/// What is wrong with the model on this sequence; empty: nothing.
std::string judge(Sequence& sequence, ModelRun& run) {
  run = play_in_model(sequence.device, sequence.proposals, sequence.horizon);
  std::string wrong = first_difference(sequence.proposals, sequence.story, run.story);
  for (const std::string& fault : run.faults) wrong += fault + "\n";
  return wrong;
}

void write_story(const std::filesystem::path& path, const reference::Story& story) {
  std::ofstream out(path);
  for (const reference::Happening& event : story.events) out << event.text() << '\n';
}

/// Files that show the failure to `nandtlm run`, and what both sides told; the folder.
std::string write_reproduction(const Sequence& sequence, const ModelRun& run) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("nandtlm_property_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "device.yaml") << to_yaml(*sequence.device);
  std::ofstream(folder / "scenario.yaml") << scenario_text(sequence);
  std::ofstream(folder / "run.yaml") << "device: device.yaml\nworkload: scenario.yaml\nseed: 1\nout: out\n";
  write_story(folder / "reference.txt", sequence.story);
  write_story(folder / "model.txt", run.story);
  return folder.string();
}

rc::Gen<std::uint8_t> any_prelude() {
  const auto some = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint8_t>(1, kPreludes));
  return rc::gen::weightedOneOf<std::uint8_t>({{1, rc::gen::just<std::uint8_t>(0)}, {5, some}});
}

void model_agrees_with_reference(int device, std::uint8_t prelude, const std::vector<Wish>& wishes, Volume& volume) {
  Sequence sequence = make_sequence(property_device(static_cast<std::uint32_t>(device)), prelude, wishes);
  volume.add(sequence);
  ModelRun run;
  const std::string wrong = judge(sequence, run);
  if (wrong.empty()) return;
  const std::string folder = write_reproduction(sequence, run);
  RC_FAIL("\n" + wrong + scenario_text(sequence) + "\nnandtlm run " + folder + "/run.yaml\n");
}

}  // namespace

TEST(SuspendProperty, ModelAgreesWithReference) {
  rc::detail::TestParams params;
  params.seed = static_cast<std::uint64_t>(from_environment("NANDTLM_SEED", 1));
  params.maxSuccess = from_environment("NANDTLM_SEQUENCES", kSequences);
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description = "ModelAgreesWithReference";
  const int devices = from_environment("NANDTLM_DEVICES", kDevices);
  Volume volume;
  const auto property = [devices, &volume] {
    const int device = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, devices));
    const std::uint8_t prelude = *any_prelude();
    // Of any length from the first sequence on.
    const auto wishes = *rc::gen::resize(kMostWishes, rc::gen::container<std::vector<Wish>>(any_wish()));
    model_agrees_with_reference(device, prelude, wishes, volume);
  };
  const auto result = rc::detail::checkTestable(property, metadata, params);
  std::cout << volume.text() << '\n';
  if (result.template is<rc::detail::SuccessResult>()) {
    const bool any_limit = devices >= kDevices;  // few devices may lack some of the limits
    EXPECT_EQ(any_limit ? volume.shortage() : "", "");
    return;
  }
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  FAIL() << message.str();
}

}  // namespace nandtlm::test
