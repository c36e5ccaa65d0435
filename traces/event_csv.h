// op_event_resume.csv: start, cut, resume, end and abort of every operation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/instant_rows.h"
#include "traces/row_targets.h"

namespace nandtlm {

/// One row per event and target.
class EventCsv final : public CsvSink {
 public:
  explicit EventCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;

  /// Events held back: those of the current instant.
  std::size_t held_back() const { return events_.size(); }

 private:
  enum class Kind : std::uint8_t { Start, Suspend, Resume, End, Abort };
  struct Event {
    OpId op{};
    Kind kind = Kind::Start;
    bool resumed = false;
    std::uint32_t die = 0;
    RowTargets targets;
  };

  void add(const OpInfo& op, Kind kind, Time at);
  void write_rest(Time at) override;
  void write(Time at, Uid uid, const Event& event);

  InstantRows<Event> events_;
  std::vector<char> resumed_;                    ///< by slot; not bool: a vector of bits has no references
  std::vector<std::array<ReadyText, 2>> kinds_;  ///< [kind][resumed] the two fields with their commas
};

}  // namespace nandtlm
