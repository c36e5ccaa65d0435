#include "config/yaml_parse.h"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unordered_map>

namespace nandtlm {
namespace {

constexpr const char* kDocument = "(document)";
constexpr const char* kFile = "(file)";
// Rough bytes that a tree may take, aliases expanded: far above any device, far below what hurts.
constexpr std::size_t kMaxTreeBytes = std::size_t{128} << 20;

struct TreeTooLarge {};

Mark to_mark(const YAML::Mark& mark, std::uint32_t source) {
  if (mark.is_null()) return {1, 1, source};
  return {mark.line + 1, mark.column + 1, source};
}

std::size_t bytes_of(const YamlNode& node) {
  std::size_t bytes = sizeof(YamlEntry) + node.text.size();
  for (const YamlNode& item : node.items) bytes += bytes_of(item);
  for (const YamlEntry& entry : node.entries) bytes += bytes_of(entry.value) + entry.key.size();
  return bytes;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::uint32_t source, Diagnostics& out) : source_(source), out_(out) {}

  std::optional<YamlNode> take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    deliver(make(YamlNode::Kind::Null, mark), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::Scalar, mark);
    check_tag(tag, node.mark);
    node.quoted = tag == "!";
    node.text = value;
    deliver(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    YamlNode node = make(YamlNode::Kind::Null, mark);
    if (found == anchors_.end()) {
      out_.error(node.mark, kDocument, "the alias lies inside its own anchor, expected an anchor that ends before it");
    } else {
      charge(found->second.bytes);
      const Mark at = node.mark;
      node = found->second.node;
      node.mark = at;
    }
    deliver(std::move(node), YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::List, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::Map, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    YamlNode node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false;
    bool drop_value = false;
    std::string key;
    Mark key_mark;
    std::unordered_map<std::string, int> first_line;
  };
  struct Anchored {
    YamlNode node;
    std::size_t bytes = 0;
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode node;
    node.kind = kind;
    node.mark = to_mark(mark, source_);
    return node;
  }

  void check_tag(const std::string& tag, const Mark& at) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    out_.error(at, kDocument, fmt::format("tag '{}' is not supported, expected a plain value", tag));
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    Frame frame;
    frame.node = make(kind, mark);
    frame.anchor = anchor;
    check_tag(tag, frame.node.mark);
    stack_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    deliver(std::move(frame.node), frame.anchor);
  }

  void charge(std::size_t bytes) {
    tree_bytes_ += bytes;
    if (tree_bytes_ > kMaxTreeBytes) throw TreeTooLarge{};
  }

  void deliver(YamlNode node, YAML::anchor_t anchor) {
    charge(sizeof(YamlEntry) + node.text.size());
    if (anchor != YAML::NullAnchor) {
      const std::size_t bytes = bytes_of(node);
      charge(bytes);
      anchors_[anchor] = {node, bytes};
    }
    if (stack_.empty()) {
      root_ = std::move(node);
    } else if (stack_.back().node.is_list()) {
      stack_.back().node.items.push_back(std::move(node));
    } else if (stack_.back().has_key) {
      deliver_value(stack_.back(), std::move(node));
    } else {
      deliver_key(stack_.back(), std::move(node));
    }
  }

  // Dotted, as errors name a key; frames hold the key whose value they are in.
  std::string path_of(const std::string& key) const {
    std::string path;
    for (const Frame& frame : stack_) {
      if (&frame != &stack_.back() && frame.node.is_map()) path += frame.key + ".";
    }
    return path + key;
  }

  void deliver_key(Frame& frame, YamlNode node) {
    frame.has_key = true;
    frame.drop_value = true;
    if (!node.is_scalar()) {
      out_.error(node.mark, kDocument, fmt::format("the key is {}, expected text", describe(node)));
      return;
    }
    const auto [first, is_new] = frame.first_line.emplace(node.text, node.mark.line);
    if (!is_new) {
      out_.error(node.mark, path_of(node.text),
                 fmt::format("duplicate key, first given in line {}, expected it once", first->second));
      return;
    }
    frame.drop_value = false;
    frame.key = std::move(node.text);
    frame.key_mark = node.mark;
  }

  void deliver_value(Frame& frame, YamlNode node) {
    frame.has_key = false;
    if (frame.drop_value) return;
    // The parser gives an absent value the position of whatever follows it.
    if (node.is_null() && node.mark.line != frame.key_mark.line) node.mark = frame.key_mark;
    frame.node.entries.push_back({std::move(frame.key), frame.key_mark, std::move(node)});
  }

  std::uint32_t source_;
  Diagnostics& out_;
  std::optional<YamlNode> root_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  std::size_t tree_bytes_ = 0;
};

std::size_t utf8_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool valid_at(const std::string& text, std::size_t at, std::size_t length) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (length == 0 || at + length > text.size()) return false;
  if (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') return false;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

// The parser would read a byte that is no text as one; a wrong kind of file should be told as that.
bool check_is_text(const std::string& text, std::uint32_t source, Diagnostics& out) {
  Mark mark{1, 1, source};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(static_cast<unsigned char>(text[at]));
    if (!valid_at(text, at, length)) {
      out.error(mark, kFile,
                fmt::format("byte 0x{:02x} is not text, expected UTF-8", static_cast<unsigned char>(text[at])));
      return false;
    }
    mark.column = text[at] == '\n' ? 1 : mark.column + 1;
    if (text[at] == '\n') ++mark.line;
    at += length;
  }
  return true;
}

void check_single_document(YAML::Parser& parser, std::uint32_t source, Diagnostics& out) {
  Diagnostics ignored;
  ignored.add_source("");
  TreeBuilder second(0, ignored);
  if (!parser.HandleNextDocument(second)) return;
  const std::optional<YamlNode> root = second.take_root();
  Mark mark = root ? root->mark : Mark{};
  mark.source = source;
  out.error(mark, kDocument, "a second document begins, expected one document in the file");
}

std::optional<YamlNode> build_tree(const std::string& text, std::uint32_t source, Diagnostics& out) {
  std::istringstream input(text);
  YAML::Parser parser(input);
  TreeBuilder builder(source, out);
  if (!parser.HandleNextDocument(builder)) {
    out.error({1, 1, source}, kDocument, "the text is empty, expected a YAML map");
    return std::nullopt;
  }
  check_single_document(parser, source, out);
  return builder.take_root();
}

}  // namespace

std::optional<YamlNode> parse_yaml(const std::string& text, std::uint32_t source, Diagnostics& out) {
  if (!check_is_text(text, source, out)) return std::nullopt;
  try {
    return build_tree(text, source, out);
  } catch (const TreeTooLarge&) {
    out.error({1, 1, source}, kDocument, "too large with its aliases expanded, expected a document of ordinary size");
  } catch (const YAML::DeepRecursion& error) {
    out.error(to_mark(error.mark, source), kDocument,
              fmt::format("nested {} levels deep, expected less", error.depth()));
  } catch (const YAML::Exception& error) {
    out.error(to_mark(error.mark, source), kDocument, fmt::format("no valid YAML: {}", error.msg));
  } catch (const std::exception& error) {
    out.error({1, 1, source}, kDocument, fmt::format("no valid YAML: {}", error.what()));
  }
  return std::nullopt;
}

std::optional<std::string> read_text_file(const std::string& path, std::uint32_t source, Diagnostics& out) {
  const auto refuse = [&](const std::string& what) {
    out.error({1, 1, source}, kFile, what);
    return std::nullopt;
  };
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status)) return refuse("the file does not exist, expected a readable file");
  if (!std::filesystem::is_regular_file(status)) return refuse("not a regular file, expected a readable file");
  std::ifstream input(path, std::ios::binary);
  if (!input) return refuse(fmt::format("cannot be opened: {}, expected a readable file", std::strerror(errno)));
  std::string text(kMaxYamlBytes + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (input.bad()) return refuse("cannot be read, expected a readable file");
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > kMaxYamlBytes) return refuse(fmt::format("larger than {} bytes, expected less", kMaxYamlBytes));
  return text;
}

}  // namespace nandtlm
