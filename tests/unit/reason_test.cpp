// Reasons and their spelling.
#include "tlm/reason.h"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

namespace nandtlm {
namespace {

std::vector<std::string> names(Reason first, Reason last) {
  std::vector<std::string> result;
  for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
    result.emplace_back(name(static_cast<Reason>(i)));
  }
  return result;
}

// RES-01: names, and the order in which a request is judged.
TEST(Reason, OrderOfJudgement) {
  EXPECT_THAT(names(Reason::Bus, Reason::StateForbidCache),
              ::testing::ElementsAre("bus", "planescope", "exclusion_multi", "exclusion", "latch", "state_forbid",
                                     "state_forbid_suspend", "state_forbid_odt", "state_forbid_cache"));
  EXPECT_LT(Reason::StateForbidCache, Reason::EprAddressRange);  // epr_dep comes last
}

// EPR-02
TEST(Reason, AddressRules) {
  EXPECT_THAT(
      names(Reason::EprAddressRange, Reason::EprOneshotOrder),
      ::testing::IsSupersetOf({"epr_program_before_erase", "epr_programs_on_same_page", "epr_page_not_ascending",
                               "epr_read_before_program", "epr_different_celltypes_on_same_block", "epr_bad_block",
                               "epr_multiplane_mismatch", "epr_address_range"}));
  for (const std::string& text : names(Reason::EprAddressRange, Reason::EprOneshotOrder)) {
    EXPECT_EQ(text.rfind("epr_", 0), 0U) << text;
  }
}

// SUS-02, SUS-07, SUS-11, SUS-16
TEST(Reason, SuspendAndResume) {
  EXPECT_STREQ(name(Reason::NothingToSuspend), "nothing_to_suspend");
  EXPECT_STREQ(name(Reason::NothingToResume), "nothing_to_resume");
  EXPECT_STREQ(name(Reason::SuspendedTarget), "suspended_target");
  EXPECT_STREQ(name(Reason::SuspendTooSoon), "suspend_too_soon");
  EXPECT_STREQ(name(Reason::SuspendLimit), "suspend_limit");
}

// MET-01: one counter per reason needs one name per reason.
TEST(Reason, EachHasANameOfItsOwn) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < kReasons; ++i) {
    const char* text = name(static_cast<Reason>(i));
    ASSERT_NE(text, nullptr) << "reason " << i;
    EXPECT_STRNE(text, "");
    EXPECT_TRUE(seen.insert(text).second) << text;
  }
}

// RES-01
TEST(Reason, IsFoundByItsName) {
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(reason_from_name(name(reason)), reason) << name(reason);
  }
}

// RES-01: spelling is exact.
TEST(Reason, UnknownNameIsNone) {
  for (const char* text : {"", "BUS", "bus ", "exclusion_", "state", "malformed2"}) {
    EXPECT_EQ(reason_from_name(text), Reason::None) << text;
  }
}

// RES-01
TEST(Refusal, IsTrueWhereThereIsAReason) {
  EXPECT_FALSE(Refusal());
  Refusal refusal;
  refusal.reason = Reason::Bus;
  EXPECT_TRUE(refusal);
}

}  // namespace
}  // namespace nandtlm
