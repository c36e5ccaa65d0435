// Inputs too large to be kept: what made a reader slow or greedy once, made here. Each must be read or refused in
// seconds, whatever it holds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/fuzz/readers.h"

namespace nandtlm::fuzz {
namespace {

struct LargeInput {
  const char* name;
  std::string (*judge)(std::string_view);
  std::function<std::string()> make;
};

/// `count` lines made of their number.
std::string lines(int count, const std::function<std::string(int)>& line) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i) + "\n";
  return text;
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string million_rounds(const std::string& step) {
  return "steps:\n  - repeat: 1000000\n    steps:\n      - " + step + "\n";
}

const char* const kHeader = "seq,time,op_id,op_name,op_uid,payload\n";

const std::vector<LargeInput> kInputs = {
    {"open_braces", judge_device, [] { return std::string(500'000, '{'); }},
    {"open_question_marks", judge_device, [] { return times(500'000, "? "); }},
    {"anchors", judge_device, [] { return "[" + times(200'000, "&a 1, ") + "1]"; }},
    {"unknown_keys", judge_device, [] { return lines(20'000, [](int i) { return fmt::format("unknown{}: 1", i); }); }},
    {"duplicate_keys", judge_device, [] { return times(50'000, "name: x\n"); }},
    {"one_long_key", judge_device, [] { return "topology: {" + std::string(1'000'000, 'k') + ": 1}\n"; }},
    {"digits", judge_device, [] { return "latencies: {erase: " + std::string(1'000'000, '9') + "}\n"; }},

    {"batch_in_a_million_rounds", judge_scenario,
     [] { return million_rounds("batch: [" + times(10'000, "{op: Reset_LUN}, ") + "{op: Reset_LUN}]"); }},
    {"sum_in_a_million_rounds", judge_scenario,
     [] { return million_rounds("{at: \"" + times(300'000, "1+") + "1\", op: Reset_LUN}"); }},
    {"hints_among_many_steps", judge_scenario,
     [] {
       return "steps:\n" + lines(20'000, [](int i) {
                return fmt::format("  - {{name: step{}, after: stap{}.end, op: Reset_LUN}}", i, i);
              });
     }},
    {"hints_among_many_targets", judge_scenario,
     [] {
       return "targets:\n" + lines(20'000, [](int i) { return fmt::format("  t{}: {{block: 4}}", i); }) + "steps:\n" +
              lines(20'000, [](int i) { return fmt::format("  - {{op: Reset_LUN, target: q{}}}", i); });
     }},
    {"hints_among_many_ops", judge_scenario,
     [] { return "steps:\n" + lines(20'000, [](int i) { return fmt::format("  - {{op: Resat_LUN{}}}", i); }); }},
    {"chain_of_steps", judge_scenario,
     [] {
       return "steps:\n  - {name: s0, at: 0, op: Reset_LUN}\n" + lines(20'000, [](int i) {
                return fmt::format("  - {{name: s{}, after: s{}.end, op: Reset_LUN}}", i + 1, i);
              });
     }},

    {"deep_payload", judge_sequence,
     [] { return std::string(kHeader) + "0,0,0,Reset_LUN,1,\"" + std::string(1'000'000, '[') + "\"\n"; }},
    {"row_without_end", judge_sequence, [] { return kHeader + std::string(5'000'000, '0'); }},
    {"columns", judge_sequence, [] { return std::string(1'000'000, ',') + "\n"; }},
    {"wrong_rows", judge_sequence, [] { return kHeader + times(200'000, "x,x,x,x,x,x\n"); }},
    {"long_number", judge_sequence,
     [] { return kHeader + ("0," + std::string(1'000'000, '9')) + ",0,Reset_LUN,1,[]\n"; }},
};

void PrintTo(const LargeInput& input, std::ostream* out) {
  *out << input.name;
}

class LargeInputs : public testing::TestWithParam<LargeInput> {};

// CFG-04
TEST_P(LargeInputs, AreReadOrRefusedSoon) {
  constexpr std::chrono::seconds kSoon(20);  // under sanitizers and on a busy machine
  const std::string text = GetParam().make();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(GetParam().judge(text), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kSoon);
}

INSTANTIATE_TEST_SUITE_P(Readers, LargeInputs, testing::ValuesIn(kInputs),
                         [](const auto& input) { return std::string(input.param.name); });

}  // namespace
}  // namespace nandtlm::fuzz
