#include "testbench/generator/bootstrap.h"

#include <algorithm>

#include "testbench/generator/situation.h"

namespace nandtlm {
namespace {

/// Behind the programs come the reads, behind those no bootstrap.
std::uint32_t next_stage(std::uint32_t stage) {
  if (stage == Situation::kStageProgram) return Situation::kStageRead;
  return 0;
}

}  // namespace

Bootstrap::Bootstrap(const Device& device, const BootstrapSettings& settings, bool enabled)
    : device_(device), settings_(settings) {
  const std::uint64_t blocks = std::uint64_t{device.topology.dies} * device.topology.blocks_per_die;
  const std::uint64_t usable = blocks - std::min<std::uint64_t>(blocks, device.bad_blocks.size());
  erased_.wanted = std::min(settings.erase_volume, usable);
  for (Volume* volume : {&erased_, &programmed_, &read_}) volume->seen.assign(blocks, false);
  if (enabled && erased_.wanted != 0) stage_ = Situation::kStageErase;
}

void Bootstrap::note(Volume& volume, const OpInfo& op) const {
  for (const Target& target : op.targets) {
    if (target.block < 0) continue;
    const std::size_t place =
        std::size_t{op.die} * device_.topology.blocks_per_die + static_cast<std::size_t>(target.block);
    if (volume.seen[place]) continue;
    volume.seen[place] = true;
    ++volume.count;
  }
}

/// A share of the programmed blocks, and a number at least.
std::uint64_t Bootstrap::reads_wanted() const {
  const std::uint64_t share = programmed_.count * settings_.read_coverage_ppm / 1'000'000;
  return std::min(programmed_.count, std::max(share, settings_.read_volume));
}

void Bootstrap::begin_programs() {
  programmed_.wanted = std::min(settings_.program_volume, erased_.count);
  stage_ = Situation::kStageProgram;
}

bool Bootstrap::period_passed() {
  if (stage_ == 0) return false;
  const std::uint64_t sum = erased_.count + programmed_.count + read_.count;
  idle_periods_ = sum == last_sum_ ? idle_periods_ + 1 : 0;
  last_sum_ = sum;
  if (idle_periods_ < kPatience) return false;
  idle_periods_ = 0;
  if (stage_ == Situation::kStageErase) {
    begin_programs();
  } else {
    stage_ = next_stage(stage_);
  }
  return true;
}

bool Bootstrap::ended(const OpInfo& op) {
  if (stage_ == 0) return false;
  const Effects& effects = device_.base_of(op.op).effects;
  if (effects.action == Action::Erase) note(erased_, op);
  if (effects.commits_page()) note(programmed_, op);
  if (effects.action == Action::Read) note(read_, op);
  const std::uint32_t before = stage_;
  if (stage_ == Situation::kStageErase && erased_.count >= erased_.wanted) {
    begin_programs();
  }
  if (stage_ == Situation::kStageProgram && programmed_.count >= programmed_.wanted) stage_ = Situation::kStageRead;
  if (stage_ == Situation::kStageRead && read_.count >= reads_wanted()) stage_ = 0;
  return stage_ != before;
}

}  // namespace nandtlm
