// Plays one case of the suspend sweep after the other on one package, and compares what happens with the script.
#pragma once

#include <string>

#include "tests/support/scheduler_bench.h"
#include "tests/sweeps/suspend_case.h"

namespace nandtlm::test {

/// What the end of an op changes (SUS-13): its block, latches and cache states; the latches of reads apart.
struct ArrayView {
  BlockState block;
  DieFlags flags;
};

class SweepBench {
 public:
  explicit SweepBench(const std::shared_ptr<const Device>& device);

  /// Any difference fails the test and names the case.
  void play(const SuspendCase& one);
  std::size_t played() const { return static_cast<std::size_t>(played_); }
  std::size_t differences() const { return differences_; }
  /// MET-02, and nothing is live any more.
  void expect_clean();

 private:
  void play_setup(const std::vector<Act>& acts);
  Uid outer_erase(const SuspendCase& one) const;
  std::string play_script(const SuspendCase& one, const Script& script);
  std::string play_act(const Act& act, std::vector<Uid>& uids);
  std::string look_at_array(const SuspendCase& one, const Script& script, const ArrayView& before);
  std::string resume_outer(const SuspendCase& one);
  std::string compare(const Script& script, const std::vector<std::vector<Uid>>& uids) const;
  std::string compare_story(const OpStory& story, Uid uid) const;
  /// The block as it is now, the flags as of `flags_at` (they change at the instant, before what happens in it).
  ArrayView view(const SuspendCase& one, Time flags_at);
  void forget();

  std::shared_ptr<const Device> device_;
  SchedulerBench bench_;
  std::vector<bool> has_page_;  ///< by die
  std::int32_t played_ = 0;
  std::size_t differences_ = 0;
};

}  // namespace nandtlm::test
