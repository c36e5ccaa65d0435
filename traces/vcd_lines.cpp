#include "traces/vcd_lines.h"

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace nandtlm {
namespace {

ReadyText ready_lines(VcdFile& file, std::initializer_list<std::pair<VcdFile::Var, std::int64_t>> values) {
  std::vector<char> text(values.size() * file.line_room());
  char* end = text.data();
  for (const auto& [var, value] : values) end = file.line(end, var, value);
  return ReadyText(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

}  // namespace

ChannelLines::ChannelLines(VcdFile& file, const ChannelSignals& signals)
    : signals_(signals),
      free_(ready_lines(
          file, {{signals.busy, 0}, {signals.owner, VcdFile::kNoValue}, {signals.owner_op, VcdFile::kNoValue}})) {}

char* ChannelLines::write(char* out, VcdFile& file, const ChannelValues& values) {
  if (values.busy == 0 && written_.busy != 0) {  // an owner goes with it
    written_ = ChannelValues{};
    return free_.copy(out);
  }
  out = write_changed(out, file, signals_.busy, values.busy, written_.busy);
  out = write_changed(out, file, signals_.owner, values.owner, written_.owner);
  return write_changed(out, file, signals_.owner_op, values.owner_op, written_.owner_op);
}

PlaneLines::PlaneLines(VcdFile& file, const PlaneSignals& signals)
    : signals_(signals),
      idle_(ready_lines(file, {{signals.state, static_cast<std::int64_t>(PlaneText::Idle)},
                               {signals.op, VcdFile::kNoValue},
                               {signals.block, VcdFile::kNoValue},
                               {signals.page, VcdFile::kNoValue},
                               {signals.uid, VcdFile::kNoValue}})) {}

char* PlaneLines::write(char* out, VcdFile& file, const PlaneValues& values) {
  out = write_state(out, file, values.state, values.remaining);
  out = write_changed(out, file, signals_.op, values.op, written_.op);
  out = write_changed(out, file, signals_.block, values.block, written_.block);
  out = write_changed(out, file, signals_.page, values.page, written_.page);
  return write_changed(out, file, signals_.uid, values.uid, written_.uid);
}

}  // namespace nandtlm
