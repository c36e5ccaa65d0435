// Filling, overriding, writing and reading back the table of weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "config/yaml_parse.h"
#include "testbench/generator/draw_tables.h"
#include "testbench/generator/weight_table.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Filled {
  WeightTable weights;
  std::vector<std::string> errors;
};

YamlNode tree_of(const std::string& text, Diagnostics& out) {
  return parse_yaml(text, 0, out).value_or(YamlNode());
}

std::vector<std::string> texts(const Diagnostics& out) {
  std::vector<std::string> lines;
  for (const ConfigError& error : out.errors()) lines.push_back(error.text());
  return lines;
}

Filled fill(const Device& device, const std::string& sections, std::uint64_t seed = 1) {
  Diagnostics out;
  out.add_source("d.yaml");
  const Generation generation = read_generation(tree_of(sections, out), device, out);
  WeightTable weights = fill_weights(device, generation, GeneratorSettings(), seed, out);
  return {std::move(weights), texts(out)};
}

class GeneratorWeights : public ::testing::Test {
 protected:
  std::uint32_t phase(const char* base, std::uint32_t state) const {
    return static_cast<std::uint32_t>(index(device_->find_base(base).value())) * kPhasesPerBase + state;
  }
  OpId op(const char* name) const { return device_->find_op(name).value(); }

  std::shared_ptr<const Device> device_ = shipped_device("small_2plane.yaml");
  const std::uint32_t busy_ = static_cast<std::uint32_t>(State::CoreBusy);
};

// GEN-02: what the file does not say is filled from the tables and the seed: zero where the tables forbid.
TEST_F(GeneratorWeights, AreFilledFromTheTablesAndTheSeed) {
  const Filled filled = fill(*device_, "{}");
  EXPECT_THAT(filled.errors, IsEmpty());
  EXPECT_EQ(filled.weights.at(phase("ERASE", busy_), op("Read_SLC")), 0U);
  EXPECT_GT(filled.weights.at(phase("ERASE", busy_), op("Erase_Suspend_Reset")), 0U);
  EXPECT_EQ(filled.weights.at(phase("ERASE", busy_), op("Program_Suspend_Reset")), 0U);
  EXPECT_GT(filled.weights.at(phase("ERASE", kEndPhase), op("Read_SLC")), 0U);
  EXPECT_EQ(filled.weights.at(phase("ERASE", kEndPhase), op("Erase_Suspend_Reset")), 0U);
  EXPECT_GT(filled.weights.at(phase("ERASE_SUSPEND", kEndPhase), op("Erase_Resume")), 0U);
  EXPECT_GT(filled.weights.at(default_phase(*device_), op("Block_Erase_SLC")), 0U);
  const Filled other = fill(*device_, "{}", 2);
  EXPECT_NE(filled.weights.at(default_phase(*device_), op("Read_SLC")),
            other.weights.at(default_phase(*device_), op("Read_SLC")));
}

// GEN-01: reads more often than programs, programs more often than erases.
TEST_F(GeneratorWeights, DefaultSharesFollowTheClasses) {
  const Filled filled = fill(*device_, "{}");
  std::array<std::uint64_t, kOpClasses> sums{};
  for (std::size_t i = 0; i < device_->ops.size(); ++i) {
    sums[static_cast<std::size_t>(class_of(device_->base_of(OpId(i))))] +=
        filled.weights.at(default_phase(*device_), OpId(i));
  }
  EXPECT_GT(sums[0], sums[1]);
  EXPECT_GT(sums[1], sums[2]);
  EXPECT_GT(sums[2], 0U);
}

// GEN-02: the state before the global one, the op before its base, the base's value shared by its ops.
TEST_F(GeneratorWeights, OverridesGoByTheirRank) {
  const Filled filled = fill(*device_, R"(
phase_conditional:
  ERASE.END: {Read_MSB: 0.125}
phase_conditional_overrides:
  global: {READ: 0.7, Read_SLC: 0.0, ERASE: 0.05}
  ERASE.END: {READ: 0.3, Read_CSB: 0.2}
)");
  EXPECT_THAT(filled.errors, IsEmpty());
  const std::uint32_t end = phase("ERASE", kEndPhase);
  EXPECT_EQ(filled.weights.at(end, op("Read_SLC")), 0U) << "its own entry, although global";
  EXPECT_EQ(filled.weights.at(end, op("Read_CSB")), 200'000'000U);
  // 0.3 for the other six of the eight reads.
  EXPECT_EQ(filled.weights.at(end, op("Read_LSB")), 50'000'000U);
  EXPECT_EQ(filled.weights.at(end, op("Read_MSB")), 50'000'000U) << "an override goes before phase_conditional";
  // 0.7 for the other seven.
  EXPECT_EQ(filled.weights.at(default_phase(*device_), op("Read_LSB")), 100'000'000U);
  // 0.05 for all four erases; where the tables forbid them they stay 0.
  EXPECT_EQ(filled.weights.at(end, op("Block_Erase_SLC")), 12'500'000U);
  EXPECT_EQ(filled.weights.at(phase("ERASE", busy_), op("Block_Erase_SLC")), 0U);
}

// GEN-02, CFG-04
TEST_F(GeneratorWeights, ContradictionsAndUnknownNamesAreErrorsWithTheirPlace) {
  EXPECT_THAT(
      fill(*device_, "phase_conditional_overrides:\n  ERASE.CORE_BUSY:\n    Read_SLC: 0.5\n").errors,
      ElementsAre(HasSubstr("d.yaml:3:5: phase_conditional_overrides.ERASE.CORE_BUSY.Read_SLC: the tables forbid "
                            "READ in ERASE.CORE_BUSY, expected 0")));
  EXPECT_THAT(fill(*device_, "phase_conditional:\n  ERASE.END:\n    Raed_SLC: 0.5\n").errors,
              ElementsAre(HasSubstr("d.yaml:3:5: phase_conditional.ERASE.END.Raed_SLC: 'Raed_SLC' is unknown")));
  EXPECT_THAT(fill(*device_, "phase_conditional:\n  ERASE.MIDDLE: {}\n").errors,
              ElementsAre(HasSubstr("d.yaml:2:3: phase_conditional.ERASE.MIDDLE: 'ERASE.MIDDLE' is no op state")));
  EXPECT_THAT(fill(*device_, "phase_conditional:\n  ERASE.END: {READ: 1001}\n").errors,
              ElementsAre(HasSubstr("d.yaml:2:21: phase_conditional.ERASE.END.READ")));
}

// GEN-01, CFG-04
TEST_F(GeneratorWeights, SequencesAreChecked) {
  EXPECT_THAT(fill(*device_, "op_bases:\n  READ:\n    sequence: {probs: [{DUOT: 1.0}]}\n").errors,
              ElementsAre(HasSubstr("d.yaml:3:25: op_bases.READ.sequence.probs.DUOT: 'DUOT' is unknown")));
  EXPECT_THAT(fill(*device_, "generate_seq_rules:\n  A.SEQ: {sequences: [{READ: [same_page, inc_page]}]}\n").errors,
              ElementsAre(HasSubstr(
                  "d.yaml:2:42: generate_seq_rules.A.SEQ.sequences.READ: 'inc_page' contradicts 'same_page'")));
  EXPECT_THAT(fill(*device_, "generate_seq_rules:\n  A.SEQ: {sequences: [{READ: [same_pgae]}]}\n").errors,
              ElementsAre(HasSubstr("d.yaml:2:31")));
}

// GEN-02: written out and read back it is the same table, to the last digit.
TEST_F(GeneratorWeights, AreReadBackAsWritten) {
  const Filled filled = fill(*device_, "{}", 77);
  Diagnostics out;
  out.add_source("weights.yaml");
  const WeightTable again = import_weights(tree_of(export_weights(*device_, filled.weights), out), *device_, out);
  EXPECT_THAT(texts(out), IsEmpty());
  for (std::uint32_t phase = 0; phase < phase_count(*device_); ++phase) {
    for (std::size_t i = 0; i < device_->ops.size(); ++i) {
      ASSERT_EQ(again.at(phase, OpId(i)), filled.weights.at(phase, OpId(i)))
          << phase_name(phase, *device_) << " " << device_->ops[i].name;
    }
  }
}

// GEN-01, GEN-03: in a situation that forbids it an op is never drawn, whatever its weight.
TEST_F(GeneratorWeights, SituationsMaskWhatTheyForbid) {
  const auto masked = [&](const char* base, std::uint32_t situation, Queueing queueing = Queueing::No) {
    return masked_bases(*device_, situation, queueing).test(index(device_->find_base(base).value()));
  };
  EXPECT_TRUE(masked("PROGRAM_RESUME", 0));
  EXPECT_FALSE(masked("PROGRAM_RESUME", Situation::kProgramSuspended));
  EXPECT_TRUE(masked("PROGRAM_SUSPEND", Situation::kProgramSuspended));
  EXPECT_TRUE(masked("ERASE_RESUME", Situation::kProgramSuspended | Situation::kEraseSuspended)) << "SUS-08";
  EXPECT_FALSE(masked("ERASE_RESUME", Situation::kEraseSuspended));
  EXPECT_TRUE(masked("PROGRAM_SLC", Situation::kProgramSuspended));
  EXPECT_FALSE(masked("PROGRAM_SLC", Situation::kProgramSuspended, Queueing::Yes)) << "BKL-01";
  EXPECT_FALSE(masked("PROGRAM_SLC", Situation::kEraseSuspended));
  EXPECT_TRUE(masked("RECOVERY_RD", 0));
  EXPECT_FALSE(masked("RECOVERY_RD", Situation::kProgramSuspended));
  EXPECT_TRUE(masked("DOUT", 0));
  EXPECT_FALSE(masked("DOUT", Situation::kLatched));
  EXPECT_TRUE(masked("READ", Situation::kLatched << 1U)) << "between LSB and CSB";
}

// GEN-02: draws follow the weights of the state.
TEST_F(GeneratorWeights, DrawsFollowTheTable) {
  const Filled filled = fill(*device_, "{}");
  DrawTables tables(*device_, filled.weights, Queueing::No, false);
  const AliasTable& table = *tables.at(default_phase(*device_), 0).ops;
  constexpr std::uint64_t kDraws = 200'000;
  std::vector<double> counts(device_->ops.size(), 0);
  for (std::uint64_t hook = 0; hook < kDraws; ++hook) {
    Rng rng(11, hook);
    ++counts[table.draw(rng)];
  }
  const BaseSet masked = masked_bases(*device_, 0, Queueing::No);
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!masked.test(index(device_->ops[i].base)))
      sum += static_cast<double>(filled.weights.at(default_phase(*device_), OpId(i)));
  }
  double chi_square = 0;
  int cells = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const bool open = !masked.test(index(device_->ops[i].base));
    const double expected = open ? static_cast<double>(kDraws) *
                                       static_cast<double>(filled.weights.at(default_phase(*device_), OpId(i))) / sum
                                 : 0;
    if (expected == 0) {
      EXPECT_EQ(counts[i], 0) << device_->ops[i].name;
    } else if (expected >= 5) {
      chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
      ++cells;
    }
  }
  EXPECT_GT(cells, 10);
  EXPECT_LT(chi_square, cells + 4 * std::sqrt(2.0 * cells));
}

// GEN-01: what is sure to start behind the admission window is not drawn; what goes to a backlog needs no room.
TEST_F(GeneratorWeights, WhatFindsNoRoomIsNotDrawn) {
  const auto finds = [&](const char* name, std::uint32_t situation) {
    return finds_room(*device_, device_->op(op(name)), situation);
  };
  constexpr std::uint32_t kOther = Situation::kDieBusy;
  constexpr std::uint32_t kOwn = Situation::kDieBusy | Situation::kPlaneBusy;
  EXPECT_TRUE(finds("Page_Program_SLC", 0));
  EXPECT_FALSE(finds("Page_Program_SLC", kOther)) << "takes the whole die";
  EXPECT_TRUE(finds("Page_Program_SLC", kOwn | Situation::kProgramSuspended)) << "BKL-01";
  EXPECT_TRUE(finds("Page_Program_SLC", kOwn | Situation::kProgramWaits)) << "BKL-01";
  EXPECT_FALSE(finds("Page_Program_SLC", Situation::kProgramSuspended | Situation::kProgramFull));
  EXPECT_FALSE(finds("Block_Erase_SLC", kOther | Situation::kProgramWaits)) << "another family";
  EXPECT_FALSE(finds("Program_Resume", kOther)) << "SUS-14";
  EXPECT_TRUE(finds("Program_Suspend_Reset", kOwn)) << "goes over its target";
  EXPECT_FALSE(finds("Read_Multi_Plane_ONFI_SLC", kOther));
}

// GEN-02: an op drawn before its hook comes, where it stands then, and one drawn anew where it does not, together
// follow the table of the situation that the hook meets.
TEST_F(GeneratorWeights, WhatIsDrawnAheadFollowsTheTableAsWell) {
  const Filled filled = fill(*device_, "{}");
  DrawTables tables(*device_, filled.weights, Queueing::Yes, true);
  const std::uint32_t phase = this->phase("READ", kEndPhase);
  const DrawTable& table = tables.at(phase, Situation::kEraseSuspended);
  constexpr std::uint64_t kDraws = 200'000;
  const std::size_t idle = device_->ops.size();  // the cell of what proposes nothing
  const auto cell = [&](OpId op) {
    return class_of(device_->base_of(op)) == OpClass::Nop ? idle : static_cast<std::size_t>(index(op));
  };
  std::vector<double> ahead(idle + 1, 0);
  std::vector<double> direct(idle + 1, 0);
  std::uint64_t redrawn = 0;
  for (std::uint64_t hook = 0; hook < kDraws; ++hook) {
    Rng rng(12, hook);
    const std::optional<OpId> drawn = tables.ahead(phase).draw(rng);
    const bool stands = !drawn || DrawTables::stands(table, *drawn, rng);
    redrawn += stands ? 0 : 1;
    ++ahead[!stands ? cell(OpId(table.ops->draw(rng))) : drawn ? cell(*drawn) : idle];
    ++direct[cell(OpId(table.ops->draw(rng)))];
  }
  EXPECT_GT(ahead[idle], kDraws / 100);
  EXPECT_GT(redrawn, kDraws / 100);
  double chi_square = 0;
  int cells = 0;
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    const double sum = ahead[i] + direct[i];
    if (sum < 20) continue;
    chi_square += (ahead[i] - direct[i]) * (ahead[i] - direct[i]) / sum;
    ++cells;
  }
  EXPECT_GT(cells, 10);
  EXPECT_LT(chi_square, cells + 4 * std::sqrt(2.0 * cells));
}

// GEN-01, GEN-02: an END state that leaves status reads, resets and waiting alone leads nowhere.
TEST(GeneratorDrawTables, KnowWhatLeadsOn) {
  const auto device = shipped_device("tlc_4plane.yaml");
  const Filled filled = fill(*device, "{}");
  DrawTables tables(*device, filled.weights, Queueing::No, true);
  const auto end = [&](const char* base) {
    return static_cast<std::uint32_t>(index(device->find_base(base).value())) * kPhasesPerBase + kEndPhase;
  };
  EXPECT_TRUE(tables.at(end("PLANE_READ"), 0).leads_on) << "to another cache read";
  EXPECT_FALSE(tables.at(end("PLANE_READ"), Situation::kProgramSuspended).leads_on);
  EXPECT_FALSE(tables.at(end("PLANE_READ"), Situation::kProgramSuspended).ops->empty());
  EXPECT_TRUE(tables.at(default_phase(*device), Situation::kProgramSuspended).leads_on) << "to its RESUME";
}

}  // namespace
}  // namespace nandtlm::test
