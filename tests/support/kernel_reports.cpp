#include "tests/support/kernel_reports.h"

#include <algorithm>
#include <ostream>
#include <vector>

namespace nandtlm {
namespace {

struct Report {
  sc_core::sc_severity severity;
  std::string type;
  std::string text;
};

bool same(const Report& a, const Report& b) {
  return a.severity == b.severity && a.type == b.type;
}

bool contains(const std::vector<Report>& reports, const Report& wanted) {
  return std::any_of(reports.begin(), reports.end(), [&](const Report& report) { return same(report, wanted); });
}

std::ostream& operator<<(std::ostream& out, const Report& report) {
  constexpr const char* kNames[] = {"info", "warning", "error", "fatal"};
  return out << "SystemC " << kNames[report.severity] << " '" << report.type << "' " << report.text;
}

// The kernel's handler is a plain function: what it writes to must be global. One test runs at a time.
std::vector<Report>& seen() {
  static std::vector<Report> reports;
  return reports;
}
std::vector<Report>& expected() {
  static std::vector<Report> reports;
  return reports;
}

void record(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  sc_core::sc_actions still_to_do = actions;
  if (report.get_severity() >= sc_core::SC_WARNING) {
    seen().push_back({report.get_severity(), report.get_msg_type(), report.get_msg()});
    if (contains(expected(), seen().back())) still_to_do &= ~static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY);
  }
  sc_core::sc_report_handler::default_handler(report, still_to_do);
}

}  // namespace

void expect_report(sc_core::sc_severity severity, const std::string& msg_type) {
  expected().push_back({severity, msg_type, ""});
}

void KernelReports::OnTestStart(const ::testing::TestInfo& /*test*/) {
  seen().clear();
  expected().clear();
  sc_core::sc_report_handler::set_handler(record);
}

void KernelReports::OnTestEnd(const ::testing::TestInfo& /*test*/) {
  sc_core::sc_report_handler::set_handler(nullptr);
  for (const Report& report : seen()) {
    if (!contains(expected(), report)) ADD_FAILURE() << "unexpected " << report;
  }
  for (const Report& report : expected()) {
    if (!contains(seen(), report)) ADD_FAILURE() << "expected, but never came: " << report;
  }
}

}  // namespace nandtlm
