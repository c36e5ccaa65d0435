// Collects the errors and warnings of one load, with their positions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config_error.h"

namespace nandtlm {

/// A position in one of the texts that a load reads. Counts from 1.
struct Mark {
  int line = 1;
  int column = 1;
  std::uint32_t source = 0;  ///< as Diagnostics::add_source() gave it; 0 is the file itself
};

/// All errors are kept, none ends the load (CFG-04).
class Diagnostics {
 public:
  Diagnostics() = default;
  /// For another reader of a tree whose marks are of the same texts.
  explicit Diagnostics(std::vector<std::string> sources) : sources_(std::move(sources)) {}

  /// Makes a text known by the name that errors show for it.
  std::uint32_t add_source(std::string name);
  const std::vector<std::string>& sources() const { return sources_; }
  const std::string& source_name(std::uint32_t source) const { return sources_[source]; }

  void error(const Mark& at, std::string key, std::string what);
  void warning(const Mark& at, std::string key, std::string what);
  /// Takes over an error that another reader made.
  void add(ConfigError error);

  std::size_t error_count() const { return errors_.size(); }
  bool ok() const { return errors_.empty(); }
  /// Makes warnings of the errors from number `first` on, unless they come from an override: what a user
  /// typed for this run is never skipped.
  void downgrade_since(std::size_t first);

  /// In the order of source, line and column, without repeats.
  std::vector<ConfigError> errors() const { return sorted(errors_); }
  std::vector<ConfigError> warnings() const { return sorted(warnings_); }

 private:
  struct Entry {
    std::uint32_t source = 0;
    ConfigError error;
  };
  Entry entry(const Mark& at, std::string key, std::string what) const;
  static std::vector<ConfigError> sorted(std::vector<Entry> entries);

  std::vector<std::string> sources_;
  std::vector<Entry> errors_;
  std::vector<Entry> warnings_;
};

}  // namespace nandtlm
