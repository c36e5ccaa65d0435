#include "config/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace nandtlm {
namespace {

constexpr std::size_t kLongestLine = 2000;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // UTF-8
}

// A broken file may hold anything; a complaint stays one line that can be read.
std::string one_line(const std::string& text) {
  std::string clean;
  for (const char c : text) {
    if (clean.size() >= kLongestLine && !continues_character(c)) return clean + "...";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      clean += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      clean += c;
    }
  }
  return clean;
}

}  // namespace

std::string ConfigError::text() const {
  return one_line(fmt::format("{}:{}:{}: {}: {}", file, line, column, key, what));
}

std::uint32_t Diagnostics::add_source(std::string name) {
  sources_.push_back(std::move(name));
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

Diagnostics::Entry Diagnostics::entry(const Mark& at, std::string key, std::string what) const {
  return {at.source, {sources_.at(at.source), at.line, at.column, std::move(key), std::move(what)}};
}

void Diagnostics::error(const Mark& at, std::string key, std::string what) {
  errors_.push_back(entry(at, std::move(key), std::move(what)));
}

void Diagnostics::warning(const Mark& at, std::string key, std::string what) {
  warnings_.push_back(entry(at, std::move(key), std::move(what)));
}

void Diagnostics::add(ConfigError error) {
  const std::uint32_t source = add_source(error.file);
  errors_.push_back({source, std::move(error)});
}

void Diagnostics::downgrade_since(std::size_t first) {
  const auto begin = errors_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto from_file =
      std::stable_partition(begin, errors_.end(), [](const Entry& entry) { return entry.source != 0; });
  std::move(from_file, errors_.end(), std::back_inserter(warnings_));
  errors_.erase(from_file, errors_.end());
}

std::vector<ConfigError> Diagnostics::sorted(std::vector<Entry> entries) {
  const auto position = [](const Entry& e) { return std::tie(e.source, e.error.line, e.error.column); };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry& a, const Entry& b) { return position(a) < position(b); });
  std::vector<ConfigError> result;
  for (Entry& entry : entries) {
    const bool repeated = !result.empty() && result.back().text() == entry.error.text();
    if (!repeated) result.push_back(std::move(entry.error));
  }
  return result;
}

}  // namespace nandtlm
