#include "tests/properties/reproduction.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/device_writer.h"
#include "tests/properties/scenario_text.h"

namespace nandtlm::test {
namespace {

void write_story(const std::filesystem::path& path, const reference::Story& story) {
  std::ofstream out(path);
  for (const reference::Happening& event : story.events) out << event.text() << '\n';
}

}  // namespace

std::string write_reproduction(const Sequence& sequence, const reference::Story& model) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("nandtlm_property_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "device.yaml") << to_yaml(*sequence.device);
  std::ofstream(folder / "scenario.yaml") << scenario_text(sequence);
  std::ofstream(folder / "run.yaml") << "device: device.yaml\nworkload: scenario.yaml\nseed: 1\nout: out\n";
  write_story(folder / "reference.txt", sequence.story);
  write_story(folder / "model.txt", model);
  return folder.string();
}

}  // namespace nandtlm::test
