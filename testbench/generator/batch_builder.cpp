#include "testbench/generator/batch_builder.h"

#include <algorithm>

namespace nandtlm {
namespace {

Time ready_offset(const OpSpec& spec) {
  for (const Step& step : spec.steps) {
    if (step.state == State::CoreBusy) return step.end;
  }
  return spec.nominal;
}

}  // namespace

/// Where the growing batch stands.
struct BatchBuilder::Walk {
  Batch& batch;
  OpId array_op{};                    ///< the last op that named an address of its own
  TargetList targets;                 ///< of that op
  TargetList previous;                ///< of the array op before it
  TargetList program;                 ///< of the last program
  std::vector<std::int32_t> changed;  ///< blocks that the batch programs or erases
  Time free_at = 0;                   ///< end of the last op with states
  Time data_at = 0;                   ///< when its data can be taken

  bool is_multi() const { return targets.size() > 1; }
};

bool BatchBuilder::grow(const std::vector<SequenceStep>& steps, const Place& place, Rng& rng, Batch& batch) const {
  const Request& first = batch.requests.front();
  Walk walk{batch, first.op, first.targets, first.targets, {}, {}, 0, 0};
  const OpSpec& spec = device_.op(first.op);
  walk.free_at = first.not_before + spec.nominal;
  walk.data_at = first.not_before + ready_offset(spec);
  if (device_.base(spec.base).effects.action == Action::Program) walk.program = first.targets;
  if (changes_array(device_.base(spec.base))) note_changed(first.targets, walk);
  return add_steps(steps, place, rng, walk);
}

bool BatchBuilder::add_steps(const std::vector<SequenceStep>& steps, const Place& place, Rng& rng, Walk& walk) const {
  BaseId before = device_.op(walk.array_op).base;
  for (const SequenceStep& step : steps) {
    // A chain: cache programs and cache reads of one page after the other.
    const bool chains = step.base == before && step.inherit.page == Inherit::Page::Next;
    const std::uint64_t rounds = chains ? 1 + rng.below(generation_.max_loop) : 1;
    for (std::uint64_t i = 0; i < rounds; ++i) {
      if (!add(step, place, rng, walk)) return false;
    }
    before = step.base;
  }
  return true;
}

bool BatchBuilder::add(const SequenceStep& step, const Place& place, Rng& rng, Walk& walk) const {
  OpId op{};
  if (place.forbidden.test(index(step.base))) return false;
  if (!choose_op(step, walk, rng, op)) return false;
  TargetList targets;
  if (!choose_targets(step, op, place, rng, walk, targets)) return false;
  if (targets.size() <= 1 || device_.op(op).multi) {
    append(op, targets, place, walk);
    return true;
  }
  // A data-out, or an end of a cache read, takes one plane after the other where the read before took several.
  for (const Target& target : targets) {
    append(op, TargetList{target}, place, walk);
    if (!step.inherit.multi || !generation_.split_data_out) break;
  }
  return true;
}

bool BatchBuilder::choose_op(const SequenceStep& step, const Walk& walk, Rng& rng, OpId& op) const {
  const std::vector<OpId>& ops = sequences_.ops_of(step.base);
  const OpBase& base = device_.base(step.base);
  const bool addressed = base.effects.needs_target;
  const std::uint8_t mode = modes_.of(device_.op(walk.array_op).celltype);
  // A block that is taken over is programmed on as it was begun (EPR-02), whatever is said.
  const bool same_block = step.inherit.page == Inherit::Page::Same || step.inherit.page == Inherit::Page::Next;
  const bool same_mode = step.inherit.celltype || (base.effects.action == Action::Program && same_block);
  const auto fits = [&](OpId candidate) {
    const OpSpec& spec = device_.op(candidate);
    if (!addressed) return true;
    if (step.inherit.multi && spec.multi != walk.is_multi()) return false;
    return !same_mode || modes_.of(spec.celltype) == mode;
  };
  std::uint64_t total = 0;
  const auto weight_of = [&](OpId candidate) -> std::uint64_t {
    if (!fits(candidate)) return 0;
    if (step.name_weights.empty()) return 1;
    for (const auto& [name, weight] : step.name_weights) {
      if (name == candidate) return weight;
    }
    return 0;
  };
  for (const OpId candidate : ops) {
    total += weight_of(candidate);
    if (total != 0 && !generation_.uniform_names && step.name_weights.empty()) break;  // the first that fits
  }
  if (total == 0) return false;
  std::uint64_t drawn = rng.below(total);
  for (const OpId candidate : ops) {
    const std::uint64_t weight = weight_of(candidate);
    op = candidate;
    if (drawn < weight) return true;
    drawn -= weight;
  }
  return false;
}

bool BatchBuilder::choose_targets(const SequenceStep& step, OpId op, const Place& place, Rng& rng, Walk& walk,
                                  TargetList& targets) const {
  const OpBase& base = device_.base(step.base);
  if (step.inherit.is_register) return true;  // of the die
  switch (step.inherit.page) {
    case Inherit::Page::Same:
      targets = walk.targets;
      break;
    case Inherit::Page::Previous:
      targets = walk.previous;
      break;
    case Inherit::Page::Next:
      return next_pages(op, place, rng, walk, targets);
    case Inherit::Page::SameProgram:
      if (walk.program.empty()) return draw_fresh(step, op, place, rng, walk, targets);
      targets = walk.program;
      break;
    case Inherit::Page::Suspended:
      if (place.suspended_program == nullptr || !base.effects.reads_suspended) return false;
      targets = *place.suspended_program;
      break;
    case Inherit::Page::Fresh:
      return draw_fresh(step, op, place, rng, walk, targets);
  }
  if (base.effects.action == Action::Erase) return false;
  if (base.effects.action != Action::Read || base.effects.reads_suspended) return true;
  return std::all_of(targets.begin(), targets.end(),
                     [&](const Target& target) { return place.addresses->may_read(op, target); });
}

bool BatchBuilder::draw_fresh(const SequenceStep& step, OpId op, const Place& place, Rng& rng, Walk& walk,
                              TargetList& targets) const {
  AddressManager::Wish wish;
  wish.op = op;
  wish.plane =
      walk.targets.empty() ? static_cast<std::int32_t>(rng.below(device_.topology.planes)) : walk.targets[0].plane;
  wish.max_planes = generation_.max_planes;
  wish.avoid = &walk.changed;
  if (walk.is_multi() && step.inherit.multi) {
    for (const Target& target : walk.targets) {
      wish.exactly = static_cast<PlaneMask>(wish.exactly | (1U << static_cast<unsigned>(target.plane)));
    }
  }
  return place.addresses->draw(wish, rng, targets);
}

/// `inc_page`: the next page of the same blocks. A program behind the last page goes on in other blocks; a read behind
/// the last programmed page reads that one again.
bool BatchBuilder::next_pages(OpId op, const Place& place, Rng& rng, Walk& walk, TargetList& targets) const {
  const OpBase& base = device_.base_of(op);
  targets = walk.targets;
  for (Target& target : targets) ++target.page;
  if (base.effects.action == Action::Read) {
    const auto readable = [&](const Target& target) { return place.addresses->may_read(op, target); };
    if (!std::all_of(targets.begin(), targets.end(), readable)) targets = walk.targets;
    return std::all_of(targets.begin(), targets.end(), readable);
  }
  const auto pages = static_cast<std::int32_t>(device_.topology.pages_per_block);
  if (!targets.empty() && targets[0].page < pages) return true;
  if (base.effects.action != Action::Program) {
    targets = walk.targets;
    return true;
  }
  SequenceStep fresh;
  fresh.base = device_.op(op).base;
  fresh.inherit.multi = true;
  return draw_fresh(fresh, op, place, rng, walk, targets);
}

void BatchBuilder::append(OpId op, const TargetList& targets, const Place& place, Walk& walk) const {
  const OpSpec& spec = device_.op(op);
  const OpBase& base = device_.base(spec.base);
  Request request;
  request.op = op;
  request.die = place.die;
  request.targets = targets;
  request.source = Source::Generator;
  const bool takes_data = base.effects.action == Action::DataOut;
  request.not_before = (takes_data ? walk.data_at : walk.free_at) + device_.policies.sequence_gap;
  walk.batch.requests.push_back(request);
  if (takes_data) {
    walk.data_at = request.not_before + spec.nominal - device_.policies.sequence_gap;
    walk.free_at = std::max(walk.free_at, walk.data_at);
    return;
  }
  walk.free_at = request.not_before + spec.nominal;
  walk.data_at = request.not_before + ready_offset(spec);
  if (!base.effects.needs_target) return;
  walk.previous = walk.targets;
  walk.targets = targets;
  walk.array_op = op;
  if (base.effects.action == Action::Program) walk.program = targets;
  if (changes_array(base)) note_changed(targets, walk);
}

void BatchBuilder::note_changed(const TargetList& targets, Walk& walk) {
  for (const Target& target : targets) {
    const auto known = std::find(walk.changed.begin(), walk.changed.end(), target.block);
    if (known == walk.changed.end()) walk.changed.push_back(target.block);
  }
}

}  // namespace nandtlm
