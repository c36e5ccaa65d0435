// A small call that stays where it is kept: std::function without memory of its own.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

namespace nandtlm {

/// Holds a callable of `Room` bytes at most whose parts are plain values, and can be copied as one.
template <std::size_t Room>
class InlineCall {
 public:
  template <typename F>
  explicit InlineCall(const F& call) {
    static_assert(sizeof(F) <= Room && alignof(F) <= alignof(std::max_align_t), "too much is captured");
    static_assert(std::is_trivially_copyable_v<F>, "what is captured must be plain values");
    new (call_) F(call);
    run_ = [](void* kept) { (*static_cast<F*>(kept))(); };
  }
  void operator()() { run_(call_); }

 private:
  alignas(std::max_align_t) unsigned char call_[Room];
  void (*run_)(void*);
};

}  // namespace nandtlm
