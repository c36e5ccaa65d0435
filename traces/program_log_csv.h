// apply_pgm_log.csv: every page that became programmed.
#pragma once

#include <cstdint>

#include "traces/csv_sink.h"
#include "traces/instant_rows.h"

namespace nandtlm {

/// One row per page, at the end of the op that programmed it.
class ProgramLogCsv final : public CsvSink {
 public:
  explicit ProgramLogCsv(const CsvContext& context);

  void page_programmed(const OpInfo& op, const Target& target, bool was_resumed, Time at) override;

 private:
  struct Row {
    OpId op{};
    std::uint32_t die = 0;
    Target target;
    bool resumed = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(op, die, target, resumed);
    }
  };

  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write(Time at, Uid uid, const Row& row);

  InstantRows<Row> rows_;
  std::uint64_t next_call_ = 0;
};

}  // namespace nandtlm
