// operation_sequence.csv: what was given to the device, in order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/ordered_rows.h"

namespace nandtlm {

/// One row per op at its OP_START; resumed pieces do not appear again.
class SequenceCsv final : public CsvSink {
 public:
  explicit SequenceCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;

 private:
  struct Row {
    OpId op{};
    std::uint32_t die = 0;
    TargetList targets;
    std::int8_t expected_status = -1;
  };

  void write_rest(Time at) override;
  void write(Time start, Uid uid, const Row& row);
  void write_payload(const Row& row);
  void write_object(const Row& row, const Target& target);
  void write_value(PayloadKey key, const Row& row, const Target& target);

  OrderedRows<Row> rows_;
  std::vector<std::string> celltypes_;  ///< JSON strings inside a CSV field
  std::vector<bool> per_target_;        ///< [base] the payload names an address
  std::uint64_t next_seq_ = 0;
};

}  // namespace nandtlm
