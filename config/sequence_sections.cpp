#include "config/sequence_sections.h"

#include <fmt/format.h>

#include <map>

#include "config/read_generator_settings.h"
#include "config/yaml_reader.h"

namespace nandtlm {
namespace {

class SequenceReader {
 public:
  SequenceReader(const Device& device, Diagnostics& out) : device_(device), out_(out) {}

  /// `generate_seq_rules`.
  void read_rules(const YamlNode& node) {
    for (const YamlEntry& entry : node.entries) {
      const std::string path = join_path("generate_seq_rules", entry.key);
      std::vector<SequenceStep>& steps = rules_[upper(entry.key)];
      if (const YamlNode* list = entry.value.find("sequences")) {
        for_each_pair(*list, [&](const YamlEntry& step) { read_step(step, path + ".sequences", steps); });
      }
      if (const YamlNode* weights = entry.value.find("name_weights")) {
        if (weights->is_map()) read_name_weights(*weights, path + ".name_weights", steps);
      }
    }
  }

  /// `op_bases.X.sequence`.
  std::vector<SequenceChoice> read_choices(const YamlNode& node, const std::string& path) {
    std::map<std::string, Inherit> inherited;
    MapReader map(node, path, out_);
    if (const YamlNode* inherit = map.find("inherit")) {
      for_each_pair(*inherit, [&](const YamlEntry& entry) {
        inherited[upper(entry.key)] = read_inherit(entry.value, join_path(path + ".inherit", entry.key));
      });
    }
    std::vector<SequenceChoice> choices;
    if (const YamlNode* probs = map.find("probs")) {
      for_each_pair(*probs, [&](const YamlEntry& entry) {
        const std::string key = join_path(path + ".probs", entry.key);
        SequenceChoice choice;
        choice.weight = read_weight(entry.value, key, out_).value_or(0);
        if (read_target(entry, key, inherited, choice.steps)) choices.push_back(std::move(choice));
      });
    }
    map.reject_unknown();
    return choices;
  }

 private:
  /// Lists of one-key maps, and plain maps.
  template <typename F>
  void for_each_pair(const YamlNode& node, F&& f) {
    for (const YamlEntry& entry : node.entries) f(entry);
    for (const YamlNode& item : node.items) {
      for (const YamlEntry& entry : item.entries) f(entry);
    }
  }

  /// What a key of `probs` stands for: nothing, one op, or a rule.
  bool read_target(const YamlEntry& entry, const std::string& path, const std::map<std::string, Inherit>& inherited,
                   std::vector<SequenceStep>& steps) {
    const std::string key = upper(entry.key);
    if (key == "NONE") return true;
    const auto found = inherited.find(key);
    const Inherit inherit = found == inherited.end() ? Inherit() : found->second;
    if (const auto rule = rules_.find(key); rule != rules_.end()) {
      steps = rule->second;
      if (!steps.empty()) merge(inherit, steps.front().inherit);
      return true;
    }
    if (const std::optional<BaseId> base = find_base_of_any_case(device_, key)) {
      steps.push_back(SequenceStep{*base, inherit, {}});
      return true;
    }
    out_.error(entry.key_mark, path,
               fmt::format("'{}' is unknown, expected NONE, a base or a rule of generate_seq_rules", entry.key));
    return false;
  }

  static void merge(const Inherit& from, Inherit& to) {
    if (to.page == Inherit::Page::Fresh) to.page = from.page;
    to.celltype = to.celltype || from.celltype;
    to.multi = to.multi || from.multi;
    to.is_register = to.is_register || from.is_register;
  }

  void read_step(const YamlEntry& entry, const std::string& path, std::vector<SequenceStep>& steps) {
    const std::string key = join_path(path, entry.key);
    const std::optional<BaseId> base = find_base_of_any_case(device_, entry.key);
    if (!base) {
      out_.error(entry.key_mark, key, fmt::format("'{}' is unknown, expected a base", entry.key));
      return;
    }
    steps.push_back(SequenceStep{*base, read_inherit(entry.value, key), {}});
  }

  Inherit read_inherit(const YamlNode& node, const std::string& path) {
    Inherit inherit;
    const YamlNode* page_word = nullptr;
    const auto set_page = [&](Inherit::Page page, const YamlNode& word) {
      if (page_word != nullptr && inherit.page != page) {
        out_.error(word.mark, path,
                   fmt::format("'{}' contradicts '{}', expected one of them", word.text, page_word->text));
      }
      page_word = &word;
      inherit.page = page;
    };
    if (!node.is_null() && !expect_list(node, path, out_)) return inherit;
    for (const YamlNode& word : node.items) read_word(word, path, inherit, set_page);
    return inherit;
  }

  template <typename SetPage>
  void read_word(const YamlNode& word, const std::string& path, Inherit& inherit, SetPage&& set_page) {
    enum class Word : std::uint8_t { None, Same, Next, Previous, Program, Suspended, Celltype, Multi, Plane, Register };
    static constexpr std::array<Choice<Word>, 10> kWords = {{{"none", Word::None},
                                                             {"same_page", Word::Same},
                                                             {"inc_page", Word::Next},
                                                             {"prev_page", Word::Previous},
                                                             {"pgm_same_page", Word::Program},
                                                             {"same_page_from_program_suspend", Word::Suspended},
                                                             {"same_celltype", Word::Celltype},
                                                             {"multi", Word::Multi},
                                                             {"same_plane", Word::Plane},
                                                             {"same_reg", Word::Register}}};
    const std::optional<Word> kind = read_choice(word, path, out_, kWords);
    if (!kind) return;
    switch (*kind) {
      case Word::Celltype:
        inherit.celltype = true;
        return;
      case Word::Multi:
        inherit.multi = true;
        return;
      case Word::Plane:
        return;  // a sequence stays on its plane
      case Word::Register:
        inherit.is_register = true;
        return;
      case Word::None:
        return set_page(Inherit::Page::Fresh, word);
      case Word::Same:
        return set_page(Inherit::Page::Same, word);
      case Word::Next:
        return set_page(Inherit::Page::Next, word);
      case Word::Previous:
        return set_page(Inherit::Page::Previous, word);
      case Word::Program:
        return set_page(Inherit::Page::SameProgram, word);
      case Word::Suspended:
        return set_page(Inherit::Page::Suspended, word);
    }
  }

  void read_name_weights(const YamlNode& node, const std::string& path, std::vector<SequenceStep>& steps) {
    for (const YamlEntry& of_base : node.entries) {
      const std::string base_path = join_path(path, of_base.key);
      const std::optional<BaseId> base = find_base_of_any_case(device_, of_base.key);
      if (!base) {
        out_.error(of_base.key_mark, base_path, fmt::format("'{}' is unknown, expected a base", of_base.key));
        continue;
      }
      for (const YamlEntry& entry : of_base.value.entries) {
        const std::string key = join_path(base_path, entry.key);
        const std::optional<OpId> op = device_.find_op(entry.key);
        const std::optional<std::uint64_t> weight = read_weight(entry.value, key, out_);
        if (!op || device_.op(*op).base != *base) {
          out_.error(entry.key_mark, key, fmt::format("'{}' is unknown, expected an op of {}", entry.key, of_base.key));
        } else if (weight) {
          for (SequenceStep& step : steps) {
            if (step.base == *base) step.name_weights.emplace_back(*op, *weight);
          }
        }
      }
    }
  }

  const Device& device_;
  Diagnostics& out_;
  std::map<std::string, std::vector<SequenceStep>> rules_;
};

}  // namespace

std::optional<BaseId> find_base_of_any_case(const Device& device, const std::string& name) {
  if (const auto exact = device.find_base(name)) return exact;
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    if (equal_ignoring_case(device.bases[i].name, name)) return BaseId(i);
  }
  return std::nullopt;
}

std::vector<std::vector<SequenceChoice>> read_sequences(const YamlNode& tree, const Device& device, Diagnostics& out) {
  std::vector<std::vector<SequenceChoice>> sequences(device.bases.size());
  SequenceReader reader(device, out);
  if (const YamlNode* rules = tree.find("generate_seq_rules")) reader.read_rules(*rules);
  const YamlNode* bases = tree.find("op_bases");
  if (bases == nullptr) return sequences;
  for (const YamlEntry& entry : bases->entries) {
    const YamlNode* sequence = entry.value.find("sequence");
    const std::optional<BaseId> base = find_base_of_any_case(device, entry.key);
    if (sequence == nullptr || sequence->is_null() || !base) continue;
    sequences[index(*base)] = reader.read_choices(*sequence, "op_bases." + entry.key + ".sequence");
  }
  return sequences;
}

}  // namespace nandtlm
