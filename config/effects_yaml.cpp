#include "config/effects_yaml.h"

#include <fmt/format.h>

#include <algorithm>

namespace nandtlm {
namespace {

constexpr std::array<Choice<Action>, 12> kActionWords = {{{"none", Action::None},
                                                          {"read", Action::Read},
                                                          {"program", Action::Program},
                                                          {"erase", Action::Erase},
                                                          {"data_out", Action::DataOut},
                                                          {"status", Action::Status},
                                                          {"suspend", Action::Suspend},
                                                          {"resume", Action::Resume},
                                                          {"reset_die", Action::ResetDie},
                                                          {"reset_all", Action::ResetAll},
                                                          {"odt_off", Action::OdtOff},
                                                          {"odt_on", Action::OdtOn}}};
constexpr std::array<Choice<Oneshot>, 5> kOneshotWords = {{{"none", Oneshot::No},
                                                           {"lsb", Oneshot::Lsb},
                                                           {"csb", Oneshot::Csb},
                                                           {"msb", Oneshot::Msb},
                                                           {"last", Oneshot::Last}}};
constexpr std::array<Choice<Latch>, kLatches> kLatchWords = {
    {{"read", Latch::Read}, {"lsb", Latch::Lsb}, {"csb", Latch::Csb}, {"msb", Latch::Msb}}};
constexpr std::array<Choice<Cache>, kCaches> kCacheWords = {
    {{"read", Cache::Read}, {"program", Cache::Program}, {"oneshot_program", Cache::OneshotProgram}}};
constexpr std::array<Choice<State>, 6> kStateWords = {{{"ISSUE", State::Issue},
                                                       {"CORE_BUSY", State::CoreBusy},
                                                       {"DATA_IN", State::DataIn},
                                                       {"DATA_OUT", State::DataOut},
                                                       {"DATAIN", State::DataIn},
                                                       {"DOUT", State::DataOut}}};

template <typename T, std::size_t N>
void read_word(MapReader& map, Diagnostics& out, const char* key, const std::array<Choice<T>, N>& words, T& value) {
  const YamlNode* node = map.find(key);
  if (node != nullptr) value = read_choice(*node, map.path_of(key), out, words).value_or(value);
}

template <typename T, std::size_t N>
void read_mask(MapReader& map, Diagnostics& out, const char* key, const std::array<Choice<T>, N>& words,
               std::uint8_t& mask) {
  const YamlNode* node = map.find(key);
  if (node == nullptr || !expect_list(*node, map.path_of(key), out)) return;
  unsigned bits = 0;
  for (const YamlNode& item : node->items) {
    const std::optional<T> value = read_choice(item, map.path_of(key), out, words);
    if (value) bits |= 1U << static_cast<unsigned>(*value);
  }
  mask = static_cast<std::uint8_t>(bits);
}

template <typename T, std::size_t N>
std::string_view word_of(const std::array<Choice<T>, N>& words, T value) {
  return std::find_if(words.begin(), words.end(), [&](const Choice<T>& c) { return c.value == value; })->word;
}

template <typename T, std::size_t N>
std::string mask_text(const std::array<Choice<T>, N>& words, unsigned mask) {
  std::vector<std::string_view> set;
  for (const Choice<T>& choice : words) {
    if ((mask >> static_cast<unsigned>(choice.value) & 1U) != 0) set.push_back(choice.word);
  }
  return fmt::format("[{}]", fmt::join(set, ", "));
}

}  // namespace

std::optional<State> state_from_word(std::string_view word) {
  for (const Choice<State>& choice : kStateWords) {
    if (equal_ignoring_case(choice.word, word)) return choice.value;
  }
  return std::nullopt;
}

void read_effects(const YamlNode& node, const std::string& path, Diagnostics& out, Effects& effects) {
  MapReader map(node, path, out);
  read_word(map, out, "action", kActionWords, effects.action);
  read_word(map, out, "controls", kFamilyWords, effects.controls);
  read_mask(map, out, "latch_set", kLatchWords, effects.latch_set);
  read_mask(map, out, "latch_clear", kLatchWords, effects.latch_clear);
  read_mask(map, out, "cache_begin", kCacheWords, effects.cache_begin);
  read_mask(map, out, "cache_end", kCacheWords, effects.cache_end);
  read_word(map, out, "oneshot", kOneshotWords, effects.oneshot);
  map.read("whole_block", effects.whole_block);
  map.read("copyback", effects.copyback);
  map.read("reads_suspended", effects.reads_suspended);
  map.read("needs_target", effects.needs_target);
  map.reject_unknown();
}

std::string effects_text(const Effects& effects) {
  return fmt::format(
      "{{action: {}, controls: {}, latch_set: {}, latch_clear: {}, cache_begin: {}, cache_end: {}, oneshot: {}, "
      "whole_block: {}, copyback: {}, reads_suspended: {}, needs_target: {}}}",
      word_of(kActionWords, effects.action), word_of(kFamilyWords, effects.controls),
      mask_text(kLatchWords, effects.latch_set), mask_text(kLatchWords, effects.latch_clear),
      mask_text(kCacheWords, effects.cache_begin), mask_text(kCacheWords, effects.cache_end),
      word_of(kOneshotWords, effects.oneshot), effects.whole_block, effects.copyback, effects.reads_suspended,
      effects.needs_target);
}

bool same_effects(const Effects& a, const Effects& b) {
  return effects_text(a) == effects_text(b);
}

std::string payload_text(const std::vector<PayloadKey>& payload) {
  std::vector<std::string_view> words;
  words.reserve(payload.size());
  for (const PayloadKey key : payload) words.push_back(word_of(kPayloadWords, key));
  return fmt::format("[{}]", fmt::join(words, ", "));
}

}  // namespace nandtlm
