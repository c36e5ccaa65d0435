// Which addresses of one die an op may take now: drawn in constant time, legal when the op starts (EPR-02, EPR-03).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "config/device.h"
#include "config/storage_modes.h"
#include "model/die/address_rules.h"
#include "testbench/generator/index_set.h"
#include "testbench/generator/rng.h"
#include "traces/trace_sink.h"

namespace nandtlm {

/// Knows beside the array (which it asks the die for) what was accepted and is not over: planned, running, suspended
/// and in the backlog. From that it keeps, per plane and per row of blocks, the sets of blocks for every kind of op. A
/// draw promises: if the op is accepted now, it will not be refused for its address, whatever happens to the accepted
/// ops before it short of a reset. It is narrower than the rules where that costs nothing: a block with an op that
/// changes it is not erased, and pages are read once their program has ended.
class AddressManager {
 public:
  /// `rules` is the truth about the array, and outlives this.
  AddressManager(const Device& device, const AddressRules& rules);

  /// An op on this die was accepted, or is over (ended, aborted); the rules have that in already.
  void accepted(const OpInfo& op);
  void over(const OpInfo& op);
  /// A reset took the latches of the one-shot programs that were under way (EPR-04); the rules have that in already.
  void stages_lost();

  /// What an address is wanted for.
  struct Wish {
    OpId op{};
    std::int32_t plane = 0;        ///< of a single-plane op; of a multi-plane op one that is to be in it
    std::uint32_t max_planes = 8;  ///< of a multi-plane op
    PlaneMask exactly = 0;         ///< of a multi-plane op: these planes; 0: any two or more
    const std::vector<std::int32_t>* avoid = nullptr;  ///< blocks that a batch in the making will change already
  };
  /// Replaces `targets`. False where there is no legal address (or, with `exactly` or `avoid`, none was found).
  bool draw(const Wish& wish, Rng& rng, TargetList& targets) const;

  /// True where a page can be read, for addresses that follow from others.
  bool may_read(OpId op, const Target& target) const;
  /// Planes that hold a block for `op` now.
  bool has_any(OpId op, std::int32_t plane) const;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(pending_, of_plane_, row_planes_, of_rows_);
  }

 private:
  using KindMask = std::uint8_t;
  /// How the sets show a block.
  struct Shown {
    KindMask kinds = 0;
    std::uint8_t mode = 0;
    std::int32_t page = 0;  ///< that is programmed next

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(kinds, mode, page);
    }
  };
  /// What was accepted and is not over, of one block.
  struct Pending {
    std::uint16_t changes = 0;  ///< programs and erases
    std::uint16_t erases = 0;
    std::uint16_t reads = 0;
    std::int32_t next_page = 0;   ///< after the accepted programs; meaningless without changes
    Oneshot stage = Oneshot::No;  ///< the same for how far a one-shot program has come
    Shown shown;

    template <typename Archive>
    void transfer(Archive& archive) {
      archive(changes, erases, reads, next_page, stage, shown);
    }
  };
  /// Kinds of blocks. All but the first exist per mode of storing.
  enum class Kind : std::uint8_t { Erase, Program, Fresh, Read, AfterLsb, AfterCsb, AfterMsb };
  static constexpr std::size_t kKinds = 7;
  static constexpr std::size_t kKindsPerMode = kKinds - 1;
  static constexpr KindMask bit(Kind kind) { return static_cast<KindMask>(1U << static_cast<unsigned>(kind)); }
  /// Several planes take the same page; what erases or reads goes together as it is (EPR-02).
  static bool wants_one_page(Kind kind) { return kind != Kind::Erase && kind != Kind::Read; }

  std::size_t category(Kind kind, std::size_t mode) const {
    return kind == Kind::Erase ? 0 : 1 + mode * kKindsPerMode + static_cast<std::size_t>(kind) - 1;
  }
  IndexSet& blocks_of(std::uint32_t plane, std::size_t category) { return of_plane_[plane * categories_ + category]; }
  const IndexSet& blocks_of(std::uint32_t plane, std::size_t category) const {
    return of_plane_[plane * categories_ + category];
  }
  std::size_t mode_of(CellId celltype) const { return modes_.of(celltype); }

  template <typename Read, typename Change>
  void note_blocks(const OpInfo& op, Read&& read, Change&& change);
  void refresh(std::uint32_t block);
  void refresh_erase(std::uint32_t block);
  void show(std::uint32_t block, Kind kind, std::size_t mode, bool in);
  void refresh_row(std::uint32_t row, Kind kind, std::size_t mode);
  std::int32_t next_page(std::uint32_t block) const;
  Oneshot stage_of(std::uint32_t block) const;
  bool may_erase(std::uint32_t block) const;
  KindMask kinds_of(std::uint32_t block) const;
  KindMask kinds_of_erased(std::uint32_t block) const;
  PlaneMask& row_planes(std::size_t category, std::uint32_t row) { return row_planes_[category * rows_ + row]; }
  /// Planes of the row whose blocks are in the category.
  PlaneMask planes_of_row(std::uint32_t row, std::size_t category) const { return row_planes_[category * rows_ + row]; }
  PlaneMask largest_group(std::uint32_t row, PlaneMask planes, Kind kind) const;

  static bool kind_for(const OpBase& base, Kind& kind);
  bool draw_single(const Wish& wish, Kind kind, std::size_t mode, Rng& rng, Target& target) const;
  bool draw_multi(const Wish& wish, Kind kind, std::size_t mode, Rng& rng, TargetList& targets) const;
  PlaneMask some_planes(PlaneMask planes, const Wish& wish, Rng& rng) const;
  std::int32_t page_for(Kind kind, const TargetList& targets, Rng& rng) const;
  bool avoided(const Wish& wish, std::uint32_t block) const;
  bool draw_other(const Wish& wish, const OpBase& base, const OpSpec& spec, Rng& rng, TargetList& targets) const;

  const Device& device_;
  const AddressRules& rules_;
  std::uint32_t planes_;
  std::uint32_t rows_;
  StorageModes modes_;
  std::size_t categories_;
  std::vector<Pending> pending_;       ///< [block]
  std::vector<IndexSet> of_plane_;     ///< [plane * categories + category]: rows
  std::vector<PlaneMask> row_planes_;  ///< [category * rows + row]: the same once more, by rows
  std::vector<IndexSet> of_rows_;      ///< [category]: rows where two planes or more go together
};

}  // namespace nandtlm
