// The program nandtlm.
#include <cstdlib>
#include <systemc>

#include "testbench/cli/commands.h"

int sc_main(int argc, char* argv[]) {
  return nandtlm::run_command_line(argc, argv);
}

/// Takes the place of the kernel library's main(), which would print a banner first.
int main(int argc, char* argv[]) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", /*overwrite=*/1);
  return sc_core::sc_elab_and_sim(argc, argv);
}
