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
  for (std::size_t i = 0; i < kStopping.size(); ++i) {
    sigaction(kStopping[i], &action, &old_[i]);
    // Whoever started this wants it to go on (nohup, a job in the background of a script).
    if (old_[i].sa_handler == SIG_IGN) sigaction(kStopping[i], &old_[i], nullptr);
  }
  action.sa_handler = SIG_IGN;
  action.sa_flags = 0;
  sigaction(SIGXFSZ, &action, &old_file_size_);
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < kStopping.size(); ++i) sigaction(kStopping[i], &old_[i], nullptr);
  sigaction(SIGXFSZ, &old_file_size_, nullptr);
}

bool StopSignal::received() const {
  return g_received != 0;
}

}  // namespace nandtlm
