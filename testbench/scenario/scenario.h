// A scenario as it was read: plain data. docs/scenarios.md has the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/device.h"
#include "config/diagnostics.h"
#include "testbench/scenario/expression.h"
#include "tlm/reason.h"

namespace nandtlm {

/// Numbers steps and the requests of their batches in the order of the file. What stands in a loop's body has one
/// contiguous range of ids.
using StepId = std::uint32_t;
inline constexpr StepId kNoStep = 0xFFFFFFFF;

/// Half-open.
struct StepRange {
  StepId first = 0;
  StepId last = 0;

  bool contains(StepId id) const { return first <= id && id < last; }
  std::size_t size() const { return last - first; }
};

/// Moments of an operation that others can be bound to.
enum class Event : std::uint8_t { Start, End, Suspend, Resume };
inline constexpr std::size_t kEvents = 4;
const char* name(Event event);  ///< "start", "end", "suspend", "resume"

/// Where an operation stands, as a scenario sees it.
enum class OpState : std::uint8_t { NotProposed, Refused, Reserved, Backlogged, Running, Suspended, Done, Aborted };
const char* name(OpState state);  ///< "not_proposed", "refused", "reserved", ...

/// A step by its name; found after all steps are read.
struct StepRef {
  std::string step_name;
  Mark mark;
  StepId step = kNoStep;
};

/// `12.5`, or `erase.end + 12.5`.
struct Moment {
  std::optional<StepRef> since;  ///< none: since the start of the run
  Event event = Event::Start;
  Expression offset;
  Mark mark;
};

/// When a step is proposed or looked at.
struct Trigger {
  enum class Kind : std::uint8_t {
    At,        ///< at an absolute time
    After,     ///< after an event of a named step
    Previous,  ///< after an event of the step before, in a loop also of the round before
    AtEnd,     ///< when the run is over (expectations only)
  };
  Kind kind = Kind::Previous;
  Moment moment;
};

/// One plane of a target. What is absent is not given to the operation.
struct TargetLine {
  std::optional<Expression> die;
  std::optional<Expression> plane;
  std::optional<Expression> block;
  std::optional<Expression> page;
  Mark mark;
};

/// All lines name the same die, where they name one. None at all: the die of the request before it in the batch, else
/// die 0.
struct TargetSpec {
  std::optional<Expression> die;  ///< of an operation without a target, or over that of a named target
  std::vector<TargetLine> lines;
  Mark mark;
};

/// Bytes that fill pages: none, one for all targets, or one for each.
struct DataSpec {
  std::vector<Expression> bytes;
  Mark mark;
};

/// Something that must hold, with its position.
template <typename T>
struct Expected {
  T value{};
  Mark mark;
};

enum class TimeOf : std::uint8_t { Start, End, Duration, Suspend, Resume, Consumed, Remaining };
const char* name(TimeOf what);

struct TimeExpect {
  TimeOf what = TimeOf::Start;
  Moment value;  ///< a duration has no `since`
};

/// How an operation came out.
struct Outcome {
  bool unfinished = false;       ///< neither ended nor aborted when the run was over
  Reason reason = Reason::None;  ///< None: completed
};

/// What must hold for one request.
struct OpExpect {
  std::vector<TimeExpect> times;
  std::optional<Expected<Reason>> refused;
  std::optional<Expected<OpState>> state;  ///< when the instant of the proposal is over
  std::optional<Expected<Outcome>> outcome;
  std::optional<Expected<std::int8_t>> status;  ///< 0 busy, 1 extrdy, 2 ready
  std::optional<Expected<bool>> fail;           ///< the FAIL bit of the status register
  std::optional<Expected<Expression>> suspends;
  std::optional<DataSpec> data;
};

struct OpLine {
  StepId id = 0;
  Mark mark;
  std::string name;        ///< may be empty
  std::optional<OpId> op;  ///< absent only where the file has errors
  TargetSpec target;
  std::optional<Moment> not_before;
  bool exact = false;
  std::optional<DataSpec> data;
  OpExpect expect;
};

struct StateExpect {
  StepRef step;
  OpState state = OpState::Done;
};

/// `consumed` or `remaining` of an operation, as at its last cut or abort.
struct ShareExpect {
  StepRef step;
  bool remaining = false;
  Expression time;
};

/// Depth of a suspend stack, or size of a backlog.
struct DepthExpect {
  Mark mark;
  std::uint32_t die = 0;
  Family family = Family::Program;
  bool backlog = false;
  Expression value;
};

struct MetricExpect {
  Mark mark;
  std::string metric;
  Expression value;
};

/// What must hold at one time, when that instant is over.
struct CheckExpect {
  std::vector<StateExpect> states;
  std::vector<ShareExpect> shares;
  std::vector<DepthExpect> depths;
  std::vector<MetricExpect> metrics;
  std::vector<StepRef> end_order;
  Mark end_order_mark;
  std::optional<Mark> self_check;
};

struct ScenarioStep;

/// A list of steps; that of the whole file, or of a loop.
struct Body {
  std::vector<ScenarioStep> steps;
  StepRange ids;
};

struct ScenarioStep {
  enum class Kind : std::uint8_t { Propose, Check, Repeat };
  Kind kind = Kind::Propose;
  StepId id = 0;
  Mark mark;
  std::string name;  ///< may be empty
  Trigger trigger;   ///< not of a loop

  // Propose: one request, or a batch, which has an id of its own then.
  bool batch = false;
  std::vector<OpLine> ops;
  std::optional<Expected<Reason>> refused;  ///< of the batch as a whole

  CheckExpect check;

  // Repeat.
  std::optional<Expression> count;  ///< absent only where the file has errors
  Body body;

  StepRange ids() const { return {id, kind == Kind::Repeat ? body.ids.last : id + 1 + (batch ? op_count() : 0)}; }

 private:
  StepId op_count() const { return static_cast<StepId>(ops.size()); }
};

struct Scenario {
  std::string file;
  Body body;
};

/// Steps of a file, every round of its loops counted.
inline constexpr std::uint64_t kMaxSteps = 1'000'000;
/// Requests and terms of numbers that these steps have in all: bounds what a short file can cost.
inline constexpr std::uint64_t kMaxTerms = 50'000'000;

}  // namespace nandtlm
