// Base of the tests that elaborate and simulate.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/kernel_reports.h"

namespace nandtlm {

/// Gives each test a kernel of its own, so that tests also run one after the other in one process: modules that are
/// members of a derived fixture, or locals of the test, are made after the kernel and gone before it.
/// Unexpected kernel reports fail any test (kernel_reports.h); here expect_report() is at hand.
class SystemCTest : public ::testing::Test {
 public:
  SystemCTest(const SystemCTest&) = delete;
  SystemCTest& operator=(const SystemCTest&) = delete;

 protected:
  SystemCTest();
  ~SystemCTest() override;

 private:
  sc_core::sc_simcontext* outer_;
};

}  // namespace nandtlm
