#include "testbench/check/run_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "testbench/check/checks.h"

namespace nandtlm {
namespace {

using check::Lines;
using check::Run;
using check::RunFiles;

void add_notes(const RunFiles& files, Lines& lines) {
  for (const std::string& note : files.notes) lines.push_back({"note", true, note});
  if (files.rounding.count > 0) {
    lines.push_back(
        {"note", true,
         fmt::format("{} times finer than 1 ps were rounded, first {}", files.rounding.count, files.rounding.first)});
  }
}

void add_file_lines(const RunFiles& files, Lines& lines) {
  const std::size_t rows = files.sequence.size() + files.pieces.size() + files.states.size() + files.events.size() +
                           files.programs.size() + files.resume_errors.size();
  lines.push_back({"files", true, fmt::format("{} well-formed rows", rows)});
  lines.push_back(files.row_order.line("rows by time, then uid"));
  lines.push_back(files.state_rows.line(fmt::format("{} states: duration is end - start", files.states.size())));
}

}  // namespace

bool CheckReport::pass() const {
  return input_errors.empty() &&
         std::all_of(lines.begin(), lines.end(), [](const RunCheckLine& line) { return line.pass; });
}

CheckReport check_run(const std::string& dir) {
  CheckReport report;
  RunFiles files = check::read_run(dir);
  report.input_errors = std::move(files.errors);
  if (!report.input_errors.empty()) return report;
  add_notes(files, report.lines);
  add_file_lines(files, report.lines);
  Run run = check::make_run(std::move(files));
  check::check_lives(run, report.lines);
  check::mark_effective_commands(run);
  check::check_times(run, report.lines);
  check::check_joins(run, report.lines);
  check::check_commands(run, report.lines);
  check::check_suspension(run, report.lines);
  check::check_resets(run, report.lines);
  check::check_planes(run, report.lines);
  check::check_bus(run, report.lines);
  check::check_programs(run, report.lines);
  check::check_resume_errors(run, report.lines);
  check::check_metrics(run, report.lines);
  return report;
}

int print_report(const CheckReport& report) {
  for (const std::string& error : report.input_errors) fmt::print(stderr, "{}\n", error);
  if (!report.input_errors.empty()) return 2;
  for (const RunCheckLine& line : report.lines) {
    fmt::print("{} {}: {}\n", line.name == "note" ? "    " : (line.pass ? "PASS" : "FAIL"), line.name, line.detail);
  }
  return report.pass() ? 0 : 1;
}

}  // namespace nandtlm
