// Base of the tests that elaborate and simulate.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/kernel_reports.h"

namespace nandtlm {

/// A kernel of its own for the modules that are made after it and gone before it.
class OwnKernel {
 public:
  OwnKernel();
  ~OwnKernel();
  OwnKernel(const OwnKernel&) = delete;
  OwnKernel& operator=(const OwnKernel&) = delete;

 private:
  sc_core::sc_simcontext* outer_;
};

/// Gives each test a kernel of its own, so that tests also run one after the other in one process: modules that are
/// members of a derived fixture, or locals of the test, are made after the kernel and gone before it.
/// Unexpected kernel reports fail any test (kernel_reports.h); here expect_report() is at hand.
class SystemCTest : public ::testing::Test {
 private:
  OwnKernel kernel_;
};

}  // namespace nandtlm
