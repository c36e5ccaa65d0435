#include "testbench/cli/run_command.h"

#include "testbench/cli/command_line.h"
#include "testbench/cli/messages.h"
#include "testbench/run/run_driver.h"

namespace nandtlm {

int run_run(const RunOptions& options) {
  const Preparation preparation = prepare_run(options);
  print_messages(preparation.errors, preparation.warnings);
  if (!preparation.run) return kExitBadInput;
  switch (execute_run(*preparation.run)) {
    case RunResult::Passed:
      return kExitOk;
    case RunResult::Failed:
      return kExitFailed;
    case RunResult::BadInput:
      break;
  }
  return kExitBadInput;
}

}  // namespace nandtlm
