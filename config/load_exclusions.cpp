// exclusion_groups and the exclusions_by_* tables (RES-07).
#include <fmt/format.h>

#include <array>

#include "config/device_sections.h"
#include "config/effects_yaml.h"
#include "config/set_expression.h"

namespace nandtlm {
namespace {

// A fixed key of a table and the set that it fills.
struct TableEntry {
  const char* key;
  BaseSet* set;
};

template <std::size_t N>
void read_table(MapReader& root, const char* section, const std::array<TableEntry, N>& entries, SetExpressions& sets,
                Diagnostics& out) {
  const YamlNode* node = root.find(section);
  if (node == nullptr) return;
  MapReader map(*node, section, out);
  for (const TableEntry& entry : entries) {
    const YamlNode* value = map.find(entry.key);
    if (value != nullptr) *entry.set = sets.evaluate(*value, map.path_of(entry.key));
  }
  map.reject_unknown();
}

// The set that a key `BASE.STATE` or `BASE.END` fills; nullptr and an error where it is neither.
BaseSet* op_state_set(const YamlEntry& entry, const std::string& path, LoadContext& context) {
  const std::size_t point = entry.key.rfind('.');
  const auto refuse = [&](std::string what) {
    context.out.error(entry.key_mark, path, std::move(what));
    return nullptr;
  };
  if (point == std::string::npos) return refuse("not an op state, expected BASE.STATE or BASE.END");
  const std::string base_name = entry.key.substr(0, point);
  const std::string state_word = entry.key.substr(point + 1);
  const std::optional<std::size_t> base = context.bases.find(base_name);
  if (!base) return refuse(fmt::format("unknown base '{}', expected a key of 'op_bases'", base_name));
  Exclusions& exclusions = context.device.exclusions;
  if (equal_ignoring_case(state_word, "END")) return &exclusions.by_end[*base];
  const std::optional<State> state = state_from_word(state_word);
  if (state) return &exclusions.by_op_state[*base][static_cast<std::size_t>(*state)];
  return refuse(fmt::format("unknown state '{}', expected ISSUE, CORE_BUSY, DATA_IN, DATA_OUT or END", state_word));
}

void read_by_op_state(MapReader& root, SetExpressions& sets, LoadContext& context) {
  Exclusions& exclusions = context.device.exclusions;
  exclusions.by_op_state.resize(context.device.bases.size());
  exclusions.by_end.resize(context.device.bases.size());
  constexpr const char* kSection = "exclusions_by_op_state";
  const YamlNode* node = root.find(kSection);
  if (node == nullptr || !expect_map(*node, kSection, context.out)) return;
  for (const YamlEntry& entry : node->entries) {
    const std::string path = join_path(kSection, entry.key);
    BaseSet* set = op_state_set(entry, path, context);
    const BaseSet bases = sets.evaluate(entry.value, path);
    if (set != nullptr) *set |= bases;  // a state may stand there under two names
  }
}

}  // namespace

void read_exclusions(MapReader& root, LoadContext& context) {
  SetExpressions sets(root.find("exclusion_groups"), context);
  sets.resolve_groups();
  read_by_op_state(root, sets, context);
  Exclusions& tables = context.device.exclusions;
  auto& program = tables.by_suspend[static_cast<std::size_t>(Family::Program)];
  auto& erase = tables.by_suspend[static_cast<std::size_t>(Family::Erase)];
  read_table<4>(root, "exclusions_by_latch_state",
                {{{name(Latch::Read), &tables.by_latch[0]},
                  {name(Latch::Lsb), &tables.by_latch[1]},
                  {name(Latch::Csb), &tables.by_latch[2]},
                  {name(Latch::Msb), &tables.by_latch[3]}}},
                sets, context.out);
  read_table<4>(root, "exclusions_by_suspend_state",
                {{{"NOT_ERASE_SUSPENDED", &erase[0]},
                  {"ERASE_SUSPENDED", &erase[1]},
                  {"NOT_PROGRAM_SUSPENDED", &program[0]},
                  {"PROGRAM_SUSPENDED", &program[1]}}},
                sets, context.out);
  read_table<1>(root, "exclusions_by_odt_state", {{{"ODT_DISABLE", &tables.by_odt_disabled}}}, sets, context.out);
  read_table<3>(root, "exclusions_by_cache_state",
                {{{name(Cache::Read), &tables.by_cache[0]},
                  {name(Cache::Program), &tables.by_cache[1]},
                  {name(Cache::OneshotProgram), &tables.by_cache[2]}}},
                sets, context.out);
}

}  // namespace nandtlm
