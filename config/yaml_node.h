// A YAML document as a plain tree that knows where each piece stood. Nothing of the parser's types leaks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"

namespace nandtlm {

struct YamlEntry;

/// A value. Scalars keep their text as written: what it means is decided by who reads it.
struct YamlNode {
  enum class Kind { Null, Scalar, List, Map };

  Kind kind = Kind::Null;
  bool quoted = false;  ///< a scalar in quotes or a block scalar: never a number, a bool or null
  Mark mark;
  std::string text;                ///< of a scalar
  std::vector<YamlNode> items;     ///< of a list
  std::vector<YamlEntry> entries;  ///< of a map, in file order, each key once

  bool is_null() const { return kind == Kind::Null; }
  bool is_scalar() const { return kind == Kind::Scalar; }
  bool is_list() const { return kind == Kind::List; }
  bool is_map() const { return kind == Kind::Map; }

  /// The value of a map's key; nullptr where there is none.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
};

struct YamlEntry {
  std::string key;
  Mark key_mark;
  YamlNode value;
};

/// "a map", "a list", "nothing", "'text'": for messages.
std::string describe(const YamlNode& node);

/// The node as YAML. Maps and lists of maps take lines of their own, each ended by a newline; everything else
/// is one line without a newline, so that `key: ` can be put before it.
std::string to_yaml_text(const YamlNode& node);
/// The node as one line of YAML.
std::string to_yaml_line(const YamlNode& node);
/// A scalar as YAML, quoted only where it must be.
std::string yaml_scalar(const std::string& text);
/// `key: text` with the lines of a block text indented below it; ends with a newline.
std::string yaml_entry(const std::string& key, const std::string& text, std::size_t indent);

}  // namespace nandtlm
