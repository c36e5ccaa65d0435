// Small device texts and comparisons that the tests of config/ share.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/device.h"
#include "config/device_loader.h"

namespace nandtlm::test {

/// A device of one op; tests append what they are about. 15 lines.
inline const std::string kMinimalDevice = R"(topology:
  dies: 2
  planes: 2
  blocks_per_die: 8
  pages_per_block: 4
celltypes: [NONE, SLC, TLC]
op_bases:
  PROGRAM_SLC: {scope: DIE_WIDE, states: {ISSUE: 0.4, CORE_BUSY: 8}}
  READ: {scope: PLANE_SET, states: {ISSUE: 0.1, CORE_BUSY: 25, DATA_OUT: 6}}
  ERASE: {scope: DIE_WIDE, states: {ISSUE: 0.1, CORE_BUSY: 7000}}
  RESET: {scope: NONE, states: {ISSUE: 0.1}}
  SR: {scope: NONE, states: {ISSUE: 0.1}}
op_names:
  Page_Program_SLC: {base: PROGRAM_SLC, celltype: SLC}
  Read_SLC: {base: READ, celltype: SLC}
)";
inline constexpr int kMinimalLines = 15;

inline LoadedDevice load_text(const std::string& text, const LoadOptions& options = {}) {
  return load_device_text(text, "d.yaml", options);
}

inline std::vector<std::string> texts(const std::vector<ConfigError>& errors) {
  std::vector<std::string> result;
  result.reserve(errors.size());
  for (const ConfigError& error : errors) result.push_back(error.text());
  return result;
}

inline std::string established_path() {
  return std::string(NANDTLM_SOURCE_DIR) + "/../shared/reference/established_device.yaml";
}

inline std::string device_path(const std::string& name) {
  return std::string(NANDTLM_SOURCE_DIR) + "/config/devices/" + name;
}

/// A file that goes with the test.
class TempFile {
 public:
  TempFile(const std::string& name, const std::string& content)
      : path_((std::filesystem::path(::testing::TempDir()) / (unique() + name)).string()) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TempFile() { std::remove(path_.c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static std::string unique() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return std::string(test->test_suite_name()) + "_" + test->name() + "_";
  }
  std::string path_;
};

}  // namespace nandtlm::test
