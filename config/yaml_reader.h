// Strict typed access to a YAML tree: every mismatch becomes one error with its position (CFG-04).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"
#include "config/scalars.h"
#include "config/yaml_node.h"

namespace nandtlm {

/// "a.b" or "b" where there is no outer path.
std::string join_path(const std::string& outer, std::string_view key);

// Each reports what it does not find at `path` and returns std::nullopt (or false).
bool expect_map(const YamlNode& node, const std::string& path, Diagnostics& out);
bool expect_list(const YamlNode& node, const std::string& path, Diagnostics& out);
std::optional<std::string> read_text(const YamlNode& node, const std::string& path, Diagnostics& out);
/// A name as is_name() has it.
std::optional<std::string> read_name(const YamlNode& node, const std::string& path, Diagnostics& out);
std::optional<bool> read_bool(const YamlNode& node, const std::string& path, Diagnostics& out);
std::optional<std::uint64_t> read_count(const YamlNode& node, const std::string& path, Diagnostics& out, Range range);
std::optional<double> read_real(const YamlNode& node, const std::string& path, Diagnostics& out, double min,
                                double max);
std::optional<Time> read_duration(const YamlNode& node, const std::string& path, Diagnostics& out, Time min = 0);

/// A word of a closed list and what it stands for.
template <typename T>
struct Choice {
  std::string_view word;
  T value;
};

/// Reports a word that is none of `words`.
void unknown_word(const YamlNode& node, const std::string& path, Diagnostics& out,
                  const std::vector<std::string_view>& words);

/// One of `choices`, in any case.
template <typename T, std::size_t N>
std::optional<T> read_choice(const YamlNode& node, const std::string& path, Diagnostics& out,
                             const std::array<Choice<T>, N>& choices) {
  std::vector<std::string_view> words;
  for (const Choice<T>& choice : choices) {
    if (node.is_scalar() && equal_ignoring_case(choice.word, node.text)) return choice.value;
    words.push_back(choice.word);
  }
  unknown_word(node, path, out, words);
  return std::nullopt;
}

/// Reads a map key by key and knows in the end which keys nobody asked for.
class MapReader {
 public:
  /// Where `node` is no map that is one error, and the reader is empty.
  MapReader(const YamlNode& node, std::string path, Diagnostics& out);

  /// False where the node was no map.
  bool is_map() const { return is_map_; }
  std::string path_of(std::string_view key) const { return join_path(path_, key); }

  /// The value, nullptr where the key is absent.
  const YamlNode* find(std::string_view key);
  /// The same; an absent key is an error at the map's position.
  const YamlNode* require(std::string_view key);

  // Leave `value` as it is where the key is absent or wrong; return whether it was set.
  bool read(std::string_view key, bool& value);
  bool read(std::string_view key, std::uint32_t& value, Range range);
  bool read_time(std::string_view key, Time& value, Time min = 0);

  /// One error per key that was never asked for.
  void reject_unknown();

 private:
  static const YamlNode& empty_map();

  const YamlNode* node_;
  std::string path_;
  Diagnostics& out_;
  bool is_map_;
  std::vector<std::string> asked_;
};

}  // namespace nandtlm
