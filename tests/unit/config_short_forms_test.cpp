// CFG-03: set expressions, templates, corrections, latencies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config_test_support.h"

namespace nandtlm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Device device_with(const std::string& more) {
  LoadedDevice loaded = load_text(kMinimalDevice + more);
  EXPECT_THAT(texts(loaded.errors), ElementsAre());
  return loaded.device.value_or(Device{});
}

std::vector<std::string> names_in(const Device& device, const BaseSet& set) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < device.bases.size(); ++i) {
    if (set[i]) names.push_back(device.bases[i].name);
  }
  return names;
}

std::vector<std::string> set_of(const std::string& expression) {
  const Device device = device_with("exclusion_groups:\n  r: [READ]\n  pe: [PROGRAM_SLC, ERASE]\n  x: " + expression);
  return device.groups.size() == 3 ? names_in(device, device.groups[2]) : std::vector<std::string>{};
}

// CFG-03
TEST(ConfigShortForms, SetExpressions) {
  EXPECT_THAT(set_of("[READ, SR]"), ElementsAre("READ", "SR"));
  EXPECT_THAT(set_of("[]"), ElementsAre());
  EXPECT_THAT(set_of("READ"), ElementsAre("READ"));
  EXPECT_THAT(set_of("[r, pe]"), ElementsAre("PROGRAM_SLC", "READ", "ERASE"));
  EXPECT_THAT(set_of("{all_except: [r, pe]}"), ElementsAre("RESET", "SR"));
  EXPECT_THAT(set_of("{all_except: []}"), ElementsAre("PROGRAM_SLC", "READ", "ERASE", "RESET", "SR"));
  EXPECT_THAT(set_of("{union: [r, pe], plus: [SR], minus: [ERASE]}"), ElementsAre("PROGRAM_SLC", "READ", "SR"));
  EXPECT_THAT(set_of("{families: [PROGRAM, ERASE]}"), ElementsAre("PROGRAM_SLC", "ERASE"));
  EXPECT_THAT(set_of("{all_except: {families: [PROGRAM]}, minus: r}"), ElementsAre("ERASE", "RESET", "SR"));
  EXPECT_THAT(set_of("[read, Pe]"), ElementsAre("PROGRAM_SLC", "READ", "ERASE"));
}

// CFG-03, CFG-04
TEST(ConfigShortForms, EmptySetExpression) {
  const LoadedDevice loaded = load_text(kMinimalDevice + "exclusion_groups:\n  x: {minus: READ}\n");
  EXPECT_THAT(texts(loaded.errors),
              ElementsAre("d.yaml:17:6: exclusion_groups.x: the set is made of nothing, expected all_except, union, "
                          "families or plus"));
}

// CFG-03, RES-07
TEST(ConfigShortForms, TablesTakeExpressions) {
  const Device device = device_with(
      "exclusion_groups: {busy: {all_except: [SR]}}\n"
      "exclusions_by_op_state: {READ.CORE_BUSY: [busy], READ.DOUT: READ, READ.END: {union: busy, minus: READ}}\n"
      "exclusions_by_suspend_state: {PROGRAM_SUSPENDED: busy}\n");
  const std::size_t read = index(*device.find_base("READ"));
  const auto& states = device.exclusions.by_op_state[read];
  EXPECT_EQ(states[static_cast<std::size_t>(State::CoreBusy)], device.groups[0]);
  EXPECT_THAT(names_in(device, states[static_cast<std::size_t>(State::DataOut)]), ElementsAre("READ"));
  EXPECT_THAT(names_in(device, device.exclusions.by_end[read]), ElementsAre("PROGRAM_SLC", "ERASE", "RESET"));
  EXPECT_EQ(device.exclusions.by_suspend[0][1], device.groups[0]);
  EXPECT_TRUE(device.exclusions.by_suspend[1][1].none());
}

constexpr const char* kTemplates = R"(latencies: {read.lsb: 35, read.csb: 50}
op_axes:
  page: {LSB: {celltype: TLC, sub_page: 0}, CSB: {celltype: TLC, sub_page: 1}}
  speed: {"": 0, _Fast: 0.025}
  mp: {"": {}, _Multi: {multi: true, durations: {ISSUE: 3.465}}}
op_templates:
  - {name: "R{mp}_{page}{speed}", base: READ, durations: {CORE_BUSY: "read.{page}"}}
  - {name: "Program_{cell}", base: PROGRAM_SLC, axes: {cell: [SLC, TLC]}}
)";

// CFG-03
TEST(ConfigShortForms, Templates) {
  const Device device = device_with(kTemplates);
  std::vector<std::string> names;
  for (const OpSpec& op : device.ops) names.push_back(op.name);
  EXPECT_THAT(
      names, ElementsAre("R_LSB", "R_LSB_Fast", "R_CSB", "R_CSB_Fast", "R_Multi_LSB", "R_Multi_LSB_Fast", "R_Multi_CSB",
                         "R_Multi_CSB_Fast", "Program_SLC", "Program_TLC", "Page_Program_SLC", "Read_SLC"));
  const OpSpec& op = device.op(*device.find_op("R_Multi_CSB_Fast"));
  EXPECT_TRUE(op.multi);
  EXPECT_EQ(op.sub_page, 1);
  EXPECT_EQ(device.celltypes[index(op.celltype)], "TLC");
  EXPECT_EQ(op.issue_time(), 3'490'000);
  EXPECT_EQ(op.steps.at(1).duration, 50'000'000);
  EXPECT_EQ(op.steps.at(2).duration, 6'000'000);
  EXPECT_EQ(op.nominal, 59'490'000);
  const OpSpec& plain = device.op(*device.find_op("R_LSB"));
  EXPECT_EQ(plain.issue_time(), 100'000);
  EXPECT_FALSE(plain.multi);
  EXPECT_EQ(device.celltypes[index(device.op(*device.find_op("Program_TLC")).celltype)], "TLC");
}

// CFG-03: op_names corrects what a template gave; an ISSUE there is the whole ISSUE.
TEST(ConfigShortForms, Corrections) {
  const Device device = device_with(std::string(kTemplates) + "  - {name: Extra, base: SR}\n");
  EXPECT_EQ(device.op(*device.find_op("R_LSB_Fast")).issue_time(), 125'000);
  std::string text = kMinimalDevice + kTemplates;
  text.replace(text.find("  Read_SLC:"), 0, "  R_LSB_Fast: {durations: {ISSUE: 0.2}}\n");
  const LoadedDevice loaded = load_text(text);
  ASSERT_TRUE(loaded.device) << ::testing::PrintToString(texts(loaded.errors));
  const OpSpec& op = loaded.device->op(*loaded.device->find_op("R_LSB_Fast"));
  EXPECT_EQ(op.issue_time(), 200'000);
  EXPECT_EQ(op.steps.at(1).duration, 35'000'000);
  EXPECT_EQ(loaded.device->ops.size(), 12U);
}

// CFG-03
TEST(ConfigShortForms, Except) {
  const Device device = device_with("op_templates:\n  - {name: 'P_{c}', base: SR, axes: {c: [A, B]}, except: [P_A]}\n");
  EXPECT_FALSE(device.find_op("P_A"));
  EXPECT_TRUE(device.find_op("P_B"));
}

std::vector<std::string> template_errors(const std::string& line) {
  return texts(load_text(kMinimalDevice + "op_templates:\n" + line).errors);
}

// CFG-03, CFG-04
TEST(ConfigShortForms, TemplateErrors) {
  EXPECT_THAT(template_errors("  - {name: X, base: SR}\n  - {name: X, base: READ}\n"),
              ElementsAre("d.yaml:18:12: op_templates.X.name: gives 'X' which op_templates.X gives too, expected each "
                          "name once"));
  EXPECT_THAT(template_errors("  - {name: 'X{y}', base: SR}\n"),
              ElementsAre("d.yaml:17:12: op_templates.X{y}.name: unknown axis 'y', expected one of 'axes' or "
                          "'op_axes'"));
  EXPECT_THAT(template_errors("  - {name: 'X{y', base: SR}\n"),
              ElementsAre("d.yaml:17:12: op_templates.X{y.name: a brace has no partner, expected '{axis}'"));
  EXPECT_THAT(template_errors("  - {name: X, base: NOPE}\n"),
              ElementsAre("d.yaml:17:21: op_templates.X.base: unknown base 'NOPE', expected a key of 'op_bases'"));
  EXPECT_THAT(template_errors("  - {base: SR}\n"),
              ElementsAre("d.yaml:17:5: op_templates.name: the key is missing, expected it in this map"));
  EXPECT_THAT(template_errors("  - {name: X, base: SR, except: [Y]}\n"),
              ElementsAre("d.yaml:17:33: op_templates.X.except: the template does not give 'Y', expected a name that "
                          "it gives"));
  EXPECT_THAT(template_errors("  - {name: X, base: SR, durations: {ISSUE: 'l.{z}'}}\n"),
              ElementsAre(HasSubstr("d.yaml:17:44: op_templates.X.durations.ISSUE: 'l.{z}' uses an axis"),
                          HasSubstr("unknown latency")));
  // One mistake of a template is told once, not once per op.
  EXPECT_EQ(template_errors("  - {name: 'X{y}', base: NOPE, axes: {y: [A, B, C]}}\n").size(), 1U);
}

// CFG-04: a wrong figure in the table is told once, where it stands.
TEST(ConfigShortForms, BrokenLatencyToldOnce) {
  std::string text = kMinimalDevice + "latencies: {x: 5q}\n";
  text.replace(text.find("CORE_BUSY: 25"), 13, "CORE_BUSY: x");
  EXPECT_THAT(texts(load_text(text).errors), ElementsAre(HasSubstr("d.yaml:16:16: latencies.x: '5q' has the unknown")));
}

}  // namespace
}  // namespace nandtlm::test
