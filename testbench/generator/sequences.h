// How an op goes on: the device's sequences, and what follows from the effects where it names none (GEN-01).
#pragma once

#include <vector>

#include "config/generation.h"
#include "testbench/generator/alias_table.h"

namespace nandtlm {

/// The ways on from each base, ready to be drawn.
class Sequences {
 public:
  /// `every_way`: what the device weighs 0, and what its effects permit beside it, comes too, now and then: a run that
  /// is to reach every legal combination needs it.
  Sequences(const Device& device, const Generation& generation, bool every_way);

  /// nullptr: an op of this base stands alone this time.
  const std::vector<SequenceStep>* draw(BaseId base, Rng& rng) const;

  /// Ops of a base.
  const std::vector<OpId>& ops_of(BaseId base) const { return ops_of_[index(base)]; }

 private:
  struct Ways {
    std::vector<SequenceChoice> choices;
    AliasTable table;
  };

  void derive(BaseId base, std::vector<SequenceChoice>& choices) const;
  void derive_read(const OpBase& base, std::vector<SequenceChoice>& choices) const;
  void derive_cache_read(BaseId id, std::vector<SequenceChoice>& choices) const;
  void derive_cache_program(BaseId id, std::vector<SequenceChoice>& choices) const;
  void derive_oneshot(const OpBase& base, std::vector<SequenceChoice>& choices) const;
  /// Bases that the predicate takes and that have ops.
  template <typename Predicate>
  std::vector<BaseId> bases_where(Predicate&& predicate) const;
  std::vector<BaseId> data_outs_of(const OpBase& base) const;

  const Device& device_;
  std::vector<std::vector<OpId>> ops_of_;
  std::vector<Ways> ways_;  ///< [base]
};

}  // namespace nandtlm
