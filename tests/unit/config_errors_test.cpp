// CFG-04: every kind of mistake gives one line with its position, all of a file in one go.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "config/device_loader.h"
#include "config/yaml_parse.h"
#include "tests/unit/config_test_support.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string only_error(const std::string& text, const LoadOptions& options = {}) {
  const LoadedDevice loaded = load_text(text, options);
  EXPECT_FALSE(loaded.device);
  EXPECT_EQ(loaded.errors.size(), 1U) << ::testing::PrintToString(texts(loaded.errors));
  return loaded.errors.empty() ? "" : loaded.errors.front().text();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string minimal_with(const std::string& what, const std::string& with) {
  return only_error(replaced(kMinimalDevice, what, with));
}

std::string minimal_plus(const std::string& more) {
  return only_error(kMinimalDevice + more);
}

TEST(ConfigErrors, MinimalDeviceIsRight) {
  const LoadedDevice loaded = load_text(kMinimalDevice);
  EXPECT_THAT(texts(loaded.errors), ElementsAre());
  EXPECT_TRUE(loaded.device);
  EXPECT_EQ(std::count(kMinimalDevice.begin(), kMinimalDevice.end(), '\n'), kMinimalLines);
}

// CFG-04
TEST(ConfigErrors, Numbers) {
  EXPECT_EQ(minimal_with("planes: 2", "planes: 9"),
            "d.yaml:3:11: topology.planes: '9' is out of range, expected a whole number from 1 to 8");
  EXPECT_EQ(minimal_with("planes: 2", "planes: 02"),
            "d.yaml:3:11: topology.planes: '02' has a leading zero, expected a whole number from 1 to 8 without it");
  EXPECT_EQ(minimal_with("planes: 2", "planes: \"2\""),
            "d.yaml:3:11: topology.planes: found the text '2' in quotes, expected a whole number");
  EXPECT_EQ(minimal_with("planes: 2", "planes: [2]"),
            "d.yaml:3:11: topology.planes: found a list, expected a whole number");
  EXPECT_EQ(minimal_with("planes: 2", "planes:"),
            "d.yaml:3:3: topology.planes: found nothing, expected a whole number");
  EXPECT_EQ(minimal_with("dies: 2", "dies: 1025"),
            "d.yaml:2:9: topology.dies: '1025' is out of range, expected a whole number from 1 to 1024");
  EXPECT_EQ(minimal_with("blocks_per_die: 8", "blocks_per_die: 7"),
            "d.yaml:4:19: topology.blocks_per_die: 7 is no multiple of planes = 2, expected one");
  EXPECT_EQ(minimal_with("dies: 2", "dies: 3\n  channels: 2"),
            "d.yaml:2:9: topology.dies: 3 is no multiple of channels = 2, expected one");
}

// CFG-04: the memory of block states is bounded.
TEST(ConfigErrors, TooManyBlocks) {
  const std::string text =
      replaced(replaced(kMinimalDevice, "dies: 2", "dies: 1024"), "blocks_per_die: 8", "blocks_per_die: 65536");
  EXPECT_EQ(only_error(text),
            "d.yaml:4:19: topology.blocks_per_die: 67108864 blocks in the package, expected at most 16777216");
}

// CFG-04
TEST(ConfigErrors, Durations) {
  EXPECT_EQ(minimal_with("CORE_BUSY: 25", "CORE_BUSY: 25s"),
            "d.yaml:9:60: op_bases.READ.states.CORE_BUSY: '25s' has the unknown unit 's', expected a decimal number in "
            "us, or with a unit us, ns, ms or ps");
  EXPECT_EQ(minimal_with("CORE_BUSY: 25", "CORE_BUSY: -25"),
            "d.yaml:9:60: op_bases.READ.states.CORE_BUSY: '-25' is negative, expected 0 or more");
  EXPECT_EQ(minimal_with("CORE_BUSY: 25", "CORE_BUSY: read.slc"),
            "d.yaml:9:60: op_bases.READ.states.CORE_BUSY: unknown latency 'read.slc', expected a duration in us or a "
            "key of 'latencies'");
  EXPECT_EQ(minimal_plus("policies:\n  backlog_retry_delay_us: 0\n"),
            "d.yaml:17:27: policies.backlog_retry_delay_us: '0' is too short, expected at least 0.000001 us");
}

// CFG-04: yaml-cpp alone takes the first in silence.
TEST(ConfigErrors, DuplicateKeys) {
  EXPECT_EQ(minimal_with("  planes: 2", "  planes: 2\n  planes: 4"),
            "d.yaml:4:3: topology.planes: duplicate key, first given in line 3, expected it once");
  EXPECT_EQ(minimal_plus("  Read_SLC: {base: READ}\n"),
            "d.yaml:16:3: op_names.Read_SLC: duplicate key, first given in line 15, expected it once");
}

// CFG-04
TEST(ConfigErrors, UnknownAndMissingKeys) {
  EXPECT_EQ(minimal_with("  planes: 2", "  planes: 2\n  plains: 2"),
            "d.yaml:4:3: topology.plains: unknown key, expected one of channels, dies, planes, blocks_per_die, "
            "pages_per_block, page_bytes, spare_bytes");
  EXPECT_EQ(minimal_with("  planes: 2\n", ""),
            "d.yaml:2:3: topology.planes: the key is missing, expected it in this map");
  const LoadedDevice loaded = load_text(replaced(kMinimalDevice, "celltypes:", "celltipes:"));
  EXPECT_THAT(
      texts(loaded.errors),
      ElementsAre("d.yaml:1:1: celltypes: the key is missing, expected it in this map",
                  HasSubstr("d.yaml:6:1: celltipes: unknown key, expected one of name, topology, celltypes, ")));
}

// CFG-05, SUS-02: an op that can be suspended runs alone with those of its family, so it takes planes.
TEST(ConfigErrors, AnOpThatCanBeSuspendedTakesPlanes) {
  EXPECT_THAT(minimal_with("ERASE: {scope", "ERASE: {instant_resv: true, scope"),
              HasSubstr(": op_bases.ERASE.instant_resv: an op that can be suspended takes its planes, expected false"));
}

// CFG-04: all in one go, in the order of the file.
TEST(ConfigErrors, AllAtOnce) {
  std::string text = replaced(kMinimalDevice, "dies: 2", "dies: two");
  text = replaced(text, "scope: PLANE_SET", "scope: PLAIN");
  text = replaced(text, "base: READ,", "base: RAED,");
  const LoadedDevice loaded = load_text(text + "extra: 1\n");
  ASSERT_EQ(loaded.errors.size(), 4U);
  EXPECT_EQ(loaded.errors[0].line, 2);
  EXPECT_EQ(loaded.errors[1].line, 9);
  EXPECT_EQ(loaded.errors[2].line, 15);
  EXPECT_EQ(loaded.errors[3].line, 16);
  EXPECT_FALSE(loaded.device);
}

// CFG-04
TEST(ConfigErrors, WordsAndNames) {
  EXPECT_EQ(minimal_with("scope: PLANE_SET", "scope: PLAIN"),
            "d.yaml:9:17: op_bases.READ.scope: found 'PLAIN', expected one of NONE, PLANE_SET, DIE_WIDE");
  EXPECT_EQ(minimal_with("base: READ,", "base: RAED,"),
            "d.yaml:15:20: op_names.Read_SLC.base: unknown base 'RAED', expected a key of 'op_bases'");
  EXPECT_EQ(minimal_with("base: READ, celltype: SLC", "base: READ, celltype: QLC"),
            "d.yaml:15:36: op_names.Read_SLC.celltype: unknown cell type 'QLC', expected one of 'celltypes'");
  EXPECT_EQ(minimal_with("base: READ, celltype: SLC", "base: READ, celltype: SLC, multi: 2"),
            "d.yaml:15:48: op_names.Read_SLC.multi: '2' is not a bool, expected true or false");
  EXPECT_EQ(minimal_with("base: READ, celltype: SLC", "base: READ, durations: {CORE_BUZY: 1}"),
            "d.yaml:15:38: op_names.Read_SLC.durations.CORE_BUZY: unknown state 'CORE_BUZY', expected ISSUE, "
            "CORE_BUSY, DATA_IN or DATA_OUT");
  EXPECT_EQ(minimal_with("base: READ, celltype: SLC", "base: READ, durations: {DOUT: 1, DATA_OUT: 1}"),
            "d.yaml:15:47: op_names.Read_SLC.durations.DATA_OUT: the state is given twice, expected it once");
  EXPECT_EQ(minimal_plus("payload_by_op_base: {READ: [die, plain]}\n"),
            "d.yaml:16:34: payload_by_op_base.READ: found 'plain', expected one of die, plane, block, page, celltype, "
            "exp_val");
  EXPECT_EQ(minimal_plus("payload_by_op_base: {RAED: [die]}\n"),
            "d.yaml:16:22: payload_by_op_base.RAED: unknown base 'RAED', expected a key of 'op_bases'");
}

// CFG-04, CFG-05
TEST(ConfigErrors, Bases) {
  EXPECT_EQ(minimal_with("{scope: NONE, states: {ISSUE: 0.1}}\n  SR", "{scope: NONE, states: {CORE_BUSY: 1}}\n  SR"),
            "d.yaml:11:32: op_bases.RESET.states: the first state is not ISSUE with 'bus: true', expected that");
  EXPECT_EQ(minimal_with("  SR:", "  ERASE_SUSPEND: {scope: NONE, family: ERASE, states: {ISSUE: 1}}\n  SR:"),
            "d.yaml:12:40: op_bases.ERASE_SUSPEND.family: a SUSPEND or RESUME base is in no family, expected NONE or "
            "no key");
  EXPECT_EQ(minimal_with("  SR:", "  FOO_SUSPEND: {scope: NONE, states: {ISSUE: 1}}\n  SR:"),
            "d.yaml:12:3: op_bases.FOO_SUSPEND.effects.controls: a suspend or resume acts on no family, expected "
            "PROGRAM or ERASE in the name or here");
  EXPECT_EQ(minimal_with("  SR:", "  ERASE_PROGRAM: {scope: NONE, states: {ISSUE: 1}}\n  SR:"),
            "d.yaml:12:3: op_bases.ERASE_PROGRAM.family: the name says both PROGRAM and ERASE, expected the key "
            "'family'");
  EXPECT_EQ(minimal_with("  SR:", "  sr: {scope: NONE, states: {ISSUE: 1}}\n  SR:"),
            "d.yaml:13:3: op_bases.SR: differs from another base in case only, expected a name of its own");
}

// CFG-04: a BaseSet has 128 bits.
TEST(ConfigErrors, TooManyBases) {
  std::string more;
  for (int i = 0; i < 124; ++i) more += "  B" + std::to_string(i) + ": {scope: NONE, states: {ISSUE: 1}}\n";
  EXPECT_EQ(minimal_with("op_names:", more + "op_names:"),
            "d.yaml:136:3: op_bases.B123: too many bases, expected at most 128");
}

// CFG-04
TEST(ConfigErrors, DanglingGroupsAndTables) {
  EXPECT_EQ(minimal_plus("exclusion_groups:\n  a: [READ, NOPE]\n"),
            "d.yaml:17:13: exclusion_groups.a: unknown name 'NOPE', expected a base or a key of 'exclusion_groups'");
  EXPECT_EQ(minimal_plus("exclusions_by_op_state:\n  READ.CORE_BUSY: [on_raed]\n"),
            "d.yaml:17:20: exclusions_by_op_state.READ.CORE_BUSY: unknown name 'on_raed', expected a base or a key of "
            "'exclusion_groups'");
  EXPECT_EQ(minimal_plus("exclusions_by_op_state:\n  READ.BUSY: []\n"),
            "d.yaml:17:3: exclusions_by_op_state.READ.BUSY: unknown state 'BUSY', expected ISSUE, CORE_BUSY, DATA_IN, "
            "DATA_OUT or END");
  EXPECT_EQ(minimal_plus("exclusions_by_op_state:\n  RAED.END: []\n"),
            "d.yaml:17:3: exclusions_by_op_state.RAED.END: unknown base 'RAED', expected a key of 'op_bases'");
  EXPECT_EQ(minimal_plus("exclusions_by_latch_state: {LATCH_ON_RAED: []}\n"),
            "d.yaml:16:29: exclusions_by_latch_state.LATCH_ON_RAED: unknown key, expected one of LATCH_ON_READ, "
            "LATCH_ON_LSB, LATCH_ON_CSB, LATCH_ON_MSB");
  EXPECT_EQ(minimal_plus("exclusion_groups:\n  READ: []\n"),
            "d.yaml:17:3: exclusion_groups.READ: is also the name of a base, expected a name of its own");
}

// CFG-04
TEST(ConfigErrors, Cycles) {
  EXPECT_EQ(minimal_plus("exclusion_groups:\n  a: [b]\n  b: {union: c}\n  c: {all_except: [a]}\n"),
            "d.yaml:19:20: exclusion_groups.c.all_except: cyclic reference a -> b -> c -> a, expected groups that end");
  EXPECT_EQ(minimal_plus("exclusion_groups:\n  a: a\n"),
            "d.yaml:17:6: exclusion_groups.a: cyclic reference a -> a, expected groups that end");
}

// CFG-04
TEST(ConfigErrors, Constraints) {
  EXPECT_EQ(minimal_plus("constraints: {enabled_rules: [bus]}\n"),
            "d.yaml:16:31: constraints.enabled_rules: found 'bus', expected one of state_forbid, "
            "state_forbid_op_state, state_forbid_suspend, state_forbid_odt, state_forbid_cache, addr_dep");
  EXPECT_EQ(minimal_plus("program_base_whitelist: [ERASE]\n"),
            "d.yaml:16:26: program_base_whitelist: 'ERASE' does not complete a page by its effects, expected a base "
            "that does");
}

// CFG-04
TEST(ConfigErrors, Generator) {
  EXPECT_EQ(minimal_plus("features: {x: maybe}\n"),
            "d.yaml:16:15: features.x: 'maybe' is not a bool, expected true or false");
  EXPECT_EQ(minimal_plus("phase_conditional: {READ.END: {SR: -1}}\n"),
            "d.yaml:16:36: phase_conditional.READ.END.SR: '-1' is out of range, expected a number of at least 0");
  EXPECT_EQ(minimal_plus("policies: {epsilon_greedy: 2}\n"),
            "d.yaml:16:28: policies.epsilon_greedy: '2' is out of range, expected a number from 0 to 1");
}

// CFG-04: no kind of file ends in a crash.
TEST(ConfigErrors, NotADevice) {
  EXPECT_EQ(only_error(""), "d.yaml:1:1: (document): the text is empty, expected a YAML map");
  EXPECT_EQ(only_error("# nothing\n"), "d.yaml:1:1: (document): the text is empty, expected a YAML map");
  EXPECT_THAT(only_error("just words\n"), HasSubstr("d.yaml:1:1: : found 'just words', expected a map"));
  EXPECT_THAT(only_error("a: [1, 2\nb: 3\n"), HasSubstr("d.yaml:2:2: (document): no valid YAML: "));
  EXPECT_EQ(only_error(std::string("a: 1\nb: \0x\n", 11)), "d.yaml:2:4: (file): byte 0x00 is not text, expected UTF-8");
  EXPECT_EQ(only_error("a: \xFF\n"), "d.yaml:1:4: (file): byte 0xff is not text, expected UTF-8");
  EXPECT_THAT(minimal_plus("---\na: 1\n"), HasSubstr("a second document begins, expected one document in the file"));
  EXPECT_THAT(minimal_plus("[a, b]: 1\n"), HasSubstr("d.yaml:16:1: (document): the key is a list, expected text"));
  EXPECT_THAT(minimal_with("dies: 2", "dies: !!int 2"), HasSubstr("d.yaml:2:9: (document): tag"));
}

// CFG-04
TEST(ConfigErrors, DeepAndExplodingDocuments) {
  EXPECT_THAT(only_error("a: " + std::string(100'000, '[')), HasSubstr("d.yaml:1:"));
  EXPECT_THAT(only_error("a: " + std::string(100'000, '{')), HasSubstr("d.yaml:1:"));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 1; k < 10; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_EQ(only_error(bomb),
            "d.yaml:1:1: (document): too large with its aliases expanded, expected a document of ordinary size");
  EXPECT_THAT(texts(load_text("\n- &a [*a]\n").errors).back(), HasSubstr("the alias lies inside its own anchor"));
}

// CFG-04: a chain of groups or sets ends in an error, not in the stack.
TEST(ConfigErrors, DeepSets) {
  std::string chain = "exclusion_groups:\n";
  for (int i = 0; i < 255; ++i) {
    chain += "  g" + std::to_string(i) + ": " + std::string(100, '[') + "g" + std::to_string(i + 1) +
             std::string(100, ']') + "\n";
  }
  chain += "  g255: READ\n";
  EXPECT_THAT(texts(load_text(kMinimalDevice + chain).errors).front(), HasSubstr("nested too deep"));
}

// CFG-04
TEST(ConfigErrors, Files) {
  EXPECT_EQ(load_device("/no/such.yaml").errors.at(0).text(),
            "/no/such.yaml:1:1: (file): the file does not exist, expected a readable file");
  EXPECT_EQ(load_device("/tmp").errors.at(0).text(), "/tmp:1:1: (file): not a regular file, expected a readable file");
  EXPECT_EQ(load_device("/dev/zero").errors.at(0).text(),
            "/dev/zero:1:1: (file): not a regular file, expected a readable file");
  const TempFile huge("huge.yaml", std::string(kMaxYamlBytes + 1, '#'));
  EXPECT_THAT(load_device(huge.path()).errors.at(0).text(), HasSubstr("larger than 4194304 bytes, expected less"));
}

// CFG-04: one line per error whatever the file holds.
TEST(ConfigErrors, OneLine) {
  const std::string error = minimal_plus("\"a\\nb\": 1\n");
  EXPECT_EQ(error.find('\n'), std::string::npos);
  EXPECT_THAT(error, HasSubstr("a\\x0ab: unknown key"));
}

}  // namespace
}  // namespace nandtlm::test
