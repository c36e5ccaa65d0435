// A device file to a checked device (CFG-01 to CFG-05).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config_error.h"
#include "config/device.h"
#include "config/yaml_node.h"

namespace nandtlm {

struct LoadOptions {
  /// Operations with an error in their own entry are left out with a warning (CFG-02).
  bool lenient = false;
  /// Dotted key and YAML text, applied in order before anything is checked (CFG-01).
  std::vector<std::pair<std::string, std::string>> overrides;
};

/// What a device file says, overrides applied: for who reads more of it than a device.
struct DeviceText {
  YamlNode tree;
  std::vector<std::string> sources;  ///< of its marks
};

struct LoadedDevice {
  std::optional<Device> device;  ///< where there are no errors
  DeviceText text;
  std::vector<ConfigError> errors;
  std::vector<ConfigError> warnings;
};

/// Never throws for anything in the file; every error of it is reported (CFG-04). `docs/configuration.md` has the keys.
LoadedDevice load_device(const std::string& path, const LoadOptions& options = {});
/// The same from a text; `file` is the name that errors show, its folder is where relative paths start.
LoadedDevice load_device_text(const std::string& text, const std::string& file, const LoadOptions& options = {});

}  // namespace nandtlm
