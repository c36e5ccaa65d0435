#include "config/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/scalars.h"
#include "config/yaml_parse.h"

namespace nandtlm {
namespace {

// Sections whose own keys hold points: how many words make one key. 0: all that is left.
struct PointedSection {
  std::string_view name;
  std::size_t words;
};
constexpr std::array<PointedSection, 5> kPointedSections = {{{"latencies", 0},
                                                             {"exclusions_by_op_state", 2},
                                                             {"phase_conditional", 2},
                                                             {"phase_conditional_overrides", 2},
                                                             {"generate_seq_rules", 2}}};

std::string_view first_words(std::string_view path, std::size_t words) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < words; ++i) {
    end = path.find('.', i == 0 ? 0 : end + 1);
    if (end == std::string_view::npos) return path;
  }
  return words == 0 ? path : path.substr(0, end);
}

// The key that a new entry gets of the rest of an override's path.
std::string_view new_key(std::string_view section, std::string_view rest) {
  for (const PointedSection& pointed : kPointedSections) {
    if (pointed.name == section) return first_words(rest, pointed.words);
  }
  return first_words(rest, 1);
}

bool begins_with_key(std::string_view path, std::string_view key) {
  return path.substr(0, key.size()) == key && (path.size() == key.size() || path[key.size()] == '.');
}

std::string_view rest_after(std::string_view path, std::size_t length) {
  return path.size() == length ? std::string_view() : path.substr(length + 1);
}

class Override {
 public:
  Override(std::string key, YamlNode value, Diagnostics& out)
      : key_(std::move(key)), value_(std::move(value)), out_(out) {}

  void put(YamlNode& root) { put_in_map(root, key_, ""); }

 private:
  void put_at(YamlNode& node, std::string_view rest, std::string_view section) {
    if (rest.empty()) {
      replace(node, section);
    } else if (node.is_list()) {
      put_in_list(node, rest);
    } else if (node.is_map() || node.is_null()) {
      node.kind = YamlNode::Kind::Map;
      put_in_map(node, rest, section);
    } else {
      refuse(fmt::format("leads through {}, which holds no keys", describe(node)));
    }
  }

  // The longest key that fits: "READ.CORE_BUSY" rather than "READ".
  void put_in_map(YamlNode& map, std::string_view rest, std::string_view section) {
    YamlEntry* best = nullptr;
    for (YamlEntry& entry : map.entries) {
      const bool longer = best == nullptr || entry.key.size() > best->key.size();
      if (longer && begins_with_key(rest, entry.key)) best = &entry;
    }
    if (best == nullptr) {
      const std::string key(new_key(section, rest));
      YamlNode fresh;
      fresh.mark = value_.mark;
      map.entries.push_back({key, value_.mark, std::move(fresh)});
      best = &map.entries.back();
    }
    const bool is_root = section.empty();
    const std::string_view below = is_root ? std::string_view(best->key) : "-";
    put_at(best->value, rest_after(rest, best->key.size()), below);
  }

  void put_in_list(YamlNode& list, std::string_view rest) {
    const std::string_view word = first_words(rest, 1);
    const Parsed<std::uint64_t> number = parse_count(word, {});
    if (!number.value || *number.value >= list.items.size()) {
      refuse(fmt::format("'{}' is no item of the list, expected a number below {}", word, list.items.size()));
      return;
    }
    put_at(list.items[*number.value], rest_after(rest, word.size()), "-");
  }

  void replace(YamlNode& node, std::string_view section) {
    const bool whole_section = section != "-";
    if (!whole_section || !node.is_map() || !value_.is_map()) {
      node = value_;
      return;
    }
    for (const YamlEntry& entry : value_.entries) {
      YamlNode* old = node.find(entry.key);
      if (old != nullptr) {
        *old = entry.value;
      } else {
        node.entries.push_back(entry);
      }
    }
  }

  void refuse(const std::string& what) { out_.error(value_.mark, key_, what); }

  std::string key_;
  YamlNode value_;
  Diagnostics& out_;
};

}  // namespace

void apply_override(YamlNode& root, const std::string& key, const std::string& value, Diagnostics& out) {
  const std::uint32_t source = out.add_source(fmt::format("override {}={}", key, value));
  const Mark begin{1, 1, source};
  if (key.empty() || key.front() == '.' || key.back() == '.' || key.find("..") != std::string::npos) {
    out.error(begin, key, "not a dotted key, expected SECTION.KEY");
    return;
  }
  YamlNode null;
  null.mark = begin;
  const bool empty = value.find_first_not_of(" \t") == std::string::npos;
  std::optional<YamlNode> node = empty ? null : parse_yaml(value, source, out);
  if (node) Override(key, std::move(*node), out).put(root);
}

}  // namespace nandtlm
