// What the SystemC kernel and the modules report while a test runs: a warning that nobody expects fails the test.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include <systemc>

namespace nandtlm {

/// The running test must cause a report of this severity (SC_WARNING or worse) and message type, once or more often.
/// An SC_ERROR is thrown as sc_report all the same. Expectations end with the test.
void expect_report(sc_core::sc_severity severity, const std::string& msg_type);

/// Installed by test_main.cpp for every test: records warnings and worse, and fails the test at its end for each that
/// was not expected and for each expectation that was not met.
class KernelReports : public ::testing::EmptyTestEventListener {
  void OnTestStart(const ::testing::TestInfo& test) override;
  void OnTestEnd(const ::testing::TestInfo& test) override;
};

}  // namespace nandtlm
