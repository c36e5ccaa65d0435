#include "traces/vcd_signals.h"

namespace nandtlm {
namespace {

std::vector<std::string> op_names(const Device& device) {
  std::vector<std::string> names;
  for (const OpSpec& op : device.ops) names.push_back(op.name);
  return names;
}

/// In the order of PlaneText.
std::vector<std::string> plane_text_names() {
  std::vector<std::string> names = {"IDLE"};
  for (std::size_t s = 0; s < kStates; ++s) names.emplace_back(name(static_cast<State>(s)));
  for (std::size_t s = 0; s < kStates; ++s) names.push_back(std::string("RESUMED_") + name(static_cast<State>(s)));
  for (const char* text : {"CUT", "SUSPENDING", "RESUMING"}) names.emplace_back(text);
  return names;
}

}  // namespace

namespace vcd_names {
std::string channel(std::uint32_t channel) {
  return "channel" + std::to_string(channel);
}
std::string die(std::uint32_t die) {
  return "die" + std::to_string(die);
}
std::string plane(std::uint32_t plane) {
  return "plane" + std::to_string(plane);
}
std::string of_family(Family family, const char* what) {
  return std::string(name(family)) + "_" + what;
}
}  // namespace vcd_names

VcdSignals::VcdSignals(const Device& device)
    : topology_(device.topology),
      op_texts_(VcdValues::of_texts(op_names(device))),
      plane_texts_(VcdValues::of_texts(plane_text_names())) {}

void VcdSignals::declare(VcdFile& file) {
  file.open_scope(vcd_names::kPackage);
  for (std::uint32_t channel = 0; channel < topology_.channels; ++channel) declare_channel(file, channel);
  file.close_scope();
  file.end_definitions();
}

void VcdSignals::declare_channel(VcdFile& file, std::uint32_t channel) {
  file.open_scope(vcd_names::channel(channel));
  channels_.push_back({file.add_bit(vcd_names::kBusy), file.add_number(vcd_names::kOwner, kVcdUidBits),
                       file.add_text(vcd_names::kOwnerOp, op_texts_)});
  const std::uint32_t first = channel * topology_.dies_per_channel();
  for (std::uint32_t die = first; die < first + topology_.dies_per_channel(); ++die) declare_die(file, die);
  file.close_scope();
}

void VcdSignals::declare_die(VcdFile& file, std::uint32_t die) {
  file.open_scope(vcd_names::die(die));
  DieSignals signals{
      file.add_bit(vcd_names::kReady, 1), file.add_text(vcd_names::kOp, op_texts_, VcdFile::kNoValue), {}};
  for (std::size_t f = 0; f < kFamilies; ++f) {
    const auto family = static_cast<Family>(f);
    signals.families[f] = {file.add_bit(vcd_names::of_family(family, vcd_names::kSuspended), 0),
                           file.add_number(vcd_names::of_family(family, vcd_names::kDepth), kVcdCountBits, 0),
                           file.add_number(vcd_names::of_family(family, vcd_names::kBacklog), kVcdCountBits, 0)};
  }
  dies_.push_back(signals);
  for (std::uint32_t plane = 0; plane < topology_.planes; ++plane) declare_plane(file, plane);
  file.close_scope();
}

void VcdSignals::declare_plane(VcdFile& file, std::uint32_t plane) {
  file.open_scope(vcd_names::plane(plane));
  planes_.push_back({file.add_text(vcd_names::kState, plane_texts_), file.add_text(vcd_names::kOp, op_texts_),
                     file.add_number(vcd_names::kBlock, kVcdCountBits),
                     file.add_number(vcd_names::kPage, kVcdCountBits), file.add_number(vcd_names::kUid, kVcdUidBits),
                     file.add_number(vcd_names::kRemaining, kVcdUidBits)});
  file.close_scope();
}

}  // namespace nandtlm
