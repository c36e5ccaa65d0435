#include "testbench/run/kernel_reports.h"

#include <fmt/format.h>

#include <cstdio>
#include <systemc>

namespace nandtlm {
namespace {

void in_one_line(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  if (report.get_severity() >= sc_core::SC_ERROR) {
    sc_core::sc_report_handler::default_handler(report, sc_core::SC_THROW);
    return;
  }
  if ((actions & sc_core::SC_DISPLAY) == 0) return;
  const char* severity = report.get_severity() == sc_core::SC_WARNING ? "warning" : "note";
  fmt::print(stderr, "nandtlm: {}: {}: {}\n", severity, report.get_msg_type(), report.get_msg());
}

}  // namespace

void report_kernel_messages_in_lines() {
  sc_core::sc_report_handler::set_handler(in_one_line);
}

}  // namespace nandtlm
