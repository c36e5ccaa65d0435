// Section 9: every output of a small, hand-made sequence of events, byte by byte (EVT-03). After a wanted change run
// with NANDTLM_UPDATE_GOLDEN=1 and read the difference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "tests/support/trace_files.h"
#include "tests/support/trace_scenario.h"
#include "traces/csv_sinks.h"
#include "traces/saved_view.h"
#include "traces/vcd_sink.h"

namespace nandtlm {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(NANDTLM_SOURCE_DIR) / "traces" / "golden";

void write_outputs(const fs::path& dir) {
  const Device device = test::make_trace_device();
  CsvSinks csv(device, dir);
  VcdSink vcd(device, (dir / "waves.vcd").string());
  test::play_suspend_scenario(device, csv);
  const Time end = test::play_suspend_scenario(device, vcd);
  write_saved_view((dir / "waves.gtkw").string(), device, saved_view_of_run(end, vcd.first_suspension()));
}

std::set<std::string> file_names(const fs::path& dir) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir)) names.insert(entry.path().filename().string());
  return names;
}

TEST(TraceGolden, OutputsAreByteIdenticalToTheReference) {  // EVT-03, section 9
  const test::TraceFolder folder;
  write_outputs(folder.path());
  if (std::getenv("NANDTLM_UPDATE_GOLDEN") != nullptr) {
    fs::copy(folder.path(), kGolden, fs::copy_options::overwrite_existing | fs::copy_options::recursive);
  }
  EXPECT_EQ(file_names(folder.path()), file_names(kGolden));
  for (const std::string& name : file_names(kGolden)) {
    EXPECT_EQ(folder.text(name), test::read_text(kGolden / name)) << name;
  }
}

}  // namespace
}  // namespace nandtlm
