#include "tlm/reason.h"

#include <array>
#include <cstring>
#include <set>
#include <string>

#include "tlm/state_archive.h"

namespace nandtlm {
namespace {

constexpr std::array<const char*, kReasons> kNames = {
    "none",
    "bus",
    "planescope",
    "exclusion_multi",
    "exclusion",
    "latch",
    "state_forbid",
    "state_forbid_suspend",
    "state_forbid_odt",
    "state_forbid_cache",
    "epr_address_range",
    "epr_bad_block",
    "epr_multiplane_mismatch",
    "epr_program_before_erase",
    "epr_programs_on_same_page",
    "epr_page_not_ascending",
    "epr_read_before_program",
    "epr_different_celltypes_on_same_block",
    "epr_oneshot_order",
    "nothing_to_suspend",
    "nothing_to_resume",
    "suspended_target",
    "suspend_too_soon",
    "suspend_limit",
    "aborted_by_reset",
    "malformed",
};

}  // namespace

const char* name(Reason reason) {
  return kNames[static_cast<std::size_t>(reason)];
}

Reason reason_from_name(const char* text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (std::strcmp(kNames[i], text) == 0) return static_cast<Reason>(i);
  }
  return Reason::None;
}

/// A rule that comes from a snapshot outlives its reader: there are as many as a device has.
void Refusal::transfer(StateArchive& archive) {
  static std::set<std::string> rules;
  std::string text = rule;
  archive(reason, blocker, from, to, text);
  if (archive.loading()) rule = rules.insert(std::move(text)).first->c_str();
}

}  // namespace nandtlm
