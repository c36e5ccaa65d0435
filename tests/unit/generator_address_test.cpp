// The address manager against the die's own rules and against a search over all blocks.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>

#include "tests/support/generator_yard.h"
#include "tests/support/test_devices.h"

namespace nandtlm::test {
namespace {

std::shared_ptr<const Device> device_with_bad_blocks() {
  return shipped_device("small_2plane.yaml", {{"bad_blocks", "[[0, 3], [0, 8]]"}, {"topology.pages_per_block", "3"}});
}

std::vector<OpId> ops_named(const Device& device, std::initializer_list<const char*> names) {
  std::vector<OpId> ops;
  for (const char* name : names) ops.push_back(device.find_op(name).value());
  return ops;
}

/// Every draw is legal by the die's rules, whatever is planned; and one is found exactly where a search over all blocks
/// finds one.
bool agree_with_a_search(const std::shared_ptr<const Device>& device, std::initializer_list<const char*> names) {
  const std::vector<OpId> ops = ops_named(*device, names);
  return rc::check("draws are legal and complete", [&] {
    Yard yard(device);
    Rng rng(*rc::gen::arbitrary<std::uint64_t>(), 0);
    const int steps = *rc::gen::inRange(1, 300);
    for (int i = 0; i < steps; ++i) {
      if (rng.below(50) == 0) yard.reset(rng.below(2) == 0);
      if (!yard.nothing_pending() && rng.below(2) == 0) {
        yard.finish_oldest();
        continue;
      }
      const OpId op = ops[rng.below(ops.size())];
      const auto plane = static_cast<std::int32_t>(rng.below(device->topology.planes));
      TargetList targets;
      const bool found = yard.draw(op, plane, rng, targets);
      if (!device->op(op).multi) RC_ASSERT(found == yard.search(op, plane));
      if (!found) continue;
      const Refusal refusal = yard.judge(op, targets);
      RC_ASSERT(refusal.reason == Reason::None);
      if (device->op(op).multi) RC_ASSERT(targets.size() >= 2U);
      yard.accept(op, targets);
    }
  });
}

// EPR-01, EPR-02, EPR-03
TEST(GeneratorAddresses, AgreeWithASearchOverAllBlocksProperty) {
  EXPECT_TRUE(agree_with_a_search(
      device_with_bad_blocks(),
      {"Block_Erase_SLC", "Block_Erase_TLC", "Block_Erase_Multi_Plane_ONFI_SLC", "Page_Program_SLC", "Page_Program_SLC",
       "Page_Program_Multi_Plane_ONFI_SLC", "Read_SLC", "Read_Multi_Plane_ONFI_SLC", "Read_LSB"}));
}

// EPR-03, EPR-04: one-shot programs an op at a time, planned and under way, with resets between.
TEST(GeneratorAddresses, AgreeWithASearchForOneShotProgramsProperty) {
  EXPECT_TRUE(agree_with_a_search(
      shipped_device("tlc_4plane.yaml", {{"topology.blocks_per_die", "16"}, {"topology.pages_per_block", "3"}}),
      {"Block_Erase_TLC", "Block_Erase_TLC", "One_Shot_PGM_LSB", "One_Shot_PGM_LSB", "One_Shot_PGM_Multi_Plane_LSB",
       "One_Shot_PGM_CSB", "One_Shot_PGM_Multi_Plane_CSB", "One_Shot_PGM_MSB", "One_Shot_PGM_MSB_23h",
       "One_Shot_PGM_Execution_MSB", "One_Shot_PGM_Multi_Plane_Execution_MSB", "Read_LSB"}));
}

// EPR-02: pages of a block come one after the other, each once, until the block is full.
TEST(GeneratorAddresses, ProgramsPagesInOrderUntilNothingIsLeft) {
  Yard yard(device_with_bad_blocks());
  const OpId erase = yard.device().find_op("Block_Erase_SLC").value();
  const OpId program = yard.device().find_op("Page_Program_SLC").value();
  Rng rng(1, 1);
  TargetList targets;
  std::vector<std::int32_t> pages(16, 0);
  for (int i = 0; i < 1000 && yard.draw(erase, 0, rng, targets); ++i) {
    EXPECT_NE(targets[0].block, 8) << "a bad block";
    yard.accept(erase, targets);
    yard.finish_oldest();
  }
  int programs = 0;
  while (yard.draw(program, 0, rng, targets)) {
    const auto block = static_cast<std::size_t>(targets[0].block);
    EXPECT_EQ(targets[0].page, pages[block]++);
    yard.accept(program, targets);  // none of them has ended yet
    ASSERT_LE(++programs, 100);
  }
  EXPECT_EQ(programs, 7 * 3) << "blocks of plane 0 but the bad one, 3 pages each";
  while (!yard.nothing_pending()) yard.finish_oldest();
  EXPECT_FALSE(yard.draw(program, 0, rng, targets));
}

// EPR-03: what is planned or suspended is known: its block is not erased, its pages are not read before they are there.
TEST(GeneratorAddresses, KnowWhatIsOnItsWay) {
  Yard yard(device_with_bad_blocks());
  const OpId erase = yard.device().find_op("Block_Erase_SLC").value();
  const OpId program = yard.device().find_op("Page_Program_SLC").value();
  const OpId read = yard.device().find_op("Read_SLC").value();
  Rng rng(1, 1);
  TargetList targets;
  ASSERT_TRUE(yard.draw(erase, 0, rng, targets));
  yard.accept(erase, targets);
  EXPECT_FALSE(yard.draw(program, 0, rng, targets)) << "its erase has not ended";
  yard.finish_oldest();
  ASSERT_TRUE(yard.draw(program, 0, rng, targets));
  const std::int32_t block = targets[0].block;
  yard.accept(program, targets);
  EXPECT_FALSE(yard.draw(read, 0, rng, targets)) << "its program has not ended";
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(yard.draw(erase, 0, rng, targets));
    EXPECT_NE(targets[0].block, block);
  }
  yard.finish_oldest();
  ASSERT_TRUE(yard.draw(read, 0, rng, targets));
  EXPECT_EQ(targets[0].page, 0);
}

// GEN-01, EPR-02: draws over all that is legal, evenly.
TEST(GeneratorAddresses, AreDrawnEvenly) {
  Yard yard(device_with_bad_blocks());
  const OpId erase = yard.device().find_op("Block_Erase_SLC").value();
  std::vector<double> counts(16, 0);
  TargetList targets;
  for (std::uint64_t hook = 0; hook < 7000; ++hook) {
    Rng rng(4, hook);
    ASSERT_TRUE(yard.draw(erase, 0, rng, targets));
    ++counts[static_cast<std::size_t>(targets[0].block)];
  }
  double chi_square = 0;
  for (const int block : {0, 2, 4, 6, 10, 12, 14}) {
    chi_square +=
        (counts[static_cast<std::size_t>(block)] - 1000) * (counts[static_cast<std::size_t>(block)] - 1000) / 1000;
  }
  EXPECT_LT(chi_square, 22.5);  // 6 degrees of freedom, 0.1 %
}

// GEN-01: a draw costs the same on a large die that is almost full.
TEST(GeneratorAddresses, AreDrawnInConstantTimeOnALargeDieAlmostFull) {
  const auto large =
      shipped_device("tlc_4plane.yaml", {{"topology.blocks_per_die", "16384"}, {"topology.pages_per_block", "2564"}});
  Yard yard(large);
  const OpId erase = large->find_op("Block_Erase_SLC").value();
  const OpId fill = large->find_op("All_WL_Dummy_Program").value();
  const OpId program = large->find_op("Page_Program_SLC").value();
  TargetList targets;
  for (std::int32_t block = 0; block < 16384; ++block) {
    targets = {Target{block % 4, block, -1}};
    yard.accept(erase, targets);
    yard.finish_oldest();
    if (block == 12000) continue;
    targets[0].page = 0;
    yard.accept(fill, targets);
    yard.finish_oldest();
  }
  Rng rng(1, 1);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(yard.draw(program, 0, rng, targets));
    ASSERT_EQ(targets[0].block, 12000);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 2.0) << "a search over 16384 blocks each time takes far longer";
}

/// How many random numbers lie between two states of a stream.
int numbers_between(Rng from, const Rng& to) {
  const auto go_on_alike = [](Rng a, Rng b) {
    for (int i = 0; i < 4; ++i) {
      if (a.next() != b.next()) return false;
    }
    return true;
  };
  constexpr int kMost = 100;
  int numbers = 0;
  for (; numbers < kMost && !go_on_alike(from, to); ++numbers) from.next();
  return numbers;
}

// GEN-01: nothing is tried in vain, however full the dies are: 4 dies of 4 planes with 4096 blocks of 2564 pages each,
// all full but for one row. A block takes one random number, a page one, a choice of planes one and one for each.
TEST(GeneratorAddresses, TakeTheSameRandomNumbersOnDiesAlmostFull) {
  const auto large =
      shipped_device("tlc_4plane.yaml", {{"topology.blocks_per_die", "16384"}, {"topology.pages_per_block", "2564"}});
  const OpId erase = large->find_op("Block_Erase_SLC").value();
  const OpId fill = large->find_op("All_WL_Dummy_Program").value();
  const std::vector<std::pair<const char*, int>> most = {{"Page_Program_SLC", 1},
                                                         {"Read_SLC", 2},
                                                         {"Block_Erase_SLC", 1},
                                                         {"Page_Program_Multi_Plane_ONFI_SLC", 6},
                                                         {"Read_Multi_Plane_ONFI_SLC", 7}};
  for (std::int32_t die = 0; die < 4; ++die) {
    Yard yard(large);
    const std::int32_t open_row = 1000 * (die + 1);
    TargetList targets;
    for (std::int32_t block = 0; block < 16384; ++block) {
      targets = {Target{block % 4, block, -1}};
      yard.accept(erase, targets);
      yard.finish_oldest();
      if (block / 4 == open_row) continue;
      targets[0].page = 0;
      yard.accept(fill, targets);
      yard.finish_oldest();
    }
    for (const auto& [name, numbers] : most) {
      const OpId op = large->find_op(name).value();
      for (std::uint64_t hook = 0; hook < 1000; ++hook) {
        Rng rng(9, hook);
        const Rng before = rng;
        ASSERT_TRUE(yard.draw(op, 2, rng, targets)) << name;
        ASSERT_LE(numbers_between(before, rng), numbers) << name;
      }
    }
  }
}

}  // namespace
}  // namespace nandtlm::test
