// The SystemC library brings main(), which starts the kernel and calls sc_main(): so this stands here and gtest_main is
// not linked. Tests with and without a kernel run alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/kernel_reports.h"

int sc_main(int argc, char** argv) {
  setenv("RC_PARAMS", "seed=1", /*overwrite=*/0);  // the same properties on every run, unless asked otherwise
  ::testing::InitGoogleMock(&argc, argv);
  ::testing::UnitTest::GetInstance()->listeners().Append(new nandtlm::KernelReports);
  return RUN_ALL_TESTS();
}
