#include "config/yaml_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace nandtlm {
namespace {

bool plain_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

bool is_plain(const std::string& text) {
  static const std::vector<std::string> kSpecial = {"null", "Null", "NULL"};
  if (text.empty() || std::find(kSpecial.begin(), kSpecial.end(), text) != kSpecial.end()) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return plain_char(c) || c == '-' || c == '+'; }) &&
         text.front() != '-' && text.front() != '+';
}

std::string double_quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_block(const YamlNode& node) {
  if (node.is_map()) return !node.entries.empty();
  return node.is_list() &&
         std::any_of(node.items.begin(), node.items.end(), [](const YamlNode& item) { return is_block(item); });
}

std::string indented(const std::string& block, const std::string& first, const std::string& other) {
  std::string result;
  std::size_t begin = 0;
  while (begin < block.size()) {
    const std::size_t end = std::min(block.find('\n', begin), block.size() - 1);
    result += (begin == 0 ? first : other) + block.substr(begin, end - begin + 1);
    begin = end + 1;
  }
  return result;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

YamlNode* YamlNode::find(std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

std::string describe(const YamlNode& node) {
  constexpr std::size_t kShown = 40;
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return "nothing";
    case YamlNode::Kind::List:
      return "a list";
    case YamlNode::Kind::Map:
      return "a map";
    case YamlNode::Kind::Scalar:
      break;
  }
  return node.text.size() <= kShown ? "'" + node.text + "'" : "'" + node.text.substr(0, kShown) + "...'";
}

std::string yaml_scalar(const std::string& text) {
  return is_plain(text) ? text : double_quoted(text);
}

std::string to_yaml_line(const YamlNode& node) {
  std::string result;
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return "null";
    case YamlNode::Kind::Scalar:
      return node.quoted ? double_quoted(node.text) : yaml_scalar(node.text);
    case YamlNode::Kind::List:
      for (const YamlNode& item : node.items) result += (result.empty() ? "" : ", ") + to_yaml_line(item);
      return "[" + result + "]";
    case YamlNode::Kind::Map:
      for (const YamlEntry& entry : node.entries) {
        result += (result.empty() ? "" : ", ") + yaml_scalar(entry.key) + ": " + to_yaml_line(entry.value);
      }
      return "{" + result + "}";
  }
  return result;
}

std::string yaml_entry(const std::string& key, const std::string& text, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::string head = margin + yaml_scalar(key) + ":";
  if (text.empty() || text.back() != '\n') return head + " " + text + "\n";
  return head + "\n" + indented(text, margin + "  ", margin + "  ");
}

std::string to_yaml_text(const YamlNode& node) {
  if (!is_block(node)) return to_yaml_line(node);
  std::string result;
  for (const YamlEntry& entry : node.entries) result += yaml_entry(entry.key, to_yaml_text(entry.value), 0);
  for (const YamlNode& item : node.items) {
    const std::string text = to_yaml_text(item);
    result += is_block(item) ? indented(text, "- ", "  ") : "- " + text + "\n";
  }
  return result;
}

}  // namespace nandtlm
