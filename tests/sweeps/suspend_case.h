// One case of the suspend sweep: an op of a family, where it is cut, how it is resumed, what waits behind it; and what
// must come of it by SPEC section 4 and 5, worked out with closed formulas.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/request.h"

namespace nandtlm::test {

/// What of the same family stands behind the op that is cut.
enum class Followers {
  None,
  One,
  Two,
  Far,       ///< one that was to start 500 us behind the op's end
  Arriving,  ///< one that is proposed just behind the first cut
};
inline constexpr int kFollowerKinds = 5;

/// How and when the RESUME comes.
enum class Way {
  AtEnd,          ///< proposed at the end of the SUSPEND
  JustAfter,      ///< 1 ps after it
  Later,          ///< some time after it, with SUSPENDs in between that are refused
  Early,          ///< proposed within the SUSPEND
  SameBatch,      ///< in one batch with the SUSPEND
  BehindRead,     ///< proposed while a read runs
  ReadSameBatch,  ///< SUSPEND, read and RESUME in one batch
  AtReadEnd,      ///< proposed where a read ends
};
inline constexpr int kWays = 8;

struct Cut {
  Time offset = 0;  ///< of the SUSPEND, from the start of the piece that it meets
  Way way = Way::AtEnd;
};

struct SuspendCase {
  OpId op{};
  std::size_t planes = 1;  ///< that a multi-plane op takes
  std::uint32_t die = 0;
  Followers followers = Followers::None;
  bool within_erase = false;  ///< while an erase stands suspended on the same die; for programs
  std::vector<Cut> cuts;

  std::string text(const Device& device) const;
};

/// A batch and its answer.
struct Act {
  Time at = 0;
  std::vector<Request> batch;
  Reason refusal = Reason::None;
  std::vector<Time> starts;  ///< planned; kNever: backlog
};

/// What happens to one op, in order: "start", "cut" (consumed), "resume" (remaining), "end", "programmed" (page).
struct Event {
  const char* what = "";
  Time at = 0;
  Time value = 0;
};
struct OpStory {
  std::size_t step = 0;
  std::size_t index = 0;  ///< in the batch of that step
  std::vector<Event> events;
  Reason outcome = Reason::None;
};

struct Script {
  std::vector<Act> steps;        ///< by time
  std::vector<OpStory> stories;  ///< all that is accepted; the op under test first
  Time end = 0;                  ///< of the op under test
  Time over = 0;                 ///< nothing happens from here on
  bool was_cut = false;          ///< by the last SUSPEND
};

/// Room for the setup of a case.
inline constexpr Time kSetupTime = 23'000 * kPsPerUs;

/// Makes blocks ready, once per die: a page that reads take. Takes less than kSetupTime.
std::vector<Act> read_page_steps(const Device& device, std::uint32_t die, Time at);
/// A RESET_LUN, erases, and the steps of a one-shot program that come before. The op starts at `from` + kSetupTime.
/// `number`: counts the cases of a run, so that each gets blocks of its own.
std::vector<Act> setup_steps(const Device& device, const SuspendCase& one, std::int32_t number, Time from);
/// Of a suspended erase that stands around a case: what it had run at its cut.
inline constexpr Time kOuterProgress = 500 * kPsPerUs;
/// Why the suspended erase cannot be resumed right behind the case: its last op left a latch or a cache state.
Reason left_behind(const Device& device, const SuspendCase& one);
/// The case itself; `start` is when the op starts.
Script script_of(const Device& device, const SuspendCase& one, std::int32_t number, Time start);
/// Where a SUSPEND may meet the piece that comes after the case's cuts: 1 ps before, at and behind every boundary of
/// its states, in the middle of each, and at its ends.
std::vector<Time> instants_after(const Device& device, const SuspendCase& one);
/// One block on each of the case's planes; groups of blocks count on from case to case.
TargetList targets_of(const Device& device, const SuspendCase& one, std::int32_t group, std::int32_t page);

}  // namespace nandtlm::test
