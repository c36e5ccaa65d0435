// One die in a situation: what runs and in which state, what is suspended, which latches and other states hold.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/die_bench.h"

namespace nandtlm::test {

/// What has left a state behind.
enum class Before { Nothing, Read, Lsb, Csb, Msb, CacheRead, CacheProgram, OneshotCache, OdtDisable };
inline constexpr int kBefores = 9;

/// Rows of blocks (one block per plane), each for one purpose.
enum class Row : std::int32_t {
  Runs,            ///< of what runs
  ErasePending,    ///< of the suspended erase
  ProgramPending,  ///< of the suspended program
  Left,            ///< of what left a state behind
  Slc,             ///< page 0 programmed
  Tlc,             ///< page 0 programmed
  LsbLoaded,
  CsbLoaded,
  Erased,
};
inline constexpr std::int32_t kRows = 9;

struct Situation {
  std::optional<OpId> runs;
  Time offset = 0;  ///< in its own time
  std::array<bool, kFamilies> suspended{};
  Before before = Before::Nothing;

  std::string text(const Device& device) const;
};

/// What is true of the die: what the tables are asked about. Kept by who builds the scene, not asked of the model.
struct Facts {
  const OpSpec* spec = nullptr;  ///< of what runs; nullptr: nothing
  const OpBase* base = nullptr;
  Time offset = 0;          ///< that it has run
  PlaneMask planes = 0;     ///< that it occupies
  bool issue_only = false;  ///< a SUSPEND with nothing to suspend
  std::array<bool, kFamilies> suspended{};
  std::array<const OpSpec*, kFamilies> held{};  ///< the suspended ops
  std::array<Target, kFamilies> held_at{};
  std::array<PlaneMask, kLatches> latched{};
  PlaneMask cache_read = 0;
  CacheMask cache_program = 0;
  bool odt_off = false;
};

/// A die without a kernel. Rules that are in the way of building are off meanwhile, and as the device has them after.
class DieScene {
 public:
  /// `device` is the scene's own: its rules are switched.
  explicit DieScene(std::shared_ptr<Device> device);

  /// False where the rules of SUS-06, SUS-08 or SUS-11, which no table holds, do not let it come about.
  bool build(const Situation& situation);
  const Facts& facts() const { return facts_; }
  Verdict judge(const Request& request) { return bench_.judge(request, bench_.now()); }
  const Device& device() const { return *device_; }

  /// Targets of a row, on the planes of the mask.
  static TargetList targets(const Device& device, Row row, PlaneMask planes, std::int32_t page);
  /// An op of the base of that kind, of the cell types SLC or TLC where it has any; std::nullopt: there is none.
  static std::optional<OpId> op_of(const Device& device, const std::string& base, bool multi = false);

 private:
  Op* start(OpId op, const TargetList& targets);
  Op* start(const std::string& base, Row row, std::int32_t page = 0);
  void complete(const std::string& base, Row row, std::int32_t page = 0);
  void prepare_blocks();
  bool leave_behind(Before before);
  bool suspend(Family family, Time run, std::optional<Time> stop_after);
  bool start_what_runs(const Situation& situation);
  void start_reset(OpId op);
  void note_running(const Op& op, Time offset);

  std::shared_ptr<Device> device_;
  Rules rules_;
  DieBench bench_;
  Facts facts_;
};

}  // namespace nandtlm::test
