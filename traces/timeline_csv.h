// operation_timeline.csv: when every operation ran, piece by piece.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/ordered_rows.h"

namespace nandtlm {

/// One row per executed piece and target: a suspended op has a row from its start to the cut and one from every resume
/// on. A piece that runs at the end of the run is written up to there.
class TimelineCsv final : public CsvSink {
 public:
  explicit TimelineCsv(const CsvContext& context);

  void op_started(const OpInfo& op, Time at) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void state_entered(const OpInfo& op, State state, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;

  /// Pieces held back (see OrderedRows).
  std::size_t held_back() const { return pieces_.size(); }

 private:
  struct Piece {
    Time end = kNever;
    OpId op{};
    Source source = Source::Script;
    State state = State::Issue;  ///< in which the piece began
    PhaseKey phase_used;
    PhaseKey phase_virtual;
    std::uint32_t die = 0;
    TargetList targets;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(end, op, source, state, phase_used, phase_virtual, die, targets);
    }
  };
  struct LiveOp {
    OrderedRows<Piece>::Handle piece = OrderedRows<Piece>::kNone;
    State state = State::Issue;  ///< entered last
    bool fresh = false;          ///< the piece has just begun: the next state is its first

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(piece, state, fresh);
    }
  };

  void open(const OpInfo& op, Time at, State state);
  void close(const OpInfo& op, Time at);
  void drain(Time now);
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;
  void write(Time start, Uid uid, const Piece& piece);

  OrderedRows<Piece> pieces_;
  std::vector<LiveOp> live_;        ///< by slot
  std::vector<ReadyText> sources_;  ///< [source] the field with its comma
};

}  // namespace nandtlm
