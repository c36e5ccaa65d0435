#include "testbench/scenario/read_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace nandtlm {
namespace {

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::optional<Event> event_from(std::string_view word) {
  for (const Event event : {Event::Start, Event::End, Event::Suspend, Event::Resume}) {
    if (word == name(event)) return event;
  }
  return std::nullopt;
}

/// "erase.end + 3": the name and the event go to `moment`, what follows stays in `text`.
bool take_event(std::string_view& text, Moment& moment, const YamlNode& node, const std::string& path,
                ScenarioContext& context) {
  const auto word_end = std::find_if_not(text.begin(), text.end(), is_word_char);
  const std::string_view step = text.substr(0, static_cast<std::size_t>(word_end - text.begin()));
  text.remove_prefix(step.size());
  if (text.empty() || text.front() != '.') {
    context.out.error(
        node.mark, path,
        fmt::format("found {}, expected `STEP.EVENT`, `STEP.EVENT + us` or a time in us", describe(node)));
    return false;
  }
  text.remove_prefix(1);
  const auto event_end = std::find_if_not(text.begin(), text.end(), is_word_char);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(event_end - text.begin()));
  text.remove_prefix(word.size());
  const std::optional<Event> event = event_from(word);
  if (!event) {
    context.out.error(node.mark, path, fmt::format("unknown event '{}', expected start, end, suspend or resume", word));
    return false;
  }
  moment.since = StepRef{std::string(step), node.mark, kNoStep};
  moment.event = *event;
  return true;
}

}  // namespace

std::string item_path(const std::string& list, std::size_t i) {
  return join_path(list, std::to_string(i));
}

bool is_identifier(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), is_word_char);
}

std::string did_you_mean(const std::string& text, const std::function<std::vector<std::string>()>& candidates,
                         ScenarioContext& context) {
  constexpr int kMostHints = 20;
  constexpr std::size_t kLongestName = 80;
  if (text.size() > kLongestName || context.hints >= kMostHints) return {};
  ++context.hints;
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, text.size() / 4) + 1;
  for (const std::string& candidate : candidates()) {
    if (candidate.size() >= text.size() + best_distance || text.size() >= candidate.size() + best_distance) continue;
    const std::size_t distance = edit_distance(upper(text), upper(candidate));
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best.empty() ? best : fmt::format("; did you mean '{}'?", best);
}

std::optional<Expression> read_expression(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  if (!node.is_scalar()) {
    context.out.error(node.mark, path, fmt::format("found {}, expected a number", describe(node)));
    return std::nullopt;
  }
  Parsed<Expression> parsed = Expression::parse(node.text, context.counters);
  if (!parsed.value) context.out.error(node.mark, path, std::move(parsed.problem));
  return std::move(parsed.value);
}

std::optional<Moment> read_moment(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  if (!node.is_scalar()) {
    context.out.error(node.mark, path, fmt::format("found {}, expected a time in us or `STEP.EVENT`", describe(node)));
    return std::nullopt;
  }
  Moment moment;
  moment.mark = node.mark;
  std::string_view text = node.text;
  if (!text.empty() && is_word_char(text.front()) && std::isdigit(static_cast<unsigned char>(text.front())) == 0) {
    if (!take_event(text, moment, node, path, context)) return std::nullopt;
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (text.empty()) return moment;
    if (text.front() != '+' && text.front() != '-') {
      context.out.error(node.mark, path, fmt::format("unexpected '{}', expected `+ us` after the event", text));
      return std::nullopt;
    }
  }
  const std::string sum = moment.since ? fmt::format("0 {}", text) : std::string(text);
  Parsed<Expression> parsed = Expression::parse(sum, context.counters);
  if (!parsed.value) {
    context.out.error(node.mark, path, std::move(parsed.problem));
    return std::nullopt;
  }
  moment.offset = *parsed.value;
  return moment;
}

std::optional<std::string> read_identifier(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  if (node.is_scalar() && is_identifier(node.text)) return node.text;
  context.out.error(node.mark, path,
                    fmt::format("found {}, expected a name of letters, digits and '_'", describe(node)));
  return std::nullopt;
}

std::optional<StepRef> read_step_ref(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  const std::optional<std::string> step = read_identifier(node, path, context);
  if (!step) return std::nullopt;
  return StepRef{*step, node.mark, kNoStep};
}

std::optional<Reason> read_reason(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  const Reason reason = node.is_scalar() ? reason_from_name(node.text.c_str()) : Reason::None;
  if (reason != Reason::None) return reason;
  std::vector<std::string> known;
  for (std::size_t i = 1; i < kReasons; ++i) known.emplace_back(name(static_cast<Reason>(i)));
  const auto candidates = [&known] { return known; };
  context.out.error(node.mark, path,
                    fmt::format("{} is no reason, expected one of {}{}", describe(node), fmt::join(known, ", "),
                                did_you_mean(node.text, candidates, context)));
  return std::nullopt;
}

std::optional<DataSpec> read_data(const YamlNode& node, const std::string& path, ScenarioContext& context) {
  DataSpec data;
  data.mark = node.mark;
  if (!node.is_list()) {
    const std::optional<Expression> byte = read_expression(node, path, context);
    if (!byte) return std::nullopt;
    data.bytes.push_back(*byte);
    return data;
  }
  if (node.items.empty() || node.items.size() > kMaxPlanes) {
    context.out.error(node.mark, path, fmt::format("a list of {}, expected 1 byte for each target", node.items.size()));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::optional<Expression> byte = read_expression(node.items[i], item_path(path, i), context);
    data.bytes.push_back(byte.value_or(Expression()));
  }
  return data;
}

}  // namespace nandtlm
