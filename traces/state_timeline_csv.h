// op_state_timeline.csv: the state of every plane, interval by interval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/ordered_rows.h"

namespace nandtlm {

/// One row per state and occupied plane, for bases with `affect_state`. Intervals of a plane are finite and do not
/// overlap (OUT-01); a state that a cut ends has a row up to the cut, an empty interval has none.
class StateTimelineCsv final : public CsvSink {
 public:
  explicit StateTimelineCsv(const CsvContext& context);

  void state_entered(const OpInfo& op, State state, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;

  /// Intervals held back (see OrderedRows).
  std::size_t held_back() const { return intervals_.size(); }

 private:
  struct Interval {
    Time end = kNever;
    OpId op{};
    PlaneMask planes = 0;
    State state = State::Issue;
    std::uint32_t die = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(end, op, planes, state, die);
    }
  };
  /// What names a die in a row.
  struct Lane {
    ReadyText die;   ///< the field with its comma
    ReadyText name;  ///< the field up to the plane's number
  };
  struct LiveOp {
    OrderedRows<Interval>::Handle interval = OrderedRows<Interval>::kNone;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(interval);
    }
  };

  void close(const OpInfo& op, Time at);
  void leave(const OpInfo& op, Time at);
  void drain(Time now);
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write(Time start, const Interval& interval);

  OrderedRows<Interval> intervals_;
  std::vector<LiveOp> live_;  ///< by slot
  std::vector<Lane> lanes_;   ///< by die
  std::vector<char> shown_;   ///< [op] its base affects the state; not bool: read at every event
};

}  // namespace nandtlm
