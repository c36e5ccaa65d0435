// One entry for each reader of files: what the fuzzers call, and the test that feeds their corpus.
#pragma once

#include <string>
#include <string_view>

namespace nandtlm::fuzz {

/// Reads `text` and judges what comes back: a reader never crashes or hangs, and says what is wrong in errors of one
/// line with a position (CFG-04). Returns what is wrong with the answer, empty where it is right.
std::string judge_device(std::string_view text);
std::string judge_scenario(std::string_view text);
std::string judge_sequence(std::string_view text);
/// For the checker: the files of a run in one text, each behind a line "=== NAME".
std::string judge_run(std::string_view text);

/// Prints a problem and aborts, as a fuzzer wants it.
void expect_none(const std::string& problem);

}  // namespace nandtlm::fuzz
