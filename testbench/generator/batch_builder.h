// Grows a batch from its first op by the inheritance rules (GEN-01).
#pragma once

#include <optional>
#include <vector>

#include "model/die/verdict.h"
#include "model/request.h"
#include "testbench/generator/address_manager.h"
#include "testbench/generator/sequences.h"

namespace nandtlm {

/// The batch in the making; its storage is reused from one proposal to the next.
struct Batch {
  std::vector<Request> requests;
  std::optional<Verdict> first;  ///< what the die answered to the first request, where it was asked
  void clear() {
    requests.clear();
    first.reset();
  }
};

class BatchBuilder {
 public:
  BatchBuilder(const Device& device, const Generation& generation, const Sequences& sequences)
      : device_(device), generation_(generation), sequences_(sequences), modes_(device) {}

  /// What the builder asks about the die.
  struct Place {
    std::uint32_t die = 0;
    const AddressManager* addresses = nullptr;
    const TargetList* suspended_program = nullptr;  ///< nullptr: none is suspended
    BaseSet forbidden;                              ///< by what is suspended: no step of a sequence
  };

  /// `batch` holds its first request, whose start is its `not_before`; `steps` are how it goes on. False where a step
  /// finds no legal address or op: then the sequence is not proposed.
  bool grow(const std::vector<SequenceStep>& steps, const Place& place, Rng& rng, Batch& batch) const;

 private:
  struct Walk;

  bool add_steps(const std::vector<SequenceStep>& steps, const Place& place, Rng& rng, Walk& walk) const;
  bool add(const SequenceStep& step, const Place& place, Rng& rng, Walk& walk) const;
  bool choose_op(const SequenceStep& step, const Walk& walk, Rng& rng, OpId& op) const;
  bool choose_targets(const SequenceStep& step, OpId op, const Place& place, Rng& rng, Walk& walk,
                      TargetList& targets) const;
  bool draw_fresh(const SequenceStep& step, OpId op, const Place& place, Rng& rng, Walk& walk,
                  TargetList& targets) const;
  bool next_pages(OpId op, const Place& place, Rng& rng, Walk& walk, TargetList& targets) const;
  static void note_changed(const TargetList& targets, Walk& walk);
  void append(OpId op, const TargetList& targets, const Place& place, Walk& walk) const;

  const Device& device_;
  const Generation& generation_;
  const Sequences& sequences_;
  StorageModes modes_;
};

}  // namespace nandtlm
