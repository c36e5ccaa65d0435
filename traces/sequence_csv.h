// operation_sequence.csv: what was given to the device, in order.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/instant_rows.h"

namespace nandtlm {

/// The payload object of an operation: texts that never change, a value behind each of them but the last.
struct PayloadForm {
  struct Value {
    ReadyText before;
    PayloadKey key = PayloadKey::Die;
  };
  std::vector<Value> values;
  ReadyText end;
  std::size_t room = 0;     ///< characters that it may touch, with a separator
  bool per_target = false;  ///< it names an address: one object per target
};

/// One row per op at its OP_START; resumed pieces do not appear again.
class SequenceCsv final : public CsvSink {
 public:
  explicit SequenceCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;

 private:
  struct Row {
    OpId op{};
    std::int8_t expected_status = -1;
    std::uint32_t die = 0;
    TargetList targets;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(op, expected_status, die, targets);
    }
  };

  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write(Time start, Uid uid, const Row& row);
  void write_object(CsvRow& csv, const PayloadForm& form, const Row& row, const Target& target) const;

  InstantRows<Row> rows_;
  std::vector<PayloadForm> forms_;  ///< [op]
  ReadyText open_{"\"["};
  ReadyText separator_{", "};
  ReadyText close_{"]\","};
  std::array<ReadyText, 4> statuses_;  ///< [expected_status + 1]
  std::uint64_t next_seq_ = 0;
};

}  // namespace nandtlm
