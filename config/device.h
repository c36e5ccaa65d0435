// A checked device: plain structs that the loader fills and the model reads. No YAML here.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tlm/types.h"

namespace nandtlm {

/// Bases of one device at the most: the width of a BaseSet.
inline constexpr std::size_t kMaxBases = 128;
/// A set of bases: what one exclusion entry forbids.
using BaseSet = std::bitset<kMaxBases>;

/// CFG-01. All counts are at least 1; planes <= kMaxPlanes; dies is the total and a multiple of channels.
struct Topology {
  std::uint32_t channels = 1;
  std::uint32_t dies = 1;  ///< in the whole package
  std::uint32_t planes = 1;
  std::uint32_t blocks_per_die = 1;  ///< over all planes of the die
  std::uint32_t pages_per_block = 1;
  std::uint32_t page_bytes = 16384;
  std::uint32_t spare_bytes = 0;

  std::uint32_t dies_per_channel() const { return dies / channels; }
  std::uint32_t channel_of(std::uint32_t die) const { return die / dies_per_channel(); }
  std::uint32_t plane_of(std::uint32_t block) const { return block % planes; }
  /// Bytes that one page transfers: data and spare.
  std::uint32_t page_total_bytes() const { return page_bytes + spare_bytes; }
};

/// What the end (or the start) of an operation does to the die beside taking time.
enum class Action : std::uint8_t {
  None,
  Read,     ///< array to page register
  Program,  ///< page register to array
  Erase,
  DataOut,  ///< page register to the host
  Status,   ///< status register to the host
  Suspend,
  Resume,
  ResetDie,  ///< RESET_LUN
  ResetAll,  ///< RESET
  OdtOff,
  OdtOn,
};

/// RES-04. Bit positions in a latch mask.
enum class Latch : std::uint8_t { Read, Lsb, Csb, Msb };
inline constexpr std::size_t kLatches = 4;
using LatchMask = std::uint8_t;

/// RES-05.
enum class Cache : std::uint8_t { Read, Program, OneshotProgram };
inline constexpr std::size_t kCaches = 3;
using CacheMask = std::uint8_t;

/// EPR-04: where a base stands in a one-shot program.
enum class Oneshot : std::uint8_t { No, Lsb, Csb, Msb, Last };

/// What a base does; derived from its name, each part can be given explicitly (config/base_effects).
struct Effects {
  Action action = Action::None;
  Family controls = Family::None;  ///< the family that a Suspend or Resume acts on
  LatchMask latch_set = 0;         ///< set on the target planes, LSB/CSB/MSB on all planes of the die
  LatchMask latch_clear = 0;
  CacheMask cache_begin = 0;  ///< from the END of the op on
  CacheMask cache_end = 0;    ///< ended at the END of the op
  Oneshot oneshot = Oneshot::No;
  bool whole_block = false;      ///< programs every page of the block (ALLWL_PROGRAM)
  bool copyback = false;         ///< the data comes from the page register
  bool reads_suspended = false;  ///< may address a suspended target and reads its latches (SUS-07)
  bool needs_target = false;     ///< block and page (or block, for an erase) must be given

  bool is_reset() const { return action == Action::ResetDie || action == Action::ResetAll; }
  bool is_suspend_or_resume() const { return action == Action::Suspend || action == Action::Resume; }
  /// True where the end of the op leaves a page programmed.
  bool commits_page() const {
    return action == Action::Program && (oneshot == Oneshot::No || oneshot == Oneshot::Last);
  }
};

/// A key of an operation's payload in operation_sequence.csv.
enum class PayloadKey : std::uint8_t { Die, Plane, Block, Page, Celltype, ExpVal };

/// One timed step. Duration in ps, at least 0; `bus`: the channel is occupied for it.
struct Step {
  State state = State::Issue;
  bool bus = false;
  Time duration = 0;
  Time end = 0;  ///< offset of its end in an op's own time; in an OpSpec only
};

struct OpBase {
  std::string name;
  Scope scope = Scope::None;
  bool affect_state = true;      ///< its states stand in the state timeline and in the exclusion windows
  bool instant_resv = false;     ///< goes over running ops: takes no planes (SUSPEND, RESUME and RESET do all the same)
  Family family = Family::None;  ///< CFG-05
  Effects effects;
  std::vector<Step> steps;  ///< first is ISSUE
  std::vector<PayloadKey> payload;
};

struct OpSpec {
  std::string name;
  BaseId base{};
  CellId celltype{};
  bool multi = false;         ///< multi-plane
  std::vector<Step> steps;    ///< the base's steps with this op's durations
  Time nominal = 0;           ///< sum of the steps
  std::uint8_t sub_page = 0;  ///< TLC: 0 LSB, 1 CSB, 2 MSB: which of the word line's pages it reads or loads

  Time issue_time() const { return steps.front().duration; }
};

/// RES-07: what forbids what. Every entry is the union of its groups.
struct Exclusions {
  std::vector<std::array<BaseSet, kStates>> by_op_state;  ///< [base][state]
  std::vector<BaseSet> by_end;                            ///< [base]: `<BASE>.END`, for generator weights only
  std::array<BaseSet, kLatches> by_latch;
  std::array<std::array<BaseSet, 2>, kFamilies> by_suspend;  ///< [family][0: not suspended, 1: suspended]
  BaseSet by_odt_disabled;
  std::array<BaseSet, kCaches> by_cache;
};

/// Which rules hold (the established `constraints` section).
struct Rules {
  bool latch = true;
  bool state_forbid = true;
  bool suspend = true;
  bool odt = true;
  bool cache = true;
  bool address = true;               ///< EPR-*
  bool program_before_erase = true;  ///< false: a program into a block not erased is let through
  std::uint32_t offset_guard = 0;    ///< EPR-02: pages between a read and the last programmed page
  BaseSet single_single_allowed;     ///< RES-01 exclusion_multi
};

/// Policies in ps or counts (section 4, 5 and 10).
struct Policies {
  Time backlog_retry_delay = 5 * kPsPerUs;    ///< BKL-03, > 0
  Time min_progress = 0;                      ///< SUS-16, 0: off
  std::uint32_t max_suspends_per_op = 0;      ///< SUS-16, 0: off
  Time admission_window = kPsPerUs / 2;       ///< GEN-01
  Time queue_refill_period = 100 * kPsPerUs;  ///< GEN-01
  Time sequence_gap = kPsPerUs;               ///< GEN-01
  bool store_data = true;                     ///< keep page contents
};

/// A block that must not be used (EPR-01).
struct BadBlock {
  std::uint32_t die = 0;
  std::uint32_t block = 0;
};

/// A whole device. Made by load_device(); immutable while a simulation runs.
struct Device {
  std::string name;
  Topology topology;
  std::vector<std::string> celltypes;
  std::vector<OpBase> bases;
  std::vector<OpSpec> ops;
  std::vector<std::string> group_names;  ///< exclusion_groups, in file order
  std::vector<BaseSet> groups;
  Exclusions exclusions;
  Rules rules;
  Policies policies;
  std::vector<BadBlock> bad_blocks;
  /// Sections that only the generator reads, verbatim YAML text by key, for `config --print`.
  std::vector<std::pair<std::string, std::string>> generator_sections;

  /// Lookups by name, std::nullopt where the device has none.
  std::optional<OpId> find_op(const std::string& op_name) const;
  std::optional<BaseId> find_base(const std::string& base_name) const;
  std::optional<CellId> find_celltype(const std::string& celltype) const;

  const OpSpec& op(OpId id) const { return ops[index(id)]; }
  const OpBase& base(BaseId id) const { return bases[index(id)]; }
  const OpBase& base_of(OpId id) const { return base(op(id).base); }

  /// "<BASE>.<STATE>", the key of `exclusions_by_op_state`. The string lives as long as the device.
  const std::string& state_key(BaseId id, State state) const {
    return state_keys_[index(id)][static_cast<std::size_t>(state)];
  }

  /// Call once after `ops`, `bases` and `celltypes` are complete.
  void index_names();

 private:
  std::unordered_map<std::string, OpId> op_by_name_;
  std::unordered_map<std::string, BaseId> base_by_name_;
  std::unordered_map<std::string, CellId> celltype_by_name_;
  std::vector<std::array<std::string, kStates>> state_keys_;
};

const char* name(State state);    ///< "ISSUE", "CORE_BUSY", "DATA_IN", "DATA_OUT"
const char* name(Family family);  ///< "PROGRAM", "ERASE", "NONE"
const char* name(Scope scope);    ///< "NONE", "PLANE_SET", "DIE_WIDE"
const char* name(Latch latch);    ///< "LATCH_ON_READ" ...
const char* name(Cache cache);    ///< "ON_CACHE_READ" ...

}  // namespace nandtlm
