#include "config/base_effects.h"

#include <array>
#include <string_view>

#include "config/scalars.h"

namespace nandtlm {
namespace {

constexpr LatchMask bit(Latch latch) {
  return static_cast<LatchMask>(1U << static_cast<unsigned>(latch));
}
constexpr CacheMask bit(Cache cache) {
  return static_cast<CacheMask>(1U << static_cast<unsigned>(cache));
}

constexpr LatchMask kRead = bit(Latch::Read);
constexpr LatchMask kLsb = bit(Latch::Lsb);
constexpr LatchMask kCsb = bit(Latch::Csb);
constexpr LatchMask kMsb = bit(Latch::Msb);
constexpr LatchMask kOneshotLatches = kLsb | kCsb | kMsb;

constexpr Effects plain(Action action) {
  Effects effects;
  effects.action = action;
  effects.needs_target = action == Action::Read || action == Action::Program || action == Action::Erase;
  return effects;
}

constexpr Effects reads() {
  Effects effects = plain(Action::Read);
  effects.latch_set = kRead;
  return effects;
}

constexpr Effects reads_suspended() {
  Effects effects = reads();
  effects.reads_suspended = true;
  return effects;
}

constexpr Effects cache_reads() {
  Effects effects = reads();
  effects.cache_begin = bit(Cache::Read);
  return effects;
}

// The array is not touched: the cached page moves to the page register.
constexpr Effects ends_cache_read() {
  Effects effects;
  effects.latch_set = kRead;
  effects.cache_end = bit(Cache::Read);
  return effects;
}

constexpr Effects data_out() {
  Effects effects = plain(Action::DataOut);
  effects.latch_clear = kRead;
  return effects;
}

constexpr Effects programs(CacheMask cache_begin, CacheMask cache_end, bool whole_block = false) {
  Effects effects = plain(Action::Program);
  effects.cache_begin = cache_begin;
  effects.cache_end = cache_end;
  effects.whole_block = whole_block;
  return effects;
}

constexpr Effects copyback(Effects effects) {
  effects.copyback = true;
  effects.latch_clear |= kRead;
  return effects;
}

constexpr Effects loads(Oneshot part, LatchMask latch) {
  Effects effects = plain(Action::Program);
  effects.oneshot = part;
  effects.latch_set = latch;
  return effects;
}

constexpr Effects finishes_oneshot(CacheMask cache_begin, CacheMask cache_end) {
  Effects effects = programs(cache_begin, cache_end);
  effects.oneshot = Oneshot::Last;
  effects.latch_clear = kOneshotLatches;
  return effects;
}

struct KnownBase {
  std::string_view name;
  Effects effects;
};

constexpr CacheMask kNoCache = 0;

constexpr std::array<KnownBase, 37> kKnownBases = {{
    {"READ", reads()},
    {"READ4K", reads()},
    {"PLANE_READ", reads()},
    {"PLANE_READ4K", reads()},
    {"COPYBACK_READ", reads()},
    {"RECOVERY_RD", reads_suspended()},
    {"CACHE_READ", cache_reads()},
    {"PLANE_CACHE_READ", cache_reads()},
    {"CACHE_READ_END", ends_cache_read()},
    {"PLANE_CACHE_READ_END", ends_cache_read()},
    {"DOUT", data_out()},
    {"DOUT4K", data_out()},
    {"PROGRAM_SLC", programs(kNoCache, bit(Cache::Program))},
    {"ALLWL_PROGRAM", programs(kNoCache, bit(Cache::Program), true)},
    {"CACHE_PROGRAM_SLC", programs(bit(Cache::Program), kNoCache)},
    {"COPYBACK_PROGRAM_SLC", copyback(programs(kNoCache, kNoCache))},
    {"ONESHOT_PROGRAM_LSB", loads(Oneshot::Lsb, kLsb)},
    {"ONESHOT_PROGRAM_CSB", loads(Oneshot::Csb, kCsb)},
    {"ONESHOT_PROGRAM_MSB", loads(Oneshot::Msb, kMsb)},
    {"ONESHOT_COPYBACK_PROGRAM_LSB", copyback(loads(Oneshot::Lsb, kLsb))},
    {"ONESHOT_COPYBACK_PROGRAM_CSB", copyback(loads(Oneshot::Csb, kCsb))},
    {"ONESHOT_COPYBACK_PROGRAM_MSB", copyback(loads(Oneshot::Msb, kMsb))},
    {"ONESHOT_PROGRAM_MSB_23H", finishes_oneshot(kNoCache, bit(Cache::OneshotProgram))},
    {"ONESHOT_PROGRAM_EXEC_MSB", finishes_oneshot(kNoCache, bit(Cache::OneshotProgram))},
    {"ONESHOT_COPYBACK_PROGRAM_EXEC_MSB", copyback(finishes_oneshot(kNoCache, bit(Cache::OneshotProgram)))},
    {"ONESHOT_CACHE_PROGRAM", finishes_oneshot(bit(Cache::OneshotProgram), kNoCache)},
    {"ERASE", plain(Action::Erase)},
    {"SR", plain(Action::Status)},
    {"SR_ADD", plain(Action::Status)},
    {"RESET", plain(Action::ResetAll)},
    {"RESET_LUN", plain(Action::ResetDie)},
    {"ODTDISABLE", plain(Action::OdtOff)},
    {"ODTENABLE", plain(Action::OdtOn)},
    // Known to do nothing beside taking time, whatever their names may look like.
    {"TRANSFER_TO_CACHE_LSB", plain(Action::None)},
    {"TRANSFER_TO_CACHE_CSB", plain(Action::None)},
    {"TRANSFER_TO_CACHE_MSB", plain(Action::None)},
    {"DSL_VTH_CHECK", plain(Action::None)},
}};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Family family_in(const std::string& upper_name) {
  if (contains(upper_name, "PROGRAM")) return Family::Program;
  return contains(upper_name, "ERASE") ? Family::Erase : Family::None;
}

Effects suspends_or_resumes(const std::string& upper_name) {
  Effects effects = plain(contains(upper_name, "SUSPEND") ? Action::Suspend : Action::Resume);
  effects.controls = family_in(upper_name);
  return effects;
}

Effects of_family(Family family) {
  if (family == Family::Program) return plain(Action::Program);
  return plain(family == Family::Erase ? Action::Erase : Action::None);
}

// "LSB" as a word of its own: "Read_LSB_AARV", not "ALSBX".
std::optional<std::uint8_t> page_word(const std::string& name) {
  constexpr std::array<std::string_view, 3> kPages = {"_LSB_", "_CSB_", "_MSB_"};
  const std::string words = "_" + upper(name) + "_";
  for (std::size_t page = 0; page < kPages.size(); ++page) {
    if (contains(words, kPages[page])) return static_cast<std::uint8_t>(page);
  }
  return std::nullopt;
}

}  // namespace

bool is_suspend_or_resume(const std::string& base) {
  const std::string name = upper(base);
  return contains(name, "SUSPEND") || contains(name, "RESUME");
}

std::optional<Family> family_from_name(const std::string& base) {
  if (is_suspend_or_resume(base)) return Family::None;
  const std::string name = upper(base);
  if (contains(name, "PROGRAM") && contains(name, "ERASE")) return std::nullopt;
  return family_in(name);
}

Effects effects_from_name(const std::string& base, Family family) {
  const std::string name = upper(base);
  for (const KnownBase& known : kKnownBases) {
    if (known.name == name) return known.effects;
  }
  if (is_suspend_or_resume(base)) return suspends_or_resumes(name);
  if (family != Family::None) return of_family(family);
  return of_family(family_from_name(base).value_or(Family::None));
}

std::uint8_t sub_page_from_names(const std::string& op, const std::string& base) {
  if (const auto page = page_word(op)) return *page;
  return page_word(base).value_or(0);
}

std::vector<PayloadKey> default_payload(const OpBase& base) {
  const Effects& effects = base.effects;
  if (effects.action == Action::Status) return {PayloadKey::Die, PayloadKey::ExpVal};
  const bool addressed = effects.needs_target || effects.action == Action::DataOut || base.scope == Scope::PlaneSet;
  if (!addressed) return {PayloadKey::Die};
  return {PayloadKey::Die, PayloadKey::Plane, PayloadKey::Block, PayloadKey::Page, PayloadKey::Celltype};
}

}  // namespace nandtlm
