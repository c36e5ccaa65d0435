// op_event_resume.csv: start, cut, resume, end and abort of every operation.
#pragma once

#include <cstdint>
#include <string_view>

#include "traces/csv_sink.h"
#include "traces/ordered_rows.h"
#include "traces/slot_table.h"

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
  struct Event {
    OpId op{};
    std::uint32_t die = 0;
    TargetList targets;
    bool resumed = false;
    std::string_view name;
  };

  void add(const OpInfo& op, std::string_view name, Time at);
  void write_rest(Time at) override;
  void write(Time at, Uid uid, const Event& event);

  OrderedRows<Event> events_;
  SlotTable<char> resumed_;  ///< not bool: a vector of bits has no references
};

}  // namespace nandtlm
