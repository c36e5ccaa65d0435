// What the readers of a device file share while it is being read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

#include "config/device.h"
#include "config/diagnostics.h"
#include "config/yaml_reader.h"

namespace nandtlm {

/// Names to indices; upper and lower case are the same (CFG-02).
class NameTable {
 public:
  /// False where the name is there already.
  bool add(const std::string& name, std::size_t index);
  std::optional<std::size_t> find(const std::string& name) const;
  bool empty() const { return index_by_name_.empty(); }

 private:
  std::unordered_map<std::string, std::size_t> index_by_name_;
};

/// The section `latencies`: durations by key, so that ops can say which figure they share.
class LatencyTable {
 public:
  void read(const YamlNode& node, Diagnostics& out);
  /// A duration: a number with or without a unit, or a key of the table.
  std::optional<Time> duration(const YamlNode& node, const std::string& path, Diagnostics& out) const;

 private:
  /// An entry whose figure was wrong stays known, so that its users do not repeat the complaint.
  std::unordered_map<std::string, std::optional<Time>> time_by_key_;
};

struct LoadContext {
  Device device;
  Diagnostics out;
  bool lenient = false;
  std::filesystem::path directory;  ///< of the device file: relative paths start here
  NameTable celltypes;
  NameTable bases;
  LatencyTable latencies;

  /// The base or cell type that a node names, or an error. No error where the whole section is missing: that was told.
  std::optional<BaseId> base_of(const YamlNode& node, const std::string& path);
  std::optional<CellId> celltype_of(const YamlNode& node, const std::string& path);
  /// The base of a map key, or an error at the key.
  std::optional<BaseId> base_of_key(const YamlEntry& entry, const std::string& path);
};

}  // namespace nandtlm
