// The three files of counts: which address was touched, what was given in which state, what was proposed when.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/count_table.h"
#include "traces/csv_sink.h"
#include "traces/text_ranks.h"

namespace nandtlm {

/// address_touch_count.csv: how often an op ended on an address. Written at the end of the run, sorted by its columns.
class TouchCountCsv final : public CsvSink {
 public:
  explicit TouchCountCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;
  void op_ended(const OpInfo& op, Time at) override;

 private:
  template <typename Visit>
  void for_each_page(const OpInfo& op, Visit&& visit) const;
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;

  TextRanks bases_;
  TextRanks celltypes_;
  std::vector<std::uint64_t> who_;  ///< [op] base and celltype, packed
  PageCountTable counts_;
};

/// op_state_name_input_time_count.csv: in which state of its plane, and how long after that state began, an op was
/// started. Written at the end of the run, sorted by its columns.
class InputTimeCountCsv final : public CsvSink {
 public:
  explicit InputTimeCountCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;
  void state_entered(const OpInfo& op, State state, Time at) override;
  void op_ended(const OpInfo& op, Time at) override;

 private:
  /// What stands on a plane: a state of the op `uid`, or its END.
  struct PlaneState {
    Uid uid = 0;
    PhaseKey key;
    Time since = 0;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, key, since);
    }
  };

  PlaneState& plane_state(std::uint32_t die, std::uint32_t plane);
  const PlaneState& state_at_target(const OpInfo& op);
  bool stands_on_planes(const OpInfo& op) const { return op.planes != 0 && shown_[index(op.op)] != 0; }
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;

  std::uint32_t planes_per_die_;
  std::vector<PlaneState> planes_;  ///< [die * planes + plane]
  std::vector<char> shown_;         ///< [op] its base affects the state; not bool: read at every event
  TextRanks phases_;
  TextRanks ops_;
  CountTable counts_;
};

/// phase_proposal_counts.csv: accepted proposals per slice of `kSlice`. A slice is written, sorted, as soon as it is
/// over, so that memory does not grow with the run.
class ProposalCountCsv final : public CsvSink {
 public:
  static constexpr Time kSlice = 1000 * kPsPerUs;

  explicit ProposalCountCsv(const CsvContext& context);

  void op_accepted(const OpInfo& op, Time at, Time start) override;

 private:
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write_slice();

  Time slice_ = 0;  ///< start of the current one
  TextRanks phases_;
  TextRanks ops_;
  CountTable counts_;
};

/// `time` in whole µs, rounded down to two significant digits (0..99, 100, 110, .. 990, 1000, 1100, ..), so that a
/// table by time has some hundred entries however long times get.
std::int64_t input_time_bucket_us(Time time);

}  // namespace nandtlm
