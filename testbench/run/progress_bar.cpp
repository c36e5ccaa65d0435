#include "testbench/run/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "config/scalars.h"

namespace nandtlm {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{500};  // a short run draws nothing
constexpr milliseconds kPeriod{100};
constexpr int kWidth = 24;

std::string time_left(double done, double elapsed_s) {
  constexpr double kTooEarly = 0.005;
  if (done < kTooEarly) return "";
  const auto left = std::llround(elapsed_s * (1 - done) / done);
  return fmt::format(", {}:{:02} left", left / 60, left % 60);
}

}  // namespace

ProgressBar::ProgressBar() : on_(isatty(STDERR_FILENO) != 0), next_(start_ + kFirst) {}

ProgressBar::~ProgressBar() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressBar::show(double done, Time simulated, std::int64_t ops) {
  const Clock::time_point now = Clock::now();
  next_ = now + kPeriod;
  drawn_ = true;
  done = std::clamp(done, 0.0, 1.0);
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const auto filled = static_cast<std::size_t>(done * kWidth);
  fmt::print(stderr, "\r[{:<{}}] {:3.0f}%  {} us, {:.0f} ops/s{}\x1b[K", std::string(filled, '#'), kWidth, 100 * done,
             us_text(simulated), static_cast<double>(ops) / elapsed_s, time_left(done, elapsed_s));
  std::fflush(stderr);
}

}  // namespace nandtlm
