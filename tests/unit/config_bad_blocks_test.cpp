#include "config/bad_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/device_writer.h"
#include "tests/unit/config_test_support.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Topology topology() {
  Topology topology;
  topology.dies = 2;
  topology.blocks_per_die = 8;
  return topology;
}

// EPR-01
TEST(ConfigBadBlocks, ReadsPairs) {
  for (const char* text : {"die,block\n1,7\n0,3\n", "1,7\n\n0, 3\n", "DIE, Block\r\n1,7\r\n0,3"}) {
    const TempFile file("bad.csv", text);
    const BadBlockList list = load_bad_blocks(file.path(), topology());
    EXPECT_THAT(texts(list.errors), ElementsAre()) << text;
    ASSERT_EQ(list.blocks.size(), 2U) << text;
    EXPECT_EQ(list.blocks[0].die, 0U);
    EXPECT_EQ(list.blocks[0].block, 3U);
    EXPECT_EQ(list.blocks[1].die, 1U);
    EXPECT_EQ(list.blocks[1].block, 7U);
  }
}

// EPR-01, CFG-04
TEST(ConfigBadBlocks, Errors) {
  const TempFile file("bad.csv", "die,block\n0,8\n2,0\n0\n0,1,2\n0,x\n1,1\n1,1\ndie,block\n");
  const std::string& path = file.path();
  EXPECT_THAT(texts(load_bad_blocks(path, topology()).errors),
              ElementsAre(path + ":2:3: block: '8' is out of range, expected a whole number from 0 to 7",
                          path + ":3:1: die: '2' is out of range, expected a whole number from 0 to 1",
                          path + ":4:1: (line): '0' is no pair, expected 'die,block'",
                          path + ":5:1: (line): '0,1,2' is no pair, expected 'die,block'",
                          path + ":6:3: block: 'x' is not a whole number, expected a whole number from 0 to 7",
                          path + ":8:1: block: die 1 block 1 is given twice, expected it once",
                          HasSubstr(":9:1: die: 'die' is not a whole number"),
                          HasSubstr(":9:5: block: 'block' is not a whole number")));
}

// EPR-01, CFG-01: relative to the device file.
TEST(ConfigBadBlocks, DeviceKey) {
  const TempFile csv("bad.csv", "1,5\n");
  const std::string name = std::filesystem::path(csv.path()).filename().string();
  const TempFile yaml("d.yaml", kMinimalDevice + "bad_blocks: " + name + "\n");
  const LoadedDevice loaded = load_device(yaml.path());
  ASSERT_TRUE(loaded.device) << ::testing::PrintToString(texts(loaded.errors));
  ASSERT_EQ(loaded.device->bad_blocks.size(), 1U);
  EXPECT_EQ(loaded.device->bad_blocks[0].block, 5U);
  const LoadedDevice again = load_text(to_yaml(*loaded.device));
  ASSERT_TRUE(again.device) << ::testing::PrintToString(texts(again.errors));
  ASSERT_EQ(again.device->bad_blocks.size(), 1U);
  EXPECT_EQ(again.device->bad_blocks[0].die, 1U);
}

// EPR-01, CFG-04
TEST(ConfigBadBlocks, DeviceKeyErrors) {
  EXPECT_THAT(texts(load_text(kMinimalDevice + "bad_blocks: nope.csv\n").errors),
              ElementsAre("nope.csv:1:1: (file): the file does not exist, expected a readable file"));
  EXPECT_THAT(texts(load_text(kMinimalDevice + "bad_blocks: [[0, 9], 3]\n").errors),
              ElementsAre("d.yaml:16:18: bad_blocks.block: '9' is out of range, expected a whole number from 0 to 7",
                          "d.yaml:16:22: bad_blocks: found '3', expected a pair [die, block]"));
}

}  // namespace
}  // namespace nandtlm::test
