#include "testbench/replay/load_replay.h"

#include "testbench/replay/replay_player.h"
#include "testbench/replay/sequence_reader.h"

namespace nandtlm {

LoadedWorkload load_replay(const std::string& path, const std::shared_ptr<const Device>& device) {
  ReadSequence read = read_sequence(path, *device);
  LoadedWorkload loaded;
  loaded.errors = std::move(read.errors);
  if (!loaded.errors.empty()) return loaded;
  const auto sequence = std::make_shared<const SequenceRows>(std::move(read.sequence));
  loaded.make = [sequence](sc_core::sc_module_name name, Package& package, Scheduler& scheduler) {
    return std::make_unique<ReplayPlayer>(name, sequence, package.device(), scheduler);
  };
  return loaded;
}

}  // namespace nandtlm
