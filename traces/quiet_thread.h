// Threads that hear no signals: those belong to the program's own threads.
#pragma once

#include <pthread.h>
#include <signal.h>

namespace nandtlm {

/// While it lives, threads that this thread makes inherit a mask that lets no signal through.
class QuietThreads {
 public:
  QuietThreads() {
    ::sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~QuietThreads() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  QuietThreads(const QuietThreads&) = delete;
  QuietThreads& operator=(const QuietThreads&) = delete;

 private:
  ::sigset_t before_{};
};

}  // namespace nandtlm
