// Sequences: every kind of inheritance, and what follows where the device names no sequence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml_parse.h"
#include "testbench/generator/batch_builder.h"
#include "tests/support/generator_yard.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

/// Pages 0 to 9 of every block of rows 0 to 3 are programmed as SLC; rows 4 to 7 are erased for TLC.
class GeneratorSequences : public ::testing::Test {
 protected:
  GeneratorSequences() : device_(shipped_device("small_2plane.yaml")), yard_(device_) {
    for (std::int32_t block = 0; block < 16; ++block) {
      const bool slc = block < 8;
      run(slc ? "Block_Erase_SLC" : "Block_Erase_TLC", Target{block % 2, block, -1});
      for (std::int32_t page = 0; slc && page < 10; ++page) run("Page_Program_SLC", Target{block % 2, block, page});
    }
  }

  void run(const char* name, const Target& target) {
    yard_.accept(op(name), {target});
    yard_.finish_oldest();
  }
  OpId op(const char* name) const { return device_->find_op(name).value(); }
  const std::string& name_of(const Request& request) const { return device_->op(request.op).name; }
  const std::string& base_of(const Request& request) const { return device_->base_of(request.op).name; }

  /// Grows a sequence from a first op by the sections of a device file.
  std::vector<Request> grow(const std::string& sections, const char* first, const TargetList& targets,
                            std::uint64_t seed = 1, bool every_way = false) {
    Diagnostics out;
    out.add_source("d.yaml");
    const YamlNode tree = parse_yaml(sections, 0, out).value_or(YamlNode());
    const Generation generation = read_generation(tree, *device_, out);
    EXPECT_TRUE(out.ok());
    const Sequences sequences(*device_, generation, every_way);
    const BatchBuilder builder(*device_, generation, sequences);
    Batch batch;
    Request request;
    request.op = op(first);
    request.die = 0;
    request.targets = targets;
    request.not_before = 1000 * kPsPerUs;
    batch.requests.push_back(request);
    Rng rng(seed, 0);
    const BatchBuilder::Place place{0, &yard_.manager, suspended_.empty() ? nullptr : &suspended_, {}};
    const std::vector<SequenceStep>* steps = sequences.draw(device_->op(batch.requests.front().op).base, rng);
    const bool grown = steps == nullptr || builder.grow(*steps, place, rng, batch);
    return grown ? batch.requests : std::vector<Request>();
  }

  std::shared_ptr<const Device> device_;
  Yard yard_;
  TargetList suspended_;
};

// GEN-01: read -> data out, one per plane (same_page, multi), when the data is there.
TEST_F(GeneratorSequences, ADataOutPerPlaneFollowsARead) {
  const std::vector<Request> batch = grow("{}", "Read_Multi_Plane_ONFI_SLC", {Target{0, 2, 5}, Target{1, 3, 5}});
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(base_of(batch[1]), "DOUT");
  EXPECT_EQ(batch[1].targets, (TargetList{Target{0, 2, 5}}));
  EXPECT_EQ(batch[2].targets, (TargetList{Target{1, 3, 5}}));
  const OpSpec& read = device_->op(batch[0].op);
  EXPECT_EQ(batch[1].not_before,
            batch[0].not_before + read.steps[0].duration + read.steps[1].duration + device_->policies.sequence_gap);
  EXPECT_GT(batch[2].not_before, batch[1].not_before);
}

// GEN-01: inc_page, and a chain of at most maxloop_seq + the one that ends it.
TEST_F(GeneratorSequences, CacheProgramsGoFromPageToPageUntilOneEndsThem) {
  std::size_t longest = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<Request> batch =
        grow("policies: {maxloop_seq: 3}", "Cache_Program_SLC", {Target{0, 4, 10}}, seed);
    ASSERT_GE(batch.size(), 3U);
    longest = std::max(longest, batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      EXPECT_EQ(batch[i].targets, (TargetList{Target{0, 4, 10 + static_cast<std::int32_t>(i)}}));
      EXPECT_EQ(base_of(batch[i]), i + 1 < batch.size() ? "CACHE_PROGRAM_SLC" : "PROGRAM_SLC");
    }
  }
  EXPECT_EQ(longest, 5U);
}

// GEN-01, EPR-02: behind the last page a chain goes on in another block, never in one that it has used.
TEST_F(GeneratorSequences, AChainGoesOnInAnotherBlockBehindTheLastPage) {
  int grown = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<Request> batch =
        grow("policies: {maxloop_seq: 1}", "Cache_Program_SLC", {Target{0, 4, 31}}, seed);
    if (batch.empty()) continue;  // it drew the block that it has used
    ++grown;
    ASSERT_EQ(batch.size(), 3U);
    EXPECT_NE(batch[1].targets[0].block, 4);
    EXPECT_EQ(batch[1].targets[0].page, 10);
    EXPECT_EQ(batch[2].targets[0].block, batch[1].targets[0].block);
    EXPECT_EQ(batch[2].targets[0].page, 11);
  }
  EXPECT_GT(grown, 10);
}

// GEN-01, EPR-04: LSB -> CSB -> one that ends it, all on one page (same_page, same_celltype).
TEST_F(GeneratorSequences, AOneShotProgramIsCompleted) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<Request> batch = grow("{}", "One_Shot_PGM_LSB", {Target{1, 9, 0}}, seed);
    ASSERT_GE(batch.size(), 3U);
    EXPECT_EQ(base_of(batch[1]), "ONESHOT_PROGRAM_CSB");
    EXPECT_THAT(base_of(batch.back()), AnyOf("ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB"));
    for (const Request& request : batch) {
      const bool second = &request > &batch[2] && batch.size() > 4;
      EXPECT_EQ(request.targets, (TargetList{Target{1, 9, second ? 1 : 0}}));
      EXPECT_FALSE(device_->op(request.op).multi);
    }
  }
}

// GEN-01: a cache read is ended on every plane of which it took one (prev_page: the data of the read before).
TEST_F(GeneratorSequences, CacheReadsAreEnded) {
  const std::vector<Request> batch = grow(R"(
op_bases:
  READ: {sequence: {probs: [{CACHE_READ.SEQ: 1}], inherit: [{CACHE_READ.SEQ: [same_celltype]}]}}
generate_seq_rules:
  CACHE_READ.SEQ:
    sequences:
      - CACHE_READ: [inc_page, same_celltype, multi]
      - DOUT: [prev_page, same_celltype, multi]
      - CACHE_READ_END: [inc_page, same_celltype, multi]
      - DOUT: [same_page, same_celltype, multi]
)",
                                          "Read_SLC", {Target{0, 2, 5}});
  ASSERT_EQ(batch.size(), 5U);
  EXPECT_EQ(name_of(batch[1]), "Read_Cache_Random_SLC");
  EXPECT_EQ(batch[1].targets[0].page, 6);
  EXPECT_EQ(base_of(batch[2]), "DOUT");
  EXPECT_EQ(batch[2].targets[0].page, 5) << "prev_page";
  EXPECT_EQ(name_of(batch[3]), "Read_Cache_End");
  EXPECT_EQ(batch[4].targets[0].page, 6);
}

// GEN-01: pgm_same_page goes back to the program before what was read in between; none takes a fresh address.
TEST_F(GeneratorSequences, GoesBackToThePageOfTheProgram) {
  const std::vector<Request> batch = grow(R"(
op_bases:
  ONESHOT_PROGRAM_LSB: {sequence: {probs: [{A.SEQ: 1}]}}
generate_seq_rules:
  A.SEQ:
    sequences:
      - READ: [none]
      - ONESHOT_PROGRAM_CSB: [pgm_same_page]
      - ONESHOT_PROGRAM_MSB_23H: [pgm_same_page]
    name_weights:
      READ: {Read_SLC: 1.0}
      ONESHOT_PROGRAM_CSB: {One_Shot_PGM_CSB: 1.0, One_Shot_PGM_Multi_Plane_CSB: 0.0}
      ONESHOT_PROGRAM_MSB_23H: {One_Shot_PGM_MSB_23h: 2.5}
)",
                                          "One_Shot_PGM_LSB", {Target{1, 9, 0}});
  ASSERT_EQ(batch.size(), 4U);
  EXPECT_EQ(name_of(batch[1]), "Read_SLC");
  EXPECT_LT(batch[1].targets[0].block, 8);
  EXPECT_EQ(name_of(batch[2]), "One_Shot_PGM_CSB");
  EXPECT_EQ(batch[2].targets, (TargetList{Target{1, 9, 0}}));
  EXPECT_EQ(batch[3].targets, (TargetList{Target{1, 9, 0}}));
}

// GEN-01, SUS-15: a recovery read behind a SUSPEND reads the page of the suspended program; without one nothing is
// made.
TEST_F(GeneratorSequences, ReadsThePageOfTheSuspendedProgram) {
  const std::string sections = R"(
op_bases:
  PROGRAM_SUSPEND: {sequence: {probs: [{NONE: 0}, {R.SEQ: 1}], inherit: [{R.SEQ: [same_page_from_program_suspend]}]}}
generate_seq_rules:
  R.SEQ:
    sequences:
      - RECOVERY_RD: [same_page_from_program_suspend]
      - DOUT: [same_page, multi]
)";
  EXPECT_TRUE(grow(sections, "Program_Suspend_Reset", {}).empty());
  suspended_ = {Target{1, 5, 10}};
  const std::vector<Request> batch = grow(sections, "Program_Suspend_Reset", {});
  ASSERT_EQ(batch.size(), 3U);
  EXPECT_EQ(base_of(batch[1]), "RECOVERY_RD");
  EXPECT_EQ(batch[1].targets, suspended_);
  EXPECT_EQ(batch[2].targets, suspended_);
}

// GEN-01: probs decide how often an op goes on.
TEST_F(GeneratorSequences, ProbabilitiesDecideWhetherItGoesOn) {
  const std::string sections =
      "op_bases:\n  READ: {sequence: {probs: [{NONE: 0.75}, {DOUT: 0.25}], "
      "inherit: [{DOUT: [same_page, multi]}]}}\n";
  int data_outs = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    data_outs += grow(sections, "Read_SLC", {Target{0, 2, 5}}, seed).size() == 2 ? 1 : 0;
  }
  EXPECT_NEAR(data_outs, 1000, 110);
}

}  // namespace
}  // namespace nandtlm::test
