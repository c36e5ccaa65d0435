#include "config/base_effects.h"

#include <gtest/gtest.h>

#include "config/effects_yaml.h"
#include "config/yaml_parse.h"

namespace nandtlm {
namespace {

constexpr LatchMask kRead = 1, kLsb = 2, kCsb = 4, kMsb = 8;
constexpr CacheMask kCacheRead = 1, kCacheProgram = 2, kCacheOneshot = 4;

Effects effects(const std::string& base) {
  return effects_from_name(base, family_from_name(base).value_or(Family::None));
}

// CFG-05
TEST(BaseEffects, ProgramFamily) {
  for (const char* base :
       {"PROGRAM_SLC", "ALLWL_PROGRAM", "CACHE_PROGRAM_SLC", "ONESHOT_PROGRAM_LSB", "ONESHOT_PROGRAM_CSB",
        "ONESHOT_PROGRAM_MSB", "ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB", "ONESHOT_CACHE_PROGRAM",
        "COPYBACK_PROGRAM_SLC", "ONESHOT_COPYBACK_PROGRAM_LSB", "ONESHOT_COPYBACK_PROGRAM_CSB",
        "ONESHOT_COPYBACK_PROGRAM_MSB", "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB", "FOO_PROGRAM", "foo_program"}) {
    EXPECT_EQ(family_from_name(base), Family::Program) << base;
    EXPECT_EQ(effects(base).action, Action::Program) << base;
    EXPECT_TRUE(effects(base).needs_target) << base;
  }
}

// CFG-05
TEST(BaseEffects, EraseFamilyAndNone) {
  EXPECT_EQ(family_from_name("ERASE"), Family::Erase);
  EXPECT_EQ(effects("FAST_ERASE").action, Action::Erase);
  for (const char* base : {"READ", "DOUT", "RESET", "SR", "TRANSFER_TO_CACHE_LSB", "DSL_VTH_CHECK", "NOP"}) {
    EXPECT_EQ(family_from_name(base), Family::None) << base;
  }
  EXPECT_EQ(family_from_name("PROGRAM_AFTER_ERASE"), std::nullopt);
}

// CFG-05: SUSPEND and RESUME bases are never in a family.
TEST(BaseEffects, SuspendAndResume) {
  for (const char* base : {"PROGRAM_SUSPEND", "PROGRAM_RESUME", "ERASE_SUSPEND", "ERASE_RESUME"}) {
    EXPECT_EQ(family_from_name(base), Family::None) << base;
    EXPECT_FALSE(effects(base).needs_target) << base;
  }
  EXPECT_EQ(effects("PROGRAM_SUSPEND").action, Action::Suspend);
  EXPECT_EQ(effects("PROGRAM_SUSPEND").controls, Family::Program);
  EXPECT_EQ(effects("ERASE_SUSPEND").controls, Family::Erase);
  EXPECT_EQ(effects("ERASE_RESUME").action, Action::Resume);
  EXPECT_EQ(effects("ERASE_RESUME").controls, Family::Erase);
  EXPECT_EQ(effects("DIE_PROGRAM_RESUME").controls, Family::Program);
}

// CFG-05: an explicit family wins over the name and decides what an unknown base does.
TEST(BaseEffects, ExplicitFamily) {
  EXPECT_EQ(effects_from_name("MY_WRITE", Family::Program).action, Action::Program);
  EXPECT_EQ(effects_from_name("MY_WRITE", Family::None).action, Action::None);
  EXPECT_EQ(effects_from_name("WIPE", Family::Erase).action, Action::Erase);
  // Not suspendable, but still a program.
  EXPECT_EQ(effects_from_name("FOO_PROGRAM", Family::None).action, Action::Program);
}

// RES-04
TEST(BaseEffects, ReadLatches) {
  for (const char* base : {"READ", "READ4K", "PLANE_READ", "PLANE_READ4K", "CACHE_READ", "PLANE_CACHE_READ",
                           "COPYBACK_READ", "RECOVERY_RD"}) {
    EXPECT_EQ(effects(base).action, Action::Read) << base;
    EXPECT_EQ(effects(base).latch_set, kRead) << base;
    EXPECT_TRUE(effects(base).needs_target) << base;
  }
  EXPECT_EQ(effects("DOUT").action, Action::DataOut);
  EXPECT_EQ(effects("DOUT").latch_clear, kRead);
  EXPECT_EQ(effects("DOUT4K").latch_clear, kRead);
}

// SUS-07
TEST(BaseEffects, OnlyRecoveryReadsSuspended) {
  EXPECT_TRUE(effects("RECOVERY_RD").reads_suspended);
  EXPECT_FALSE(effects("READ").reads_suspended);
}

// RES-05
TEST(BaseEffects, CacheStates) {
  EXPECT_EQ(effects("CACHE_READ").cache_begin, kCacheRead);
  EXPECT_EQ(effects("PLANE_CACHE_READ").cache_begin, kCacheRead);
  EXPECT_EQ(effects("CACHE_READ_END").cache_end, kCacheRead);
  EXPECT_EQ(effects("CACHE_READ_END").action, Action::None);
  EXPECT_EQ(effects("CACHE_READ_END").latch_set, kRead);
  EXPECT_EQ(effects("PLANE_CACHE_READ_END").cache_end, kCacheRead);
  EXPECT_EQ(effects("CACHE_PROGRAM_SLC").cache_begin, kCacheProgram);
  EXPECT_EQ(effects("CACHE_PROGRAM_SLC").cache_end, 0);
  EXPECT_EQ(effects("PROGRAM_SLC").cache_end, kCacheProgram);
  EXPECT_EQ(effects("ALLWL_PROGRAM").cache_end, kCacheProgram);
  EXPECT_EQ(effects("ONESHOT_CACHE_PROGRAM").cache_begin, kCacheOneshot);
  EXPECT_EQ(effects("ONESHOT_PROGRAM_MSB_23H").cache_end, kCacheOneshot);
}

// EPR-04
TEST(BaseEffects, OneshotParts) {
  EXPECT_EQ(effects("ONESHOT_PROGRAM_LSB").oneshot, Oneshot::Lsb);
  EXPECT_EQ(effects("ONESHOT_PROGRAM_LSB").latch_set, kLsb);
  EXPECT_EQ(effects("ONESHOT_COPYBACK_PROGRAM_CSB").oneshot, Oneshot::Csb);
  EXPECT_EQ(effects("ONESHOT_COPYBACK_PROGRAM_CSB").latch_set, kCsb);
  EXPECT_TRUE(effects("ONESHOT_COPYBACK_PROGRAM_CSB").copyback);
  EXPECT_EQ(effects("ONESHOT_PROGRAM_MSB").oneshot, Oneshot::Msb);
  EXPECT_FALSE(effects("ONESHOT_PROGRAM_MSB").commits_page());
  for (const char* base : {"ONESHOT_PROGRAM_MSB_23H", "ONESHOT_PROGRAM_EXEC_MSB", "ONESHOT_CACHE_PROGRAM",
                           "ONESHOT_COPYBACK_PROGRAM_EXEC_MSB"}) {
    EXPECT_EQ(effects(base).oneshot, Oneshot::Last) << base;
    EXPECT_TRUE(effects(base).commits_page()) << base;
    EXPECT_EQ(effects(base).latch_clear & (kLsb | kCsb | kMsb), kLsb | kCsb | kMsb) << base;
  }
}

// RES-06, SPEC 1
TEST(BaseEffects, Others) {
  EXPECT_TRUE(effects("ALLWL_PROGRAM").whole_block);
  EXPECT_TRUE(effects("COPYBACK_PROGRAM_SLC").copyback);
  EXPECT_EQ(effects("COPYBACK_PROGRAM_SLC").latch_clear, kRead);
  EXPECT_EQ(effects("RESET").action, Action::ResetAll);
  EXPECT_EQ(effects("RESET_LUN").action, Action::ResetDie);
  EXPECT_EQ(effects("ODTDISABLE").action, Action::OdtOff);
  EXPECT_EQ(effects("ODTENABLE").action, Action::OdtOn);
  EXPECT_EQ(effects("SR_ADD").action, Action::Status);
  EXPECT_EQ(effects("NOP").action, Action::None);
}

TEST(BaseEffects, SubPage) {
  EXPECT_EQ(sub_page_from_names("Read_LSB_AARV", "READ"), 0);
  EXPECT_EQ(sub_page_from_names("Read_CSB", "READ"), 1);
  EXPECT_EQ(sub_page_from_names("Soft_Read_MSB", "READ"), 2);
  EXPECT_EQ(sub_page_from_names("Data_transfer_2nd", "TRANSFER_TO_CACHE_CSB"), 1);
  EXPECT_EQ(sub_page_from_names("One_Shot_PGM_MSB_23h", "ONESHOT_PROGRAM_MSB_23H"), 2);
  EXPECT_EQ(sub_page_from_names("Read_SLC", "READ"), 0);
  EXPECT_EQ(sub_page_from_names("Read_XMSB", "READ"), 0);
}

// CFG-01: what the writer says about effects is what the reader makes of it.
TEST(BaseEffects, TextRoundTrip) {
  for (const char* base : {"ONESHOT_COPYBACK_PROGRAM_EXEC_MSB", "RECOVERY_RD", "ALLWL_PROGRAM", "ERASE_SUSPEND",
                           "ONESHOT_CACHE_PROGRAM", "CACHE_READ_END", "RESET_LUN", "ODTENABLE", "NOP"}) {
    const Effects before = effects(base);
    Diagnostics out;
    const std::optional<YamlNode> node = parse_yaml(effects_text(before), out.add_source("effects"), out);
    ASSERT_TRUE(node) << base;
    Effects after = effects("ONESHOT_PROGRAM_LSB");  // every part must be overwritten
    read_effects(*node, "effects", out, after);
    EXPECT_TRUE(out.ok()) << base;
    EXPECT_TRUE(same_effects(before, after)) << base;
    EXPECT_FALSE(same_effects(before, effects("ONESHOT_PROGRAM_LSB"))) << base;
  }
}

}  // namespace
}  // namespace nandtlm
