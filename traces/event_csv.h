// op_event_resume.csv: start, cut, resume, end and abort of every operation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "traces/csv_sink.h"
#include "traces/instant_text.h"

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
  std::size_t held_back() const { return instant_.size(); }

 private:
  enum class Kind : std::uint8_t { Start, Suspend, Resume, End, Abort };
  struct LiveOp {
    Uid uid = 0;
    bool resumed = false;
    std::uint8_t address_size = 0;
    /// Die, plane, block and page of an op with one target at most, with their commas. Numbers are printed with room.
    std::array<char, 48 + kMaxNumberText> address{};

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, resumed, address_size, address);
    }
  };

  void add(const OpInfo& op, Kind kind, Time at);
  bool remember(const OpInfo& op, LiveOp& live);
  void write_rest(Time at) override;
  void transfer_rows(StateArchive& archive) override;

  InstantText instant_;
  std::vector<LiveOp> live_;                     ///< by slot
  std::vector<std::array<ReadyText, 2>> kinds_;  ///< [kind][resumed] the two fields with their commas
};

}  // namespace nandtlm
