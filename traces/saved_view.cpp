#include "traces/saved_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "traces/buffered_file.h"
#include "traces/vcd_signals.h"

namespace nandtlm {
namespace {

/// Trace flags of a GTKWave save file, in hexadecimal as the file has them.
namespace flags {
constexpr const char* kDecimal = "@24";
constexpr const char* kBit = "@28";
constexpr const char* kText = "@820";
constexpr const char* kOpenGroup = "@800200";
constexpr const char* kOpenGroupEnd = "@1000200";
constexpr const char* kClosedGroup = "@c00200";
constexpr const char* kClosedGroupEnd = "@1401200";
}  // namespace flags

/// Colours of a save file: what is cut or resumed must catch the eye.
enum class Colour : int { Normal = 0, Red = 1, Orange = 2, Yellow = 3, Green = 4, Blue = 5 };

constexpr int kWindowWidth = 1600;
constexpr int kWindowHeight = 1000;
constexpr int kNamesWidth = 340;
constexpr int kWavesWidth = 1200;  ///< what is left for the waves
constexpr int kFramePixels = 200;  ///< the viewer's unit of zoom

class ViewWriter {
 public:
  ViewWriter(const std::string& path, const Device& device, const SavedView& view)
      : file_(path), topology_(device.topology), view_(view) {}

  void write() {
    write_window();
    for (std::uint32_t channel = 0; channel < topology_.channels; ++channel) {
      if (channel * topology_.dies_per_channel() < shown_dies()) write_channel(channel);
    }
    for (std::uint32_t die = 0; die < shown_dies(); ++die) write_die(die);
    file_.end_row();
    file_.close();
  }

 private:
  std::uint32_t shown_dies() const { return std::min(view_.dies, topology_.dies); }

  void line(const std::string& text) {
    file_.append(text);
    file_.append('\n');
  }

  void write_window() {
    // The zoom is the negative binary logarithm of the ps that one frame of the viewer stands for.
    const double ps = static_cast<double>(std::max<Time>(view_.to - view_.from, 1));
    const double zoom = -std::log2(std::max(ps * kFramePixels / kWavesWidth, 1.0));
    line("[dumpfile] \"" + view_.dump + "\"");
    line("[timestart] " + std::to_string(view_.from));
    line("[size] " + std::to_string(kWindowWidth) + " " + std::to_string(kWindowHeight));
    line("[pos] -1 -1");
    line("*" + std::to_string(zoom) + " " + std::to_string(view_.from) + " -1");
    line(std::string("[treeopen] ") + vcd_names::kPackage + ".");
    line("[signals_width] " + std::to_string(kNamesWidth));
    line("[sst_expanded] 0");
  }

  void open_group(const std::string& title, bool open) {
    line(open ? flags::kOpenGroup : flags::kClosedGroup);
    line("-" + title);
  }
  void close_group(const std::string& title, bool open) {
    line(open ? flags::kOpenGroupEnd : flags::kClosedGroupEnd);
    line("-" + title);
  }

  void trace(const char* format, const std::string& scope, const std::string& var_name, std::uint32_t width,
             Colour colour = Colour::Normal) {
    line(format);
    if (colour != Colour::Normal) line("[color] " + std::to_string(static_cast<int>(colour)));
    line(scope + var_name + (width > 1 ? "[" + std::to_string(width - 1) + ":0]" : ""));
  }

  std::string channel_scope(std::uint32_t channel) const {
    return std::string(vcd_names::kPackage) + "." + vcd_names::channel(channel) + ".";
  }
  std::string die_scope(std::uint32_t die) const {
    return channel_scope(topology_.channel_of(die)) + vcd_names::die(die) + ".";
  }

  void write_channel(std::uint32_t channel) {
    const std::string scope = channel_scope(channel);
    const std::string title = vcd_names::channel(channel);
    open_group(title, true);
    trace(flags::kBit, scope, vcd_names::kBusy, 1);
    trace(flags::kDecimal, scope, vcd_names::kOwner, kVcdUidBits);
    trace(flags::kText, scope, vcd_names::kOwnerOp, 1);
    close_group(title, true);
  }

  void write_die(std::uint32_t die) {
    const bool open = die == 0;
    const std::string scope = die_scope(die);
    const std::string title = vcd_names::die(die);
    open_group(title, open);
    trace(flags::kBit, scope, vcd_names::kReady, 1);
    trace(flags::kText, scope, vcd_names::kOp, 1);
    for (const Family family : {Family::Program, Family::Erase}) write_family(scope, family);
    for (std::uint32_t plane = 0; plane < topology_.planes; ++plane) write_plane(die, plane);
    close_group(title, open);
  }

  void write_family(const std::string& scope, Family family) {
    trace(flags::kBit, scope, vcd_names::of_family(family, vcd_names::kSuspended), 1, Colour::Red);
    trace(flags::kDecimal, scope, vcd_names::of_family(family, vcd_names::kDepth), kVcdCountBits, Colour::Orange);
    trace(flags::kDecimal, scope, vcd_names::of_family(family, vcd_names::kBacklog), kVcdCountBits, Colour::Orange);
  }

  void write_plane(std::uint32_t die, std::uint32_t plane) {
    const bool open = die == 0;
    const std::string scope = die_scope(die) + vcd_names::plane(plane) + ".";
    const std::string title = vcd_names::die(die) + " " + vcd_names::plane(plane);
    open_group(title, open);
    trace(flags::kText, scope, vcd_names::kState, 1, Colour::Yellow);
    trace(flags::kText, scope, vcd_names::kOp, 1);
    trace(flags::kDecimal, scope, vcd_names::kUid, kVcdUidBits);
    trace(flags::kDecimal, scope, vcd_names::kBlock, kVcdCountBits);
    trace(flags::kDecimal, scope, vcd_names::kPage, kVcdCountBits);
    trace(flags::kDecimal, scope, vcd_names::kRemaining, kVcdUidBits, Colour::Orange);
    close_group(title, open);
  }

  BufferedFile file_;
  const Topology& topology_;
  const SavedView& view_;
};

}  // namespace

SavedView saved_view_of_run(Time end, Time first_suspension) {
  constexpr Time kSpan = 10'000 * kPsPerUs;
  constexpr Time kBefore = kSpan / 20;
  SavedView view;
  view.to = std::max<Time>(end, 1);
  if (end <= kSpan) return view;
  view.from = first_suspension == kNever ? 0 : std::max<Time>(first_suspension - kBefore, 0);
  view.to = std::min(end, view.from + kSpan);
  return view;
}

void write_saved_view(const std::string& path, const Device& device, const SavedView& view) {
  ViewWriter(path, device, view).write();
}

}  // namespace nandtlm
