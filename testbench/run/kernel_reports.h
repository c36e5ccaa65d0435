// What the SystemC kernel and the modules report, in the manner of a command line.
#pragma once

namespace nandtlm {

/// From now on warnings and notes of the kernel are one line each on stderr, and errors, fatal ones included, are
/// thrown as sc_core::sc_report: nothing aborts the process. Call once, before elaboration.
void report_kernel_messages_in_lines();

}  // namespace nandtlm
