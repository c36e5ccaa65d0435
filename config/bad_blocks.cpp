#include "config/bad_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "config/device_sections.h"
#include "config/diagnostics.h"
#include "config/scalars.h"
#include "config/yaml_parse.h"

namespace nandtlm {
namespace {

// Collects pairs in order; says what is wrong with one.
class BadBlockCollector {
 public:
  BadBlockCollector(const Topology& topology, Diagnostics& out) : topology_(topology), out_(out) {}

  void add(const std::string& die, const Mark& die_at, const std::string& block, const Mark& block_at,
           const std::string& path) {
    const auto die_number = number(die, topology_.dies, die_at, join_path(path, "die"));
    const auto block_number = number(block, topology_.blocks_per_die, block_at, join_path(path, "block"));
    if (!die_number || !block_number) return;
    if (!pairs_.emplace(*die_number, *block_number).second) {
      out_.error(die_at, path.empty() ? "block" : path,
                 fmt::format("die {} block {} is given twice, expected it once", *die_number, *block_number));
    }
  }

  std::vector<BadBlock> take() const {
    std::vector<BadBlock> blocks;
    for (const auto& [die, block] : pairs_) blocks.push_back({die, block});
    return blocks;
  }

 private:
  std::optional<std::uint32_t> number(const std::string& text, std::uint32_t count, const Mark& at,
                                      const std::string& path) {
    Parsed<std::uint64_t> parsed = parse_count(text, {0, count - 1});
    if (parsed.value) return static_cast<std::uint32_t>(*parsed.value);
    out_.error(at, path, std::move(parsed.problem));
    return std::nullopt;
  }

  const Topology& topology_;
  Diagnostics& out_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs_;
};

std::string without_blanks(const std::string& text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c != ' ' && c != '\t' && c != '\r'; });
  return result;
}

void read_line(const std::string& line, int number, BadBlockCollector& blocks, Diagnostics& out) {
  const Mark begin{number, 1, 0};
  const std::string text = without_blanks(line);
  if (text.empty() || (number == 1 && equal_ignoring_case(text, "die,block"))) return;
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) {
    out.error(begin, "(line)", fmt::format("'{}' is no pair, expected 'die,block'", text.substr(0, 40)));
    return;
  }
  const int second = static_cast<int>(line.find(',')) + 2;
  blocks.add(text.substr(0, comma), begin, text.substr(comma + 1), {number, second, 0}, "");
}

}  // namespace

BadBlockList load_bad_blocks(const std::string& path, const Topology& topology) {
  Diagnostics out;
  const std::uint32_t source = out.add_source(path);
  BadBlockCollector blocks(topology, out);
  if (const std::optional<std::string> text = read_text_file(path, source, out)) {
    std::istringstream lines(*text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) read_line(line, number, blocks, out);
  }
  return {blocks.take(), out.errors()};
}

// A file name, or the pairs themselves: `[[0, 3], [1, 5]]`.
void read_bad_block_key(const YamlNode& node, LoadContext& context) {
  constexpr const char* kKey = "bad_blocks";
  if (node.is_scalar()) {
    BadBlockList list = load_bad_blocks((context.directory / node.text).string(), context.device.topology);
    context.device.bad_blocks = std::move(list.blocks);
    for (ConfigError& error : list.errors) context.out.add(std::move(error));
    return;
  }
  BadBlockCollector blocks(context.device.topology, context.out);
  for (const YamlNode& item : node.items) {
    const bool is_pair =
        item.is_list() && item.items.size() == 2 && item.items[0].is_scalar() && item.items[1].is_scalar();
    if (is_pair) {
      blocks.add(item.items[0].text, item.items[0].mark, item.items[1].text, item.items[1].mark, kKey);
    } else {
      context.out.error(item.mark, kKey, fmt::format("found {}, expected a pair [die, block]", describe(item)));
    }
  }
  if (!node.is_list()) {
    context.out.error(node.mark, kKey, fmt::format("found {}, expected a CSV file or a list of pairs", describe(node)));
  }
  context.device.bad_blocks = blocks.take();
}

}  // namespace nandtlm
