// The checks, in the order of the report. Each returns one line or more; docs/checking.md tells what each means.
#pragma once

#include <vector>

#include "testbench/check/run.h"
#include "testbench/check/run_checker.h"

namespace nandtlm::check {

using Lines = std::vector<RunCheckLine>;

/// `op_start_once`, `op_end_once`, `event_order`: walks the life of every op. Sets Op::life, cut, resumed, legal: comes
/// before all others.
void check_lives(Run& run, Lines& lines);
/// Sets Op::effective of SUSPEND and RESUME ops.
void mark_effective_commands(Run& run);
/// `op_outcome`, `pieces`, `nominal_time`. Sets Run::nominal, and Op::legal to false where an end was lost.
void check_times(Run& run, Lines& lines);
/// `sequence`, `names`, `targets`, `resumed_flag`: the files agree with each other.
void check_joins(const Run& run, Lines& lines);
/// `suspend_command`, `resume_command`.
void check_commands(const Run& run, Lines& lines);
/// `stack_balance`, `stack_order`, `nesting`, `start_while_suspended`, `finish_order`.
void check_suspension(const Run& run, Lines& lines);
/// `resets`.
void check_resets(const Run& run, Lines& lines);
/// `plane_occupancy`, `state_pieces`.
void check_planes(const Run& run, Lines& lines);
/// `bus`.
void check_bus(const Run& run, Lines& lines);
/// `page_programmed`.
void check_programs(const Run& run, Lines& lines);
/// `resume_errors`.
void check_resume_errors(const Run& run, Lines& lines);
/// `metrics`, where the run has a metrics.json.
void check_metrics(const Run& run, Lines& lines);

}  // namespace nandtlm::check
