// The SystemC library asks for it; nothing is simulated here, and the fuzzer brings its own main.
#include <systemc>

int sc_main(int /*argc*/, char** /*argv*/) {
  return 1;
}
