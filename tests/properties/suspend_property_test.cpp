// Random sequences on random devices: the model does what the reference says, to the picosecond, and every line of its
// self-check passes.
// RES-01, RES-02, RES-03, RES-04, RES-05, RES-06, RES-07, SUS-01 to SUS-17, BKL-01 to BKL-05, EVT-01, EPR-02 to EPR-04,
// MET-02
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <iostream>

#include "tests/properties/property_device.h"
#include "tests/properties/reproduction.h"
#include "tests/properties/scenario_text.h"
#include "tests/properties/sequence.h"
#include "tests/properties/shrink.h"
#include "tests/properties/volume.h"
#include "tests/support/effort.h"

namespace nandtlm::test {
namespace {

constexpr int kSequences = kSanitized ? 1'000 : 10'000;
constexpr int kDevices = 400;
constexpr int kMostWishes = 34;
constexpr int kFewestSequences = 1'000;  ///< for the minima

const std::vector<Minimum>& minima() {
  static const std::vector<Minimum> kMinima = {
      {"cut", 700},
      {"resume", 500},
      {"plan", 300},
      {"nested cut", 35},
      {"second cut", 100},
      {"stopped refill", 120},
      {"resume failed", 200},
      {"reset with something suspended", 25},
      {"end, nothing to suspend", 80},
      {"state_forbid", 450},
      {"state_forbid_suspend", 300},
      {"state_forbid_cache", 140},
      {"state_forbid_odt", 140},
      {"latch", 200},
      {"suspended_target", 55},
      {"nothing_to_resume", 130},
      {"suspend_too_soon", 240},
      {"suspend_limit", 6},
      {"bus", 18},
      {"planescope", 8},
      {"exclusion", 25},
      {"malformed", 7},
      {"epr_read_before_program", 50},
      {"epr_address_range", 45},
      {"epr_bad_block", 50},
      {"epr_page_not_ascending", 15},
      {"epr_programs_on_same_page", 15},
      {"epr_program_before_erase", 7},
      {"epr_different_celltypes_on_same_block", 15},
  };
  return kMinima;
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

rc::Gen<std::uint8_t> any_prelude() {
  const auto some = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint8_t>(1, kPreludes));
  return rc::gen::weightedOneOf<std::uint8_t>({{1, rc::gen::just<std::uint8_t>(0)}, {5, some}});
}

void model_agrees_with_reference(int device, std::uint8_t prelude, const std::vector<Wish>& wishes, Volume& volume) {
  Sequence sequence = make_sequence(property_device(static_cast<std::uint32_t>(device)), prelude, wishes);
  volume.add(sequence);
  ModelRun run;
  const std::string wrong = judge_model(sequence, run);
  if (wrong.empty()) return;
  const std::string folder = write_reproduction(sequence, run.story);
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
    const bool enough = devices >= kDevices && params.maxSuccess >= kFewestSequences;
    EXPECT_EQ(enough ? volume.shortage(minima()) : "", "");
    return;
  }
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  FAIL() << message.str();
}

}  // namespace nandtlm::test
