// The variables of waves.vcd: their hierarchy, their names, what they can show.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/device.h"
#include "traces/vcd_file.h"

namespace nandtlm {

/// What a plane does, as one text.
enum class PlaneText : std::uint8_t {
  Idle,
  Issue,
  CoreBusy,
  DataIn,
  DataOut,
  ResumedIssue,
  ResumedCoreBusy,
  ResumedDataIn,
  ResumedDataOut,
  Cut,         ///< nothing runs, an op that was cut here waits for its RESUME
  Suspending,  ///< the SUSPEND command itself
  Resuming,    ///< the RESUME command itself
};
inline constexpr std::size_t kPlaneTexts = static_cast<std::size_t>(PlaneText::Resuming) + 1;

/// Written together, see ChannelLines.
struct ChannelSignals {
  VcdFile::Var busy;
  VcdFile::Var owner;     ///< uid
  VcdFile::Var owner_op;  ///< its op name
};

struct FamilySignals {
  VcdFile::Var suspended;
  VcdFile::Var depth;
  VcdFile::Var backlog;
};

struct DieSignals {
  VcdFile::Var ready;
  VcdFile::Var op;
  std::array<FamilySignals, kFamilies> families;
};

/// Written together, see PlaneLines.
struct PlaneSignals {
  VcdFile::Var state;
  VcdFile::Var op;
  VcdFile::Var block;
  VcdFile::Var page;
  VcdFile::Var uid;
  VcdFile::Var remaining;
};

/// Names of the variables, shared by the dump and its saved view.
namespace vcd_names {
inline constexpr const char* kPackage = "package";
inline constexpr const char* kBusy = "busy";
inline constexpr const char* kOwner = "owner";
inline constexpr const char* kOwnerOp = "owner_op";
inline constexpr const char* kReady = "ready";
inline constexpr const char* kOp = "op";
inline constexpr const char* kSuspended = "suspended";  ///< after the family: PROGRAM_suspended
inline constexpr const char* kDepth = "stack_depth";
inline constexpr const char* kBacklog = "backlog";
inline constexpr const char* kState = "state";
inline constexpr const char* kBlock = "block";
inline constexpr const char* kPage = "page";
inline constexpr const char* kUid = "uid";
inline constexpr const char* kRemaining = "remaining_ps";
std::string channel(std::uint32_t channel);
std::string die(std::uint32_t die);
std::string plane(std::uint32_t plane);
/// PROGRAM_suspended and the like.
std::string of_family(Family family, const char* what);
}  // namespace vcd_names

/// Bits of the numbers in the dump.
inline constexpr std::uint32_t kVcdUidBits = 64;
inline constexpr std::uint32_t kVcdCountBits = 32;

/// Texts and variables of one device's dump.
class VcdSignals {
 public:
  /// Texts only.
  explicit VcdSignals(const Device& device);
  /// Declares all variables in `file`; those of dies are idle. Neither this nor the device moves while `file` is in
  /// use.
  void declare(VcdFile& file);

  const ChannelSignals& channel(std::uint32_t channel) const { return channels_[channel]; }
  const DieSignals& die(std::uint32_t die) const { return dies_[die]; }
  const PlaneSignals& plane(std::uint32_t die, std::uint32_t plane) const {
    return planes_[std::size_t{die} * topology_.planes + plane];
  }

 private:
  void declare_channel(VcdFile& file, std::uint32_t channel);
  void declare_die(VcdFile& file, std::uint32_t die);
  void declare_plane(VcdFile& file, std::uint32_t plane);

  Topology topology_;
  VcdValues op_texts_;
  VcdValues plane_texts_;
  std::vector<ChannelSignals> channels_;
  std::vector<DieSignals> dies_;
  std::vector<PlaneSignals> planes_;  ///< [die * planes + plane]
};

}  // namespace nandtlm
