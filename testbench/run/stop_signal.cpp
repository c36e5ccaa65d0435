#include "testbench/run/stop_signal.h"

namespace nandtlm {
namespace {

// A signal handler reaches nothing else.
volatile std::sig_atomic_t g_received = 0;

void note_signal(int /*number*/) {
  g_received = 1;
}

}  // namespace

StopSignal::StopSignal() {
  g_received = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGXFSZ, &action, &old_file_size_);
}

StopSignal::~StopSignal() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
  sigaction(SIGXFSZ, &old_file_size_, nullptr);
}

bool StopSignal::received() const {
  return g_received != 0;
}

}  // namespace nandtlm
