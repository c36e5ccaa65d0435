// The run as the checks see it: ops with their events and pieces, joined by uid.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "testbench/check/run_files.h"

namespace nandtlm::check {

/// All rows of one event: one per target. `rows` into RunFiles::events.
struct Event {
  Ps at = 0;
  EventKind kind = EventKind::Start;
  Range rows;
};

/// All rows of one executed piece: one per target. `rows` into RunFiles::pieces.
struct Piece {
  Ps start = 0;
  Ps end = 0;
  Range rows;
};

/// Where the last event of an op leaves it.
enum class Life : std::uint8_t { Unknown, Running, Suspended, Ended, Aborted };

/// What a base does, from its name (CFG-05).
struct BaseTraits {
  Kin family = Kin::None;  ///< what a suspend of that family stops
  bool is_suspend = false;
  bool is_resume = false;
  Kin controls = Kin::None;  ///< of a SUSPEND or RESUME; None acts on either
  bool is_control() const { return is_suspend || is_resume; }
  bool acts_on(Kin kin) const { return controls == kin || controls == Kin::None; }
};

struct Op {
  OpUid uid = 0;
  NameId name = kNoName;
  NameId base = kNoName;
  std::int32_t die = -1;
  Range events;    ///< into Run::events
  Range pieces;    ///< into Run::pieces
  Range sequence;  ///< into RunFiles::sequence
  Range programs;  ///< into RunFiles::programs
  Life life = Life::Unknown;
  bool started = false;    ///< has an OP_START
  bool cut = false;        ///< was suspended at least once
  bool resumed = false;    ///< was resumed at least once
  bool legal = true;       ///< its events follow each other as they may; others checks leave the op out if not
  bool effective = false;  ///< of a SUSPEND or RESUME: it did suspend or resume an op
};

/// Time that an uninterrupted run of an op name takes, found in the run itself.
struct Nominal {
  Ps time = 0;
  bool known = false;
  bool from_uncut = false;  ///< a run without a suspend has shown it
  std::uint32_t runs = 0;   ///< completed runs of the name
};

/// Rows of `files` are regrouped by uid (their line numbers stay).
struct Run {
  RunFiles files;
  std::vector<Op> ops;             ///< by uid
  std::vector<Event> events;       ///< by uid, then time
  std::vector<Piece> pieces;       ///< by uid, then start
  std::vector<BaseTraits> traits;  ///< by NameId of a base
  std::vector<Nominal> nominal;    ///< by NameId of an op name
  Ps end = 0;                      ///< the latest time in any file

  const BaseTraits& traits_of(const Op& op) const;
  Kin family(const Op& op) const { return traits_of(op).family; }
  /// Op names, for messages: "op 7 Page_Program_SLC".
  std::string label(const Op& op) const;
  const Op* find(OpUid uid) const;
  /// Sum of the pieces.
  Ps executed(const Op& op) const;
  /// OP_START of a started op.
  Ps start_of(const Op& op) const { return events[op.events.first].at; }
  /// The last event of an op that has any.
  const Event& last_event(const Op& op) const { return events[op.events.last - 1]; }
};

/// Joins the rows; nothing is judged here.
Run make_run(RunFiles files);

}  // namespace nandtlm::check
