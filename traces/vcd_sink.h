// waves.vcd: the package as waveforms.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "config/device.h"
#include "traces/trace_sink.h"
#include "traces/vcd_file.h"
#include "traces/vcd_lines.h"
#include "traces/vcd_signals.h"

namespace nandtlm {

/// Turns what the model tells into value changes (OUT-02). Destroying it without finish() (a run that is stopped)
/// closes the dump at the time of the last call; errors are then not reported.
class VcdSink final : public TraceSink {
 public:
  /// The device outlives this. Throws OutputError where the file cannot be written.
  VcdSink(const Device& device, const std::string& path, const OutputOptions& options = {});
  ~VcdSink() override;
  VcdSink(const VcdSink&) = delete;
  VcdSink& operator=(const VcdSink&) = delete;

  void op_started(const OpInfo& op, Time at) override;
  void state_entered(const OpInfo& op, State state, Time at) override;
  void op_suspended(const OpInfo& op, Time at, Time consumed, Time remaining) override;
  void op_resumed(const OpInfo& op, Time at, Time remaining) override;
  void op_ended(const OpInfo& op, Time at) override;
  void op_aborted(const OpInfo& op, Time at, Time consumed, Reason why) override;
  void bus_taken(std::uint32_t channel, const OpInfo& op, Time at) override;
  void bus_released(std::uint32_t channel, Uid uid, Time at) override;
  void suspend_state(std::uint32_t die, Family family, bool suspended, std::uint32_t depth, Time at) override;
  void backlog_size(std::uint32_t die, Family family, std::size_t size, Time at) override;
  /// Ends the dump at `at`. Throws OutputError if any write failed.
  void finish(Time at) override;

  /// SNP-01: what is held back, for a dump that goes on elsewhere.
  void transfer(StateArchive& archive);
  /// The end of this file, without what is held back: then it is not closed at its destruction. Throws OutputError.
  void leave();

  /// Writes the instants that are over to the file, for readers while the run goes on.
  void flush() { file_.file().flush(); }
  /// Throws OutputError if a write has failed.
  void check() const { file_.file().check(); }
  /// Start of the first suspension, kNever where there was none: where a saved view looks at.
  Time first_suspension() const { return first_suspension_; }

 private:
  static constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

  struct LiveOp {
    Uid uid = 0;
    OpId op{};
    PlaneMask planes = 0;
    bool is_command = false;  ///< a SUSPEND or RESUME: `text` is the same in all its states
    bool core_busy = false;   ///< counted in DieView::core_busy
    PlaneText text = PlaneText::Issue;
    PlaneText first_text = PlaneText::Issue;  ///< of its states, while it runs as it does now
    Time remaining = VcdFile::kNoValue;
    TargetList targets;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(uid, op, planes, is_command, core_busy, text, first_text, remaining, targets);
    }
  };
  struct DieView {
    std::vector<std::uint32_t> running;                ///< slots, in the order of their start
    std::vector<std::uint32_t> suspended;              ///< slots, in the order of their cut
    std::array<std::uint32_t, kMaxPlanes> occupant{};  ///< slot that runs on the plane
    std::uint32_t core_busy = 0;
    PlaneMask changed = 0;  ///< planes to look at when the instant is left

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(running, suspended, occupant, core_busy, changed);
    }
  };
  struct ChannelView {
    ChannelValues values;
    bool changed = false;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(values, changed);
    }
  };

  /// The instant of what follows.
  void advance(Time at) {
    if (at != file_.now()) leave_instant(at);
  }
  void leave_instant(Time at);
  char* write_channels(char* out);
  char* write_planes(char* out);
  void run(const OpInfo& op);
  void leave(const OpInfo& op);
  void set_core_busy(LiveOp& op, std::uint32_t die, bool busy);
  void show_die(std::uint32_t die);
  void planes_change(std::uint32_t die, PlaneMask planes);
  ChannelValues& change_channel(std::uint32_t channel);
  char* write_plane(char* out, PlaneLines& lines, const DieView& die, std::uint32_t plane);
  const LiveOp* newest_cut(const DieView& die, std::uint32_t plane) const;

  const Device& device_;
  VcdSignals signals_;
  VcdFile file_;
  std::vector<LiveOp> ops_;  ///< by slot
  std::vector<DieView> dies_;
  std::vector<ChannelView> channels_;
  std::vector<std::uint32_t> changed_dies_;      ///< with changed planes
  std::vector<std::uint32_t> changed_channels_;  ///< each once
  std::vector<ChannelLines> channel_lines_;
  std::vector<PlaneLines> plane_lines_;  ///< [die * planes + plane]
  Time first_suspension_ = kNever;
  bool over_ = false;  ///< finished or left
};

}  // namespace nandtlm
