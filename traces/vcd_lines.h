// The variables of waves.vcd that change together, and the lines of what has changed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "traces/ready_text.h"
#include "traces/vcd_file.h"
#include "traces/vcd_signals.h"

namespace nandtlm {

/// What the variables of a channel show.
struct ChannelValues {
  std::int64_t busy = 0;
  std::int64_t owner = VcdFile::kNoValue;
  std::int64_t owner_op = VcdFile::kNoValue;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(busy, owner, owner_op);
  }
};

/// What the variables of a plane show.
struct PlaneValues {
  std::int64_t state = static_cast<std::int64_t>(PlaneText::Idle);
  std::int64_t op = VcdFile::kNoValue;
  std::int64_t block = VcdFile::kNoValue;
  std::int64_t page = VcdFile::kNoValue;
  std::int64_t uid = VcdFile::kNoValue;
  std::int64_t remaining = VcdFile::kNoValue;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(state, op, block, page, uid, remaining);
  }
};

/// The line of `var` where `value` differs from what was `written`, which it becomes.
inline char* write_changed(char* out, VcdFile& file, VcdFile::Var var, std::int64_t value, std::int64_t& written) {
  if (value == written) return out;
  written = value;
  return file.line(out, var, value);
}

/// Writes the variables of one channel.
class ChannelLines {
 public:
  static constexpr std::size_t kLines = 3;

  ChannelLines(VcdFile& file, const ChannelSignals& signals);
  /// Writes at `out` the lines of the values that differ from those of the call before, returns their end.
  char* write(char* out, VcdFile& file, const ChannelValues& values);

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(written_);
  }

 private:
  ChannelSignals signals_;
  ReadyText free_;  ///< all lines of a channel that was released
  ChannelValues written_{VcdFile::kUnset, VcdFile::kUnset, VcdFile::kUnset};
};

/// Writes the variables of one plane.
class PlaneLines {
 public:
  static constexpr std::size_t kLines = 6;

  PlaneLines(VcdFile& file, const PlaneSignals& signals);
  /// As ChannelLines::write().
  char* write(char* out, VcdFile& file, const PlaneValues& values);
  /// write() of a plane where nothing runs or waits.
  char* write_idle(char* out, VcdFile& file) {
    const bool all_change = written_.uid >= 0 && written_.block >= 0 && written_.page >= 0 && written_.remaining < 0;
    if (!all_change) return write(out, file, PlaneValues{});
    written_ = PlaneValues{};
    return idle_.copy(out);
  }
  /// write() where the op is uid() still.
  char* write_state(char* out, VcdFile& file, std::int64_t state, std::int64_t remaining) {
    out = write_changed(out, file, signals_.state, state, written_.state);
    return write_changed(out, file, signals_.remaining, remaining, written_.remaining);
  }
  /// Of the op that the plane showed last, or kNoValue.
  std::int64_t uid() const { return written_.uid; }

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(written_);
  }

 private:
  PlaneSignals signals_;
  ReadyText idle_;  ///< the lines of a plane that was left, but for `remaining`
  PlaneValues written_{VcdFile::kUnset, VcdFile::kUnset, VcdFile::kUnset,
                       VcdFile::kUnset, VcdFile::kUnset, VcdFile::kUnset};
};

}  // namespace nandtlm
