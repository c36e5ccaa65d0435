#include "traces/trace_thread.h"

#include <exception>
#include <utility>

namespace nandtlm {

TraceThread::TraceThread(std::function<void()> on_error)
    : worker_(kBlockBytes, [this, on_error = std::move(on_error)](const char* begin, const char* end) {
        try {
          player_.play(begin, end);
        } catch (...) {
          if (on_error) on_error();
          throw;
        }
      }) {
  begin_block();
}

TraceThread::~TraceThread() {
  hand_over();
}

void TraceThread::drain() {
  hand_over();
  worker_.drain();
}

void TraceThread::finish(Time at) {
  drain();
  std::exception_ptr first;
  for (TraceSink* const sink : player_.sinks()) {
    try {
      sink->finish(at);
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

void TraceThread::hand_over() {
  if (out_ == worker_.begin()) return;
  worker_.hand_over(out_);
  begin_block();
}

void TraceThread::begin_block() {
  out_ = worker_.begin();
  last_ = worker_.end() - CallPlayer::kMaxCall;
}

}  // namespace nandtlm
